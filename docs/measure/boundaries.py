"""What the mistakes at the boundary to threads cost (LAG401–LAG405), and work at startup (LAG110).

Needs nothing but Python: `python docs/measure/boundaries.py`.
"""

from __future__ import annotations

import asyncio
import functools
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from loop_gap import gap_of, show

warnings.simplefilter("ignore", RuntimeWarning)  # "was never awaited" is what is shown here


def load() -> None:
    time.sleep(0.1)


def rows() -> Iterator[int]:
    for number in range(5):
        time.sleep(0.05)
        yield number


async def called_not_passed() -> None:
    try:
        await asyncio.to_thread(load())  # type: ignore[arg-type, func-returns-value]
    except TypeError as error:
        print(f"  ({error})")


async def lazy_result() -> None:
    for _ in await asyncio.to_thread(rows):
        pass


async def gone_through_in_thread() -> None:
    await asyncio.to_thread(lambda: list(rows()))


async def coroutine_in_thread() -> int:
    done = []

    async def send() -> None:
        done.append(1)

    for _ in range(100):
        await asyncio.to_thread(send)
    return len(done)


async def nested() -> int:
    refused = 0
    for _ in range(100):
        coroutine = asyncio.sleep(0)
        try:
            asyncio.run(coroutine)
        except RuntimeError:
            refused += 1
            coroutine.close()
    return refused


def moved(function: Callable[[], None]) -> Callable[[], Any]:
    @functools.wraps(function)
    async def wrapper() -> None:
        function()

    return wrapper


async def ten_at_once(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(10)))
    return time.perf_counter() - began


async def start_up(serving: bool) -> float:
    """How long the first request waits, if 0.5 s of work comes before serving or beside it."""
    if not serving:
        time.sleep(0.5)
    began = time.perf_counter()
    request = asyncio.create_task(asyncio.sleep(0))
    if serving:
        time.sleep(0.5)
    await request
    return time.perf_counter() - began


async def main() -> None:
    show("LAG401 to_thread(load())", await gap_of(called_not_passed))
    show("       to_thread(load)", await gap_of(lambda: asyncio.to_thread(load)))
    print(f"LAG402 to_thread(send), 100 times: {await coroutine_in_thread()} of 100 messages were sent")
    show("LAG403 a generator made in a thread", await gap_of(lazy_result))
    show("       gone through in the thread", await gap_of(gone_through_in_thread))
    print(f"LAG404 asyncio.run() in a coroutine, 100 times: {await nested()} of 100 refused")
    on_loop, in_threads = await ten_at_once(moved(load)), await ten_at_once(lambda: asyncio.to_thread(load))
    print(f"LAG405 ten calls of a moved def at once {on_loop:.2f} s, in threads {in_threads:.2f} s")
    before, beside = await start_up(serving=False), await start_up(serving=True)
    print(f"LAG110 0.5 s of work: a request waits {before:.2f} s behind it, {beside:.2f} s beside it")


asyncio.run(main())
