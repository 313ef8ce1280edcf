"""trio: nurseries, threads and the way back from them."""
import time
from contextlib import asynccontextmanager

import trio


async def child():
    time.sleep(0.001)


def offloaded():
    time.sleep(0.001)


def back_on_loop():
    time.sleep(0.001)


async def back_as_coroutine():
    time.sleep(0.001)


def hands_back():
    time.sleep(0.001)
    trio.from_thread.run_sync(back_on_loop)
    trio.from_thread.run(back_as_coroutine)


async def server(task_status=trio.TASK_STATUS_IGNORED):
    time.sleep(0.001)
    task_status.started()


@asynccontextmanager
async def surrounding():
    time.sleep(0.001)
    yield
    time.sleep(0.001)


def helper():
    time.sleep(0.001)


async def receive(channel):
    async for item in channel:
        time.sleep(item)


async def main():
    send, received = trio.open_memory_channel(1)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(child)
        nursery.start_soon(receive, received)
        await nursery.start(server)
        await trio.to_thread.run_sync(offloaded)
        await trio.to_thread.run_sync(hands_back)
        async with surrounding():
            helper()
        await send.send(0.001)
        await send.aclose()
