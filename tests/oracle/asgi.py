"""A client for ASGI applications that runs them on the caller's event loop, as a server does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]


@asynccontextmanager
async def serving(application: Application) -> AsyncIterator[None]:
    """Between start-up and shutdown of an application."""
    received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task = asyncio.ensure_future(application(scope, received.get, sent.put))
    await received.put({"type": "lifespan.startup"})
    message = await sent.get()
    assert message["type"] == "lifespan.startup.complete", message
    yield
    await received.put({"type": "lifespan.shutdown"})
    message = await sent.get()
    assert message["type"] == "lifespan.shutdown.complete", message
    await task


async def request(
    application: Application, path: str, method: str = "GET", body: bytes = b"", kind: str = "application/json"
) -> tuple[int, bytes]:
    """Send one request; returns the status and the whole body of the response."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": method, "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "server": ("test", 80), "client": ("client", 1), "state": {},
        "headers": [(b"host", b"test"), (b"content-type", kind.encode()),
                    (b"content-length", str(len(body)).encode())],
    }  # fmt: skip
    pending = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []
    answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if pending:
            return pending.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            answered.set()

    try:
        await application(scope, receive, send)
    except Exception:
        if not sent:  # an error handler of status 500 answers, and raises for the server's log
            return 500, b""
    start = next(message for message in sent if message["type"] == "http.response.start")
    return start["status"], b"".join(message.get("body", b"") for message in sent)


async def visit(application: Application, *paths: str) -> None:
    """Start an application, get some paths, each of which has to answer with 200, and shut it down."""
    async with serving(application):
        for path in paths:
            status, body = await request(application, path)
            assert status == 200, (path, status, body)


async def websocket(application: Application, path: str, *texts: str) -> list[dict[str, Any]]:
    """Open a websocket, send some texts, close it; returns what the application sent."""
    scope = {
        "type": "websocket", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "scheme": "ws", "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "server": ("test", 80), "client": ("client", 1), "headers": [(b"host", b"test")],
        "subprotocols": [], "state": {},
    }  # fmt: skip
    pending: list[dict[str, Any]] = [{"type": "websocket.connect"}]
    pending += [{"type": "websocket.receive", "text": text} for text in texts]
    pending.append({"type": "websocket.disconnect", "code": 1000})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return pending.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    try:
        await application(scope, receive, send)
    except Exception as error:
        sent.append({"type": "error", "error": error})
    return sent
