"""How long loops in Python take, and which remedies leave the event loop its turns (LAG109).

Needs nothing but Python: `python docs/measure/cpu_loops.py`.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ProcessPoolExecutor

from loop_gap import gap_of, show

MANY = 20_000_000


def empty(rounds: int) -> None:
    for _ in range(rounds):
        pass


def adding(rounds: int) -> None:
    total = 0
    for number in range(rounds):
        total += number


def multiplying(rounds: int) -> None:
    total = 0
    for number in range(rounds):
        total += number * number % 7


def counting(rounds: int) -> None:
    count = 0
    while count < rounds:
        count += 1


async def on_loop() -> None:
    empty(MANY)


async def with_turns() -> None:
    for _ in range(MANY // 10_000):
        empty(10_000)
        await asyncio.sleep(0)


async def nothing() -> None:
    pass


async def awaiting_nothing() -> None:
    for _ in range(MANY // 10_000):
        empty(10_000)
        await nothing()


async def main() -> None:
    for function, steps in ((empty, 1), (adding, 2), (counting, 2), (multiplying, 3)):
        began = time.perf_counter()
        function(MANY // 10)
        each = (time.perf_counter() - began) / (MANY // 10) * 1e9
        print(f"{function.__name__:<14} {each:6.1f} ns a round, {each / steps:5.1f} ns a step")
    show(f"{MANY:,} rounds on the loop", await gap_of(on_loop))
    show("awaiting a coroutine that never suspends", await gap_of(awaiting_nothing))
    show("await asyncio.sleep(0) every 10,000 rounds", await gap_of(with_turns))
    show("in a thread", await gap_of(lambda: asyncio.to_thread(empty, MANY)))
    with ProcessPoolExecutor(1) as pool:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(pool, empty, 1)
        show("in a process", await gap_of(lambda: asyncio.wrap_future(pool.submit(empty, MANY))))


if __name__ == "__main__":
    asyncio.run(main())
