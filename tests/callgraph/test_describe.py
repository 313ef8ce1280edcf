"""The described call graph: names, implicit calls, threads, certainty."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from blocklint.callgraph.complete import complete
from blocklint.callgraph.description import description
from blocklint.callgraph.ways import named, on_ways
from blocklint.facts.lower import lower
from blocklint.facts.source import is_package
from blocklint.project.index import Project
from tests.fixtures_runner.pipeline import describe


def project(*roots: str, **texts: str) -> Project:
    modules = {f"{name.replace('__', '/')}.py": dedent(text) for name, text in texts.items()}
    return Project({path: lower(text.encode(), is_package(path)) for path, text in modules.items()}, roots)


def graph(**texts: str) -> dict[str, Any]:
    return describe(project(**texts))


def edges(text: str, caller: str = "main:<module>") -> list[str]:
    """The callees of one function, in the order of the lines."""
    found = [e for e in graph(main=text)["edges"] if e["caller"] == caller]
    return [e["callee"].removeprefix("main:") for e in sorted(found, key=lambda e: e["line"])]


def runs(text: str) -> dict[str, set[str]]:
    functions = graph(main=text)["functions"]
    return {name.removeprefix("main:"): set(function["runs"]) for name, function in functions.items()}


# ------------------------------------------------------------------------- names


def test_every_function_is_there() -> None:
    functions = graph(
        app__repo="""
        class Repo:
            def find(self):
                def inner(): ...
                return lambda: (lambda: 1)
        key = lambda: 0
        def twice(): ...
        def twice(): ...
        """
    )["functions"]
    assert list(functions) == [
        "app.repo:<module>",
        "app.repo:<lambda1>",
        "app.repo:Repo.find",
        "app.repo:Repo.find.<lambda1>",
        "app.repo:Repo.find.<lambda1>.<lambda1>",
        "app.repo:Repo.find.inner",
        "app.repo:twice",
        "app.repo:twice#2",
    ]
    assert functions["app.repo:Repo.find"] == {"path": "app/repo.py", "line": 3, "async": False, "runs": []}


def test_an_edge_has_all_its_fields() -> None:
    (edge,) = graph(main="def f():\n    return len([])\n")["edges"]
    assert edge == {
        "caller": "main:f", "callee": "builtins.len", "path": "main.py", "line": 2, "via": "call",
        "runs": [], "certainty": "certain",
    }  # fmt: skip


def test_a_library_that_nobody_knows_is_named_too() -> None:
    assert edges("import foo\nc = foo.Client()\nfoo.bar.baz()\nc.go()\nfoo.make().go()\n") == [
        "foo.Client", "foo.bar.baz", "foo.Client.go", "foo.make",
    ]  # fmt: skip


# ----------------------------------------------------------------- module bodies


def test_a_module_is_interpreted_in_order() -> None:
    assert edges("def a(): ...\ndef b(): ...\nf = a\nf()\nf = b\nf()\n") == ["a", "b"]


def test_a_name_that_functions_set_is_not_taken_from_the_order() -> None:
    text = "def a(): ...\nf = None\ndef start():\n    global f\n    f = a\nstart()\nf()\n"
    assert edges(text) == ["start", "a"]


def test_class_bodies_run_where_they_stand() -> None:
    text = "def a(): ...\nclass C:\n    x = a\n    y = x()\n    def m(self, z=a()): ...\nx()\n"
    assert edges(text) == ["a", "a"]


def test_scripts() -> None:
    assert edges("def main(): ...\nif __name__ == '__main__':\n    main()\n") == ["main"]


# ---------------------------------------------------------------- implicit calls


def test_decorators() -> None:
    text = "def deco(f):\n    return f\ndef make(x):\n    return deco\n@make(1)\ndef f(): ...\n"
    assert edges(text) == ["deco", "make"]
    assert edges("def deco(c):\n    return c\n@deco\nclass C: ...\n") == ["deco"]


IMPLICIT = """
class K:
    def __init__(self): ...
    @property
    def p(self): ...
    def __getitem__(self, i): ...
    def __enter__(self): ...
    def __exit__(self, *a): ...
    def __iter__(self): yield 1
    def __add__(self, other): ...
def use():
    k = K()
    k.p
    k[1]
    with k: ...
    for i in k: ...
    k + k
"""


def test_calls_with_no_call_in_sight() -> None:
    assert edges(IMPLICIT, "main:use") == [
        "K.__init__", "K.p", "K.__getitem__", "K.__enter__", "K.__exit__", "K.__iter__", "K.__add__",
    ]  # fmt: skip


def test_a_class_without_code_of_its_own_is_no_callee() -> None:
    assert edges("class Plain: ...\nPlain()\n") == []


def test_generators_run_when_they_are_iterated() -> None:
    assert edges("def g():\n    yield 1\ng()\n") == []
    assert edges("def g():\n    yield 1\nlist(g())\n") == ["builtins.list", "g"]


def test_an_awaited_call_is_one_edge() -> None:
    text = "async def a(): ...\nasync def b():\n    await a()\nasync def c():\n    t = a()\n    await t\n"
    found = [(e["caller"], e["line"], e["via"]) for e in graph(main=text)["edges"]]
    assert found == [("main:b", 3, "await"), ("main:c", 5, "call"), ("main:c", 6, "await")]


def test_a_function_is_described_for_its_callers_where_there_are_any() -> None:
    text = "def a(): ...\ndef b(): ...\ndef call(f=a):\n    f()\ncall(b)\n"
    assert edges(text, "main:call") == ["b"]
    assert edges(text.replace("call(b)", ""), "main:call") == ["a"]


# ------------------------------------------------------------------------ threads


def test_threads_are_inherited_until_an_edge_switches() -> None:
    assert runs(
        """
        import asyncio
        def both(): inner()
        def inner(): ...
        async def handler():
            both()
            await asyncio.to_thread(both)
        def unused(): ...
        """
    ) == {
        "<module>": set(), "both": {"event-loop", "worker-thread"}, "unused": set(),
        "inner": {"event-loop", "worker-thread"}, "handler": {"event-loop"},
    }  # fmt: skip


def test_a_comment_says_where_a_function_runs() -> None:
    text = "def f():  # blocklint: runs=worker-thread\n    g()\ndef g(): ...\nasync def h():\n    f()\n"
    assert runs(text) == {"<module>": set(), "f": {"worker-thread"}, "g": {"worker-thread"}, "h": {"event-loop"}}
    assert runs(text.replace("worker", "no"))["f"] == {"event-loop"}


ROUTES = """
from fastapi import Depends, FastAPI
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import Route
def guard(): ...
def lazy(): ...
app = FastAPI(dependencies=[Depends(guard)])
@app.get("/")
def get(): ...
@app.websocket("/ws")
def socket(ws): ...
@app.exception_handler(ValueError)
def failed(request, error): ...
@app.on_event("startup")
def start(): ...
def added(): ...
app.add_api_route("/added", added)
def routed(request): ...
routes = [Route("/", routed)]
class Middleware(BaseHTTPMiddleware):
    def __init__(self, app): ...
app.add_middleware(Middleware)
@app.get("/2", dependencies=[Depends(lazy)])
async def coroutine(): ...
"""


@pytest.mark.parametrize(
    ("function", "place"),
    [
        ("guard", "worker-thread"),
        ("lazy", "worker-thread"),
        ("get", "worker-thread"),
        ("socket", "event-loop"),
        ("failed", "worker-thread"),
        ("start", "event-loop"),
        ("added", "worker-thread"),
        ("routed", "worker-thread"),
        ("Middleware.__init__", "event-loop"),
        ("coroutine", "event-loop"),
    ],
)
def test_frameworks_call_what_is_registered(function: str, place: str) -> None:
    assert runs(ROUTES)[function] == {place}


def test_libraries_call_what_is_inherited() -> None:
    found = runs(
        """
        import asyncio, threading
        from starlette.endpoints import HTTPEndpoint
        class Home(HTTPEndpoint):
            def get(self, request): ...
        class Worker(threading.Thread):
            def run(self): self.help()
            def help(self): ...
        class Echo(asyncio.Protocol):
            def data_received(self, data): ...
        """
    )
    assert found["Home.get"] == found["Worker.run"] == found["Worker.help"] == {"worker-thread"}
    assert found["Echo.data_received"] == {"event-loop"}


# ---------------------------------------------------------------------- certainty


def test_candidates_make_an_edge_uncertain() -> None:
    text = "def a(): ...\ndef b(): ...\ndef f(x):\n    g = a if x else b\n    g()\n"
    assert {e["certainty"] for e in graph(main=text)["edges"]} == {"likely"}


# --------------------------------------------------------------------------- ways


def test_ways() -> None:
    found = description(
        complete(project(main="def a(): b()\ndef b(): c()\ndef c(): ...\ndef d(): c()\ndef e(): a()\n"))
    )
    between = on_ways(found, "main:a", "main:c")
    assert [(e.caller, e.callee) for e in between.edges] == [("main:a", "main:b"), ("main:b", "main:c")]
    assert [e.caller for e in on_ways(found, None, "main:b").edges] == ["main:a", "main:e"]
    assert list(on_ways(found, "main:c", None).functions) == ["main:c"]
    assert named(found, "a") == ["main:a"]


def test_modules_in_any_order_give_the_same_graph() -> None:
    texts = {"one": "from two import f\nf()\n", "two": "from one import g\ndef f(): ...\n"}
    backwards = dict(reversed(texts.items()))
    assert graph(**texts) == graph(**backwards)
