"""More of anyio: partials and methods in task groups, limiters, streams, portals kept for later."""
import functools
import time

import anyio
from anyio import create_memory_object_stream, from_thread, to_thread


class Service:
    def __init__(self):
        self.limiter = anyio.CapacityLimiter(2)

    async def run(self, function, *args):
        return await to_thread.run_sync(functools.partial(function, *args), limiter=self.limiter)

    async def work(self, word):
        self.check(word)
        await self.run(self.load, word)

    def check(self, word):
        time.sleep(0.001)

    def load(self, word):
        time.sleep(0.001)

    async def serve(self, *, task_status=anyio.TASK_STATUS_IGNORED):
        time.sleep(0.001)
        task_status.started()


async def by_partial(word, *, other):
    time.sleep(0.001)


async def produce(send):
    async with send:
        await send.send(made())


def made():
    time.sleep(0.001)
    return 1


async def consume(receive):
    async with receive:
        async for item in receive:
            handle(item)


def handle(item):
    time.sleep(0.001)


def reports(portal):
    time.sleep(0.001)
    portal.call(reported)
    portal.call(functools.partial(reported_with, "word"))


def reported():
    time.sleep(0.001)


async def reported_with(word):
    time.sleep(0.001)


def with_token():
    from_thread.run(anyio.sleep, 0)
    time.sleep(0.001)


async def cancelled():
    with anyio.CancelScope(shield=True):
        cleaned()


def cleaned():
    time.sleep(0.001)


async def in_other_loop():
    time.sleep(0.001)


def other_loop():
    anyio.run(in_other_loop)


async def main():
    service = Service()
    async with anyio.create_task_group() as group:
        group.start_soon(service.work, "word")
        group.start_soon(functools.partial(by_partial, "word", other="word"))
        group.start_soon(cancelled, name="task")
        await group.start(service.serve)
        send, receive = create_memory_object_stream(1)
        group.start_soon(produce, send)
        group.start_soon(consume, receive)
    async with from_thread.BlockingPortal() as portal:
        await to_thread.run_sync(reports, portal)
    await to_thread.run_sync(with_token)
    await to_thread.run_sync(other_loop)
    await to_thread.run_sync(lambda: time.sleep(0.001))
