"""What the scripts here measure with: how long the event loop stands still while something runs.

A heartbeat asks for a turn every millisecond; the longest time between two turns is the gap.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


async def gap_of(work: Callable[[], Awaitable[object]]) -> float:
    """Await some work and give the longest time, in seconds, in which the loop gave nobody a turn."""
    longest, last, is_over = 0.0, time.perf_counter(), False

    async def beat() -> None:
        nonlocal longest, last
        while not is_over:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0.02)
    longest = 0.0
    try:
        await work()
    finally:
        await asyncio.sleep(0.005)
        is_over = True
        await heart
    return longest


def show(name: str, seconds: float) -> None:
    """Print one row."""
    print(f"{name:<52} loop stands still for {seconds * 1000:8.1f} ms")
