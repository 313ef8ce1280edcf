"""The entry points of findings: through which routes, tasks and callbacks the loop gets there."""

from __future__ import annotations

from textwrap import dedent

import pytest

from blocklint.analysis import analyze_sources
from blocklint.model import Finding
from blocklint.rules.codes import ON_DEMAND
from blocklint.settings import Settings

ALL = Settings(select=("LAG",), ignore=tuple(sorted(ON_DEMAND)))


def findings(**texts: str) -> tuple[Finding, ...]:
    return analyze_sources({f"{name}.py": dedent(text) for name, text in texts.items()}, ALL).findings


def ways(text: str) -> list[list[str]]:
    """The kinds and names of the entry points, finding by finding."""
    return [[f"{e.kind} {e.name}" for e in finding.entry_points] for finding in findings(main=text)]


FASTAPI = """
import asyncio, time
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI
app = FastAPI()
router = APIRouter(prefix="/r")
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            """
            async def shared():
                time.sleep(1)
            @router.get("/a")
            async def a():
                await shared()
            @app.post("/b")
            async def b():
                await shared()
            @app.get("/c")
            async def c(): ...
            app.include_router(router, prefix="/v1")
            """,
            [["route GET /v1/r/a", "route POST /b"]],
            id="the routes that await a coroutine",
        ),
        pytest.param(
            """
            from pydantic import BaseModel, field_validator
            class Item(BaseModel):
                name: str
                @field_validator("name")
                def known(cls, value):
                    time.sleep(1)
            @app.post("/a")
            def a(item: Item): ...
            @app.post("/b")
            def b(items: list[Item]): ...
            @app.get("/c")
            def c(name: str): ...
            """,
            [["route POST /a", "route POST /b"]],
            id="the routes whose models are validated, though their endpoints run in threads",
        ),
        pytest.param(
            """
            import anyio
            from asgiref.sync import async_to_sync
            loop = None
            async def first():
                time.sleep(1)
            async def second():
                time.sleep(1)
            async def third():
                time.sleep(1)
            @app.get("/a")
            def a():
                asyncio.run_coroutine_threadsafe(first(), loop)
            @app.get("/b")
            def b():
                anyio.from_thread.run(second)
            @app.get("/c")
            def c():
                async_to_sync(third)()
            @app.get("/d")
            def d():
                time.sleep(1)
            """,
            [["route GET /a", "task first"], ["route GET /b", "task second"], ["route GET /c", "task third"]],
            id="the routes that hand a coroutine back from their threads",
        ),
        pytest.param(
            """
            from contextlib import contextmanager
            @contextmanager
            def session():
                yield 1
            def current(session=Depends(session)):
                return session
            @app.get("/a")
            async def a(x=Depends(session)): ...
            @app.get("/b")
            def b(x=Depends(current)): ...
            @app.get("/c", dependencies=[Depends(current)])
            def c(): ...
            @app.get("/d")
            def d(): ...
            """,
            [["route GET /b", "route GET /c"], ["route GET /a"]],
            id="the routes that depend on what fails, in whatever thread they run",
        ),
        pytest.param(
            """
            async def provider():
                time.sleep(1)
            @app.get("/a")
            async def a(x=Depends(provider)): ...
            @app.get("/b")
            def b(x=Depends(provider)): ...
            @app.get("/c", dependencies=[Depends(provider)])
            def c(): ...
            @router.get("/d")
            def d(): ...
            app.include_router(router, dependencies=[Depends(provider)])
            """,
            [["route GET /a", "route GET /b", "route GET /c", "route GET /r/d"]],
            id="the routes that depend on a coroutine",
        ),
        pytest.param(
            """
            @app.websocket("/ws")
            async def live(socket):
                time.sleep(1)
            @app.middleware("http")
            async def around(request, call_next):
                time.sleep(1)
            @app.exception_handler(ValueError)
            async def failed(request, error):
                time.sleep(1)
            """,
            [["websocket /ws"], ["middleware around"], ["exception-handler failed"]],
            id="what else an application calls",
        ),
        pytest.param(
            """
            from starlette.middleware.base import BaseHTTPMiddleware
            class Dispatching(BaseHTTPMiddleware):
                async def dispatch(self, request, call_next):
                    time.sleep(1)
            class Plain:
                async def __call__(self, scope, receive, send):
                    time.sleep(1)
            app.add_middleware(Plain)
            """,
            [["middleware Dispatching"], ["middleware Plain"]],
            id="classes that are middlewares",
        ),
        pytest.param(
            """
            async def work():
                time.sleep(1)
            def called():
                time.sleep(1)
            async def main():
                asyncio.create_task(work())
                asyncio.get_running_loop().call_soon(called)
            asyncio.run(main())
            """,
            [["task work", "main main"], ["callback called", "main main"]],
            id="tasks, callbacks and the program",
        ),
        pytest.param(
            """
            async def helper():
                time.sleep(1)
            @app.on_event("startup")
            async def begin():
                await helper()
            @app.get("/a")
            async def a():
                await helper()
            """,
            [["route GET /a", "startup begin"]],
            id="startup beside a route",
        ),
        pytest.param(
            """
            async def nobody():
                time.sleep(1)
            """,
            [[]],
            id="a coroutine that nobody is seen to call",
        ),
        pytest.param(
            """
            def plain():
                time.sleep(1)
            async def one():
                plain()
            @app.get("/a")
            async def a():
                await asyncio.to_thread(plain)
                await one()
            @app.get("/b")
            async def b():
                await asyncio.to_thread(plain)
            """,
            [["route GET /a"]],
            id="what goes into a thread leads to no finding",
        ),
        pytest.param(
            """
            def wrap(f):
                async def inner():
                    return f()
                return inner
            def slow():
                time.sleep(1)
            def quick(): ...
            @app.get("/slow")
            @wrap
            def a():
                time.sleep(1)
            @app.get("/quick")
            @wrap
            def b(): ...
            """,
            [["route GET /slow"], ["route GET /slow"]],  # the call, and the decorator (LAG405)
            id="a wrapper around several handlers is told apart",
        ),
    ],
)
def test_entry_points(text: str, expected: list[list[str]]) -> None:
    assert ways(FASTAPI + dedent(text)) == expected


def test_what_an_entry_point_says() -> None:
    text = FASTAPI + "@app.get('/a')\nasync def a():\n    time.sleep(1)\n"
    (finding,) = findings(main=text)
    (entry,) = finding.entry_points
    assert (entry.kind, entry.name, entry.function, entry.path, entry.line) == ("route", "GET /a", "main:a", "main.py", 7)


def test_handlers_of_other_libraries() -> None:
    text = """
    import time
    import socketio
    server = socketio.AsyncServer()
    @server.on("usage")
    async def usage(sid):
        time.sleep(1)
    @server.event
    def connect(sid):
        time.sleep(1)
    """
    assert ways(text) == [["handler usage"], ["handler connect"]]


def test_at_most_twenty_are_named() -> None:
    routes = "".join(f"@app.get('/{n:02}')\nasync def f{n}():\n    await shared()\n" for n in range(30))
    (finding,) = findings(main=f"{FASTAPI}async def shared():\n    time.sleep(1)\n{routes}")
    assert [entry.name for entry in finding.entry_points] == [f"GET /{n:02}" for n in range(20)]
    assert finding.entry_points_total == 30


def test_the_order_of_files_does_not_matter() -> None:
    texts = {
        "main": "from fastapi import FastAPI\nimport one, two\napp = FastAPI()\napp.include_router(two.router, prefix='/2')\napp.include_router(one.router, prefix='/1')\n",
        "one": "from fastapi import APIRouter\nfrom shared import slow\nrouter = APIRouter()\n@router.get('/')\nasync def f():\n    await slow()\n",
        "two": "from fastapi import APIRouter\nfrom shared import slow\nrouter = APIRouter()\n@router.get('/')\nasync def f():\n    await slow()\n",
        "shared": "import time\nasync def slow():\n    time.sleep(1)\n",
    }
    there, back = findings(**texts), findings(**dict(reversed(texts.items())))
    assert there == back
    assert [entry.name for entry in there[0].entry_points] == ["GET /1/", "GET /2/"]
