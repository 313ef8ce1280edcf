"""Iterators and context managers: made in one place, stepped through in another."""
import asyncio
import time
from contextlib import asynccontextmanager, contextmanager

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool


def rows():
    time.sleep(0.001)
    yield 1


def rows_in_thread():
    time.sleep(0.001)
    yield 1


def rows_listed_in_thread():
    time.sleep(0.001)
    yield 1


def rows_by_next():
    time.sleep(0.001)
    yield 1


async def rows_async():
    time.sleep(0.001)
    yield 1


async def wraps_rows():
    for row in rows_of_wrapped():
        yield row


def rows_of_wrapped():
    time.sleep(0.001)
    yield 1


class Cursor:
    def __init__(self):
        self.left = 2

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.left -= 1
        if not self.left:
            raise StopAsyncIteration
        return self.fetch()

    def fetch(self):
        time.sleep(0.001)
        return 1


class OffCursor(Cursor):
    async def __anext__(self):
        self.left -= 1
        if not self.left:
            raise StopAsyncIteration
        return await asyncio.to_thread(self.fetch_in_thread)

    def fetch_in_thread(self):
        time.sleep(0.001)
        return 1


@contextmanager
def opened():
    time.sleep(0.001)
    yield 1


@contextmanager
def opened_in_thread():
    time.sleep(0.001)
    yield 1


def uses_in_thread():
    with opened_in_thread():
        time.sleep(0.001)


@asynccontextmanager
async def opened_async():
    time.sleep(0.001)
    yield 1
    time.sleep(0.001)


@asynccontextmanager
async def transaction():
    await asyncio.to_thread(begin)
    try:
        yield
    finally:
        await asyncio.to_thread(commit)


def begin():
    time.sleep(0.001)


def commit():
    time.sleep(0.001)


def inside():
    time.sleep(0.001)


class Lazy:
    @property
    def value(self):
        time.sleep(0.001)
        return 1

    @property
    def value_in_thread(self):
        time.sleep(0.001)
        return 1


async def main():
    for _ in rows():
        pass
    async for _ in iterate_in_threadpool(rows_in_thread()):
        pass
    await run_in_threadpool(list, rows_listed_in_thread())
    await asyncio.to_thread(next, rows_by_next())
    assert [row async for row in rows_async()]
    async for _ in wraps_rows():
        pass
    async for _ in Cursor():
        pass
    async for _ in OffCursor():
        pass
    with opened():
        pass
    await run_in_threadpool(uses_in_thread)
    async with opened_async():
        pass
    async with transaction():
        inside()
    lazy = Lazy()
    assert lazy.value
    await asyncio.to_thread(lambda: lazy.value_in_thread)
