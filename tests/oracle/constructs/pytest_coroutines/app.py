"""pytest-asyncio: coroutine tests and fixtures run on a loop, on which other tasks may be; others do not."""
import asyncio
import time

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(autouse=True)
async def others():
    task = asyncio.create_task(asyncio.sleep(60))
    yield
    task.cancel()


@pytest_asyncio.fixture
async def connection():
    time.sleep(0.001)
    yield 1
    time.sleep(0.001)


@pytest.fixture
def settings():
    time.sleep(0.001)
    yield 1
    time.sleep(0.001)


@pytest.mark.asyncio
async def test_coroutine(connection, settings):
    time.sleep(0.001)


@pytest.mark.asyncio
async def test_in_thread():
    await asyncio.to_thread(offloaded)


def offloaded():
    time.sleep(0.001)


def test_plain():
    time.sleep(0.001)
