"""arq: tasks and hooks of a worker are coroutines on its loop."""
import asyncio
import time


async def task(context):
    time.sleep(0.001)


def offloaded():
    time.sleep(0.001)


async def task_in_thread(context):
    await asyncio.to_thread(offloaded)


async def on_startup(context):
    time.sleep(0.001)


class WorkerSettings:
    functions = [task, task_in_thread]
    on_startup = on_startup
