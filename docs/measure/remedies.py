"""What the remedies save (LAG501–LAG503, LAG601, LAG903), and what fails in FastAPI (LAG406).

Needs nothing but Python; LAG406 is left out without FastAPI: `python docs/measure/remedies.py`.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from loop_gap import gap_of, show


def load() -> None:
    time.sleep(0.05)


async def endpoint() -> None:
    load()


async def fake_async() -> None:
    load()


async def awaits_fake() -> None:
    await fake_async()


async def at_once(count: int, call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(count)))
    return time.perf_counter() - began


async def offloaded(pool: ThreadPoolExecutor) -> None:
    await asyncio.get_running_loop().run_in_executor(pool, time.sleep, 0.05)


async def imports() -> None:
    importlib.import_module("measured_module")


def fails_in_fastapi() -> str:
    """How many of ten requests are answered by 500 if a dependency is a context manager."""
    from contextlib import contextmanager

    from fastapi import Depends, FastAPI
    from fastapi.testclient import TestClient

    app = FastAPI()

    @contextmanager
    def get_db():  # type: ignore[no-untyped-def]
        yield 1

    @app.get("/")
    def read(db=Depends(get_db)):  # type: ignore[no-untyped-def] # noqa: B008
        return db

    client = TestClient(app, raise_server_exceptions=False)
    failed = sum(client.get("/").status_code == 500 for _ in range(10))
    return f"{failed} of 10 requests are answered by HTTP 500"


async def main() -> None:
    print(f"LAG501 ten async def endpoints at once {await at_once(10, endpoint):.2f} s,", end=" ")
    print(f"as def in threads {await at_once(10, lambda: asyncio.to_thread(load)):.2f} s")
    show("LAG502 a def that the loop calls", await gap_of(endpoint))
    show("LAG503 await of a coroutine that only blocks", await gap_of(awaits_fake))
    with ThreadPoolExecutor(40) as pool:
        by_threads = await at_once(200, lambda: offloaded(pool))
    print(f"LAG601 200 sleeps of 50 ms by 40 threads {by_threads:.2f} s,", end=" ")
    print(f"by asyncio.sleep {await at_once(200, lambda: asyncio.sleep(0.05)):.2f} s")
    folder = tempfile.mkdtemp()
    Path(folder, "measured_module.py").write_text("import time\ntime.sleep(0.2)\n")
    sys.path.insert(0, folder)
    show("LAG903 the first import of a module that loads data", await gap_of(imports))
    show("       every later one", await gap_of(imports))


asyncio.run(main())
try:
    print(f"LAG406 a dependency that is a context manager: {fails_in_fastapi()}")
except ImportError:
    print("LAG406 needs FastAPI and httpx")
