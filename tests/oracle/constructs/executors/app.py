"""Executors of all kinds: subclasses, default ones, what they give back, one that runs in place."""
import asyncio
import functools
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from multiprocessing.pool import ThreadPool


class Named(ThreadPoolExecutor):
    def __init__(self):
        super().__init__(1, thread_name_prefix="named", initializer=started)


class Inline(Executor):
    """Runs in place."""

    def submit(self, function, *args, **kwargs):
        future = Future()
        future.set_result(function(*args, **kwargs))
        return future


class Logged(ThreadPoolExecutor):
    def submit(self, function, *args, **kwargs):
        time.sleep(0.001)
        return super().submit(self._run, function, *args, **kwargs)

    def _run(self, function, *args, **kwargs):
        time.sleep(0.001)
        return function(*args, **kwargs)


def started():
    time.sleep(0.001)


def named():
    time.sleep(0.001)


def inline():
    time.sleep(0.001)


def inline_by_loop():
    time.sleep(0.001)


def logged():
    time.sleep(0.001)


def default():
    time.sleep(0.001)


def pooled(number):
    time.sleep(0.001)


def pooled_callback(result):
    time.sleep(0.001)


def submitted(number):
    time.sleep(0.001)


def finished(future):
    time.sleep(0.001)


def by_partial(word):
    time.sleep(0.001)


class Store:
    def __init__(self):
        self.pool = ThreadPoolExecutor(1)

    def _read(self):
        time.sleep(0.001)

    async def read(self):
        return await asyncio.wrap_future(self.pool.submit(self._read))

    def begin(self, function):
        return self.pool.submit(function)

    async def finish(self, function):
        return await asyncio.wrap_future(self.begin(function))


def by_store():
    time.sleep(0.001)


def collected(number):
    time.sleep(0.001)


def collect():
    with ThreadPoolExecutor(1) as pool:
        for future in as_completed([pool.submit(collected, 1)]):
            time.sleep(0.001)
            future.result()


class Worker(threading.Thread):
    def __init__(self, function):
        super().__init__(daemon=True)
        self.function = function

    def run(self):
        time.sleep(0.001)
        self.function()


def by_worker():
    time.sleep(0.001)


async def main():
    loop = asyncio.get_running_loop()
    pool = Named()
    await loop.run_in_executor(pool, named)
    Inline().submit(inline)
    await loop.run_in_executor(Inline(), inline_by_loop)
    await asyncio.wrap_future(Logged(1).submit(logged))
    loop.set_default_executor(ThreadPoolExecutor(1))
    await loop.run_in_executor(None, default)
    threads = ThreadPool(1)
    threads.apply_async(pooled, (1,), callback=pooled_callback)
    future = pool.submit(submitted, 1)
    future.add_done_callback(finished)
    await asyncio.wrap_future(future)
    await loop.run_in_executor(None, functools.partial(by_partial, word="word"))
    store = Store()
    await store.read()
    await store.finish(by_store)
    await asyncio.to_thread(collect)
    worker = Worker(by_worker)
    worker.start()
    while worker.is_alive():
        await asyncio.sleep(0.01)
