"""What happens to an event loop if a coroutine waits while it holds a lock of threads (LAG302).

Needs nothing but Python: `python docs/measure/held_locks.py`.
"""

from __future__ import annotations

import asyncio
import threading
import time


async def with_thread_lock(lock: threading.Lock, inside: list[int]) -> None:
    # Without the timeout nobody would ever come back.
    if not lock.acquire(timeout=1):
        raise TimeoutError
    try:
        await within(inside)
    finally:
        lock.release()


async def with_recursive_lock(lock: threading.RLock, inside: list[int]) -> None:
    with lock:
        await within(inside)


async def with_asyncio_lock(lock: asyncio.Lock, inside: list[int]) -> None:
    async with lock:
        await within(inside)


async def with_lock_released(lock: threading.Lock, inside: list[int]) -> None:
    with lock:
        inside.append(1)
        inside.pop()
    await asyncio.sleep(0.05)


async def within(inside: list[int]) -> None:
    inside.append(1)
    together.append(len(inside))
    await asyncio.sleep(0.05)
    inside.pop()


together: list[int] = []


async def measure(name: str, worker: object, lock: object) -> None:
    """Run two of them at once; print how long the loop stood still, and how many were inside together."""
    longest, last = 0.0, time.perf_counter()

    async def beat() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    heart = asyncio.create_task(beat())
    inside: list[int] = []
    together.clear()
    results = await asyncio.gather(
        worker(lock, inside), worker(lock, inside), return_exceptions=True  # type: ignore[operator]
    )
    await asyncio.sleep(0.002)
    heart.cancel()
    failed = sum(isinstance(result, Exception) for result in results)
    most = max(together, default=1)
    print(f"{name:36} longest freeze {longest:5.2f} s  {failed} of 2 failed  {most} inside at once")


async def main() -> None:
    await measure("threading.Lock across await", with_thread_lock, threading.Lock())
    await measure("threading.RLock across await", with_recursive_lock, threading.RLock())
    await measure("asyncio.Lock across await", with_asyncio_lock, asyncio.Lock())
    await measure("threading.Lock, released before", with_lock_released, threading.Lock())


if __name__ == "__main__":
    asyncio.run(main())
