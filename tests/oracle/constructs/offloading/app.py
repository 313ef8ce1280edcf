"""What hands work to other threads, what its other arguments do, and the ways back to the loop."""
import asyncio
import functools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import anyio
import anyio.from_thread
import anyio.to_thread
import asyncer
from asgiref.sync import async_to_sync, sync_to_async
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

pool = ThreadPoolExecutor(1)


def to_thread():
    time.sleep(0.001)


def to_executor():
    time.sleep(0.001)


def to_own_executor():
    time.sleep(0.001)


def submitted():
    time.sleep(0.001)


def mapped(item):
    time.sleep(0.001)


def to_anyio():
    time.sleep(0.001)


def to_threadpool():
    time.sleep(0.001)


def to_asgiref():
    time.sleep(0.001)


@sync_to_async
def decorated():
    time.sleep(0.001)


def to_asyncer():
    time.sleep(0.001)


def target():
    time.sleep(0.001)


class Timed(threading.Thread):
    def run(self):
        time.sleep(0.001)


def partial(word):
    time.sleep(0.001)


class Repository:
    def find(self):
        time.sleep(0.001)

    @property
    def path(self):
        time.sleep(0.001)
        return "path"


def argument():
    time.sleep(0.001)
    return 1


def takes(value):
    time.sleep(0.001)


def called_at_once():
    time.sleep(0.001)
    return to_thread


def rows():
    time.sleep(0.001)
    yield 1


def rows_in_pool():
    time.sleep(0.001)
    yield 1


@contextmanager
def managed():
    time.sleep(0.001)
    yield
    time.sleep(0.001)


async def home():
    time.sleep(0.001)


def goes_home():
    anyio.from_thread.run(home)


async def home_by_asgiref():
    time.sleep(0.001)


def goes_home_by_asgiref():
    async_to_sync(home_by_asgiref)()


def called_on_loop():
    time.sleep(0.001)


def calls_on_loop():
    anyio.from_thread.run_sync(called_on_loop)


async def offload(function, *args):
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(function, *args))


def by_wrapper(word):
    time.sleep(0.001)


def offloaded(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await asyncio.to_thread(function, *args, **kwargs)

    return wrapper


@offloaded
def by_decorator():
    time.sleep(0.001)


def wrapped_badly(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@wrapped_badly
def by_bad_decorator():
    time.sleep(0.001)


async def main():
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(to_thread)
    await loop.run_in_executor(None, to_executor)
    await loop.run_in_executor(pool, to_own_executor)
    await asyncio.wrap_future(pool.submit(submitted))
    pool.map(mapped, [1])
    await anyio.to_thread.run_sync(to_anyio)
    await run_in_threadpool(to_threadpool)
    await sync_to_async(to_asgiref)()
    await decorated()
    await asyncer.asyncify(to_asyncer)()
    threading.Thread(target=target).start()
    Timed().start()
    await asyncio.to_thread(functools.partial(partial, "word"))
    await asyncio.to_thread(lambda: time.sleep(0.001))
    repository = Repository()
    await asyncio.to_thread(repository.find)
    await asyncio.to_thread(takes, repository.path)
    await asyncio.to_thread(takes, argument())
    await run_in_threadpool(called_at_once())
    for _ in await asyncio.to_thread(rows):
        pass
    async for _ in iterate_in_threadpool(rows_in_pool()):
        pass
    async with contextmanager_in_threadpool(managed()):
        time.sleep(0.001)
    await anyio.to_thread.run_sync(goes_home)
    await sync_to_async(goes_home_by_asgiref)()
    await anyio.to_thread.run_sync(calls_on_loop)
    await offload(by_wrapper, "word")
    await by_decorator()
    await by_bad_decorator()
