"""What a connection costs that is held across an await (LAG301), beside its remedies.

Needs FastAPI and SQLAlchemy 2: `python docs/measure/held_connections.py`. Each row serves 20 requests at
once with a pool of 5 + 10 connections on SQLite that answers after 20 ms; who finds none free waits for 2 s.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

ANSWER = 0.02
WAITING = 0.1
FOLDER = tempfile.TemporaryDirectory()
engine = create_engine(
    f"sqlite:///{Path(FOLDER.name)}/names.db",
    connect_args={"check_same_thread": False},
    poolclass=QueuePool,
    pool_size=5,
    max_overflow=10,
    pool_timeout=2,
)
SessionLocal = sessionmaker(engine)
app = FastAPI()


@event.listens_for(engine, "connect")
def add_slow_function(connection: Any, record: object) -> None:
    connection.create_function("answer", 0, lambda: time.sleep(ANSWER))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


Db = Annotated[Session, Depends(get_db)]


def query(db: Session) -> None:
    db.execute(text("select answer()")).all()


def query_in_own_session() -> None:
    with SessionLocal() as db:
        query(db)


@app.get("/held")
async def held(db: Db) -> None:
    query(db)
    await asyncio.sleep(WAITING)


@app.get("/committed")
async def committed(db: Db) -> None:
    query(db)
    db.commit()
    await asyncio.sleep(WAITING)


@app.get("/own-session-in-a-thread")
async def own_session_in_a_thread() -> None:
    await run_in_threadpool(query_in_own_session)
    await asyncio.sleep(WAITING)


@app.get("/def")
def in_a_def() -> None:
    query_in_own_session()
    time.sleep(WAITING)


# ------------------------------------------------------------------------------ measuring


async def request(path: str) -> int:
    """The status with which the application answers, 500 if it raises."""
    status = 500
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
        "raw_path": path.encode(), "query_string": b"", "headers": [], "scheme": "http", "server": ("x", 80),
    }  # fmt: skip

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    try:
        await app(scope, receive, send)
    except Exception:
        return 500
    return status


async def measure(path: str, requests: int) -> None:
    """Serve requests at once, and print for how long at most the loop gave nobody a turn."""
    longest, last, began = 0.0, time.perf_counter(), time.perf_counter()

    async def beat() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    heart = asyncio.create_task(beat())
    statuses = await asyncio.gather(*(request(path) for _ in range(requests)))
    await asyncio.sleep(0.002)
    heart.cancel()
    failed = sum(status >= 500 for status in statuses)
    seconds = time.perf_counter() - began
    rest = f"{failed:3} of {requests} failed  {seconds:6.2f} s in all"
    print(f"{path:28} longest freeze {longest:6.2f} s  {rest}")


async def everything() -> None:
    for path in ("held", "committed", "own-session-in-a-thread", "def"):
        await measure(f"/{path}", 20)


def main() -> None:
    logging.disable(logging.CRITICAL)
    asyncio.run(everything())
    engine.dispose()


if __name__ == "__main__":
    main()
