"""anyio on asyncio: task groups, threads, and the ways back from them."""
import time

import anyio
from anyio import from_thread, to_process, to_thread
from anyio.abc import TaskStatus


async def started():
    time.sleep(0.001)


async def ready(*, task_status: TaskStatus[None]):
    time.sleep(0.001)
    task_status.started()


def worker():
    time.sleep(0.001)
    from_thread.run(back)
    from_thread.run_sync(back_def)


async def back():
    time.sleep(0.001)


def back_def():
    time.sleep(0.001)


def limited(word):
    time.sleep(0.001)


def abandoned():
    time.sleep(0.001)


def file_opened():
    time.sleep(0.001)
    return __file__


async def main():
    async with anyio.create_task_group() as group:
        group.start_soon(started)
        await group.start(ready)
    await to_thread.run_sync(worker)
    await to_thread.run_sync(limited, "word", limiter=anyio.CapacityLimiter(1))
    await to_thread.run_sync(abandoned, abandon_on_cancel=True)
    async with await anyio.open_file(file_opened()) as file:
        await file.read()
    with anyio.move_on_after(1):
        time.sleep(0.001)
