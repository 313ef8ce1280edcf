"""More ways to other threads: contexts, own pools, timers, classes and attributes."""
import asyncio
import contextvars
import functools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

helpers = SimpleNamespace(to_thread=asyncio.to_thread)
context_utils = SimpleNamespace()


def in_context():
    time.sleep(0.001)


def by_attribute():
    time.sleep(0.001)


def with_pool():
    time.sleep(0.001)


def timed():
    time.sleep(0.001)


class Worker:
    def __init__(self):
        self._pool = ThreadPoolExecutor(1)

    async def run(self, function, *args):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, functools.partial(function, *args))

    def load(self):
        time.sleep(0.001)

    async def loaded(self):
        return await self.run(self.load)

    async def loaded_badly(self):
        return self.load_badly()

    def load_badly(self):
        time.sleep(0.001)


def after(delay):
    def decorator(function):
        def wrapper(*args):
            threading.Timer(delay, function, args).start()

        return wrapper

    return decorator


@after(0)
def delayed(word):
    time.sleep(0.001)


async def sequence(step):
    for each in step:
        await asyncio.to_thread(each)


def first_step():
    time.sleep(0.001)


def second_step():
    time.sleep(0.001)


async def main():
    context = contextvars.copy_context()
    await asyncio.to_thread(context.run, in_context)
    await helpers.to_thread(by_attribute)
    with ThreadPoolExecutor(1) as inner:
        await asyncio.wrap_future(inner.submit(with_pool))
    threading.Timer(0, timed).start()
    worker = Worker()
    await worker.loaded()
    await worker.loaded_badly()
    delayed("word")
    await sequence([first_step, second_step])
