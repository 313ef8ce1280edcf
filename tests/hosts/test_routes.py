"""`blocklint routes`: prefixes, dependencies, threads, findings, order, formats, paths, exit codes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.support import Outcome, Runner, write

SERVICE = {
    "pyproject.toml": "[tool.blocklint]\n",
    "app/__init__.py": "",
    "app/deps.py": """\
import time

from fastapi import Depends, Header
from fastapi.security import HTTPBearer

bearer = HTTPBearer()


async def slow_token(token=Depends(bearer)):
    time.sleep(1)
    return token


def current_user(token=Depends(slow_token)):
    time.sleep(1)
    return token


def guard(name: str = Header()):
    time.sleep(1)


class Page:
    def __init__(self, user=Depends(current_user)):
        self.user = user
""",
    "app/users.py": """\
import time
from typing import Annotated

from fastapi import APIRouter, Depends

from app.deps import Page, current_user, guard

router = APIRouter(prefix="/users", dependencies=[Depends(guard)])
User = Annotated[str, Depends(current_user)]


@router.get("/")
async def read_all(user: User, page: Page = Depends()):
    time.sleep(1)
    time.sleep(2)


@router.api_route("/{name}", methods=["PUT", "PATCH"])
def change(name: str):
    time.sleep(1)


@router.websocket("/live")
def live(socket):
    time.sleep(1)
""",
    "app/main.py": """\
import time

from fastapi import FastAPI

from app import users

PREFIX = "/api"
app = FastAPI()
app.include_router(users.router, prefix=f"{PREFIX}/v1")


@app.middleware("http")
async def audit(request, call_next):
    time.sleep(1)
    return await call_next(request)


@app.get("/health")
async def health():
    return {}
""",
}


@pytest.fixture
def service(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service with nested prefixes and chained dependencies as the working directory."""
    folder = write(project.parent / "service", SERVICE)
    monkeypatch.chdir(folder)
    return folder


def listed(outcome: Outcome) -> list[str]:
    """The routes in their order, as "GET /path"."""
    return [f"{','.join(route['methods'])} {route['path']}" for route in outcome.document["routes"]]


def routes_of(blocklint: Runner, project: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The routes of one file, by path and handler."""
    folder = write(project.parent / "single", {"pyproject.toml": "[tool.blocklint]\n", "main.py": text})
    monkeypatch.chdir(folder)
    document = blocklint("routes", "--format", "json").document
    return sorted(
        f"{','.join(r['methods'])} {r['path']} {r['handler']['function'].partition(':')[2]} {r['handler']['runs']}"
        for r in document["routes"]
    )


def outline(node: dict[str, Any]) -> list[Any]:
    """A node as [parameter, function, thread, number of findings, *dependencies]."""
    below = [outline(each) for each in node["dependencies"]]
    return [node["parameter"], node["function"], node["runs"], len(node["blocks"]), *below]


def test_the_worst_routes_come_first(blocklint: Runner, service: Path) -> None:
    assert listed(blocklint("routes", "--format", "json")) == [
        "GET /api/v1/users/",
        "WEBSOCKET /api/v1/users/live",
        "PUT,PATCH /api/v1/users/{name}".replace("PUT,PATCH", "PATCH,PUT"),
        "GET /health",
    ]


def test_the_tree_of_dependencies(blocklint: Runner, service: Path) -> None:
    document = blocklint("routes", "--format", "json").document
    by_path = {route["path"]: route for route in document["routes"]}
    token = [
        "token", "app.deps:slow_token", "event-loop", 1,
        ["token", "fastapi.security.HTTPBearer", "event-loop", 0],
    ]  # fmt: skip
    user = ["user", "app.deps:current_user", "worker-thread", 0, token]
    assert outline(by_path["/api/v1/users/"]["handler"]) == [
        "", "app.users:read_all", "event-loop", 2,
        ["", "app.deps:guard", "worker-thread", 0],
        user,
        ["page", "app.deps:Page", "worker-thread", 0, user],
    ]  # fmt: skip
    assert outline(by_path["/api/v1/users/{name}"]["handler"]) == [
        "", "app.users:change", "worker-thread", 0, ["", "app.deps:guard", "worker-thread", 0],
    ]  # fmt: skip
    assert outline(by_path["/api/v1/users/live"]["handler"])[2:4] == ["event-loop", 1]


def test_what_is_counted(blocklint: Runner, service: Path) -> None:
    document = blocklint("routes", "--format", "json").document
    assert document["version"] == 1
    assert document["summary"] == {"routes": 4, "stalling": 2, "certain": 2}
    first = document["routes"][0]
    assert (first["findings"], first["certain"], first["included"], first["kind"]) == (3, 3, True, "route")
    blocks = [document["findings"][number] for number in first["handler"]["blocks"]]
    assert [(f["path"], f["line"], f["code"]) for f in blocks] == [
        ("app/users.py", 14, "LAG104"), ("app/users.py", 15, "LAG104"),
    ]  # fmt: skip
    (around,) = document["middlewares"]
    assert (around["function"], len(around["blocks"])) == ("app.main:audit", 1)


def test_what_check_does_not_show_does_not_count(blocklint: Runner, service: Path) -> None:
    users = SERVICE["app/users.py"].replace("time.sleep(2)", "time.sleep(2)  # noqa: LAG104")
    write(service, {"app/users.py": users, "pyproject.toml": '[tool.blocklint]\nper-file-ignores = {"app/deps.py" = ["LAG"]}\n'})
    assert blocklint("routes", "--format", "json").document["routes"][0]["findings"] == 1


def test_text(blocklint: Runner, service: Path) -> None:
    outcome = blocklint("routes")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[:17] == [
        "around every route",
        "  app.main:audit  [event-loop]  app/main.py:13",
        "    ! app/main.py:14:10 LAG104 time.sleep() blocks the event loop",
        "",
        "GET /api/v1/users/  3 findings",
        "  app.users:read_all  [event-loop]  app/users.py:13",
        "  │ ! app/users.py:14:10 LAG104 time.sleep() blocks the event loop",
        "  │ ! app/users.py:15:10 LAG104 time.sleep() blocks the event loop",
        "  ├─ app.deps:guard  [worker-thread]  app/deps.py:19",
        "  ├─ user = app.deps:current_user  [worker-thread]  app/deps.py:14",
        "  │  └─ token = app.deps:slow_token  [event-loop]  app/deps.py:9",
        "  │     │ ! app/deps.py:10:10 LAG104 time.sleep() blocks the event loop",
        "  │     └─ token = fastapi.security.HTTPBearer  [event-loop]",
        "  └─ page = app.deps:Page  [worker-thread]  app/deps.py:23",
        "     └─ user = app.deps:current_user  [worker-thread]  app/deps.py:14",
        "        └─ token = app.deps:slow_token  [event-loop]  app/deps.py:9",
        "           │ ! app/deps.py:10:10 LAG104 time.sleep() blocks the event loop",
    ]
    assert outcome.out.splitlines()[-1] == "4 routes: 2 can stall the event loop, 2 of them certainly"


def test_no_routes(blocklint: Runner) -> None:
    assert blocklint("routes").out == "0 routes: 0 can stall the event loop\n"


def test_it_is_the_same_from_run_to_run(blocklint: Runner, service: Path) -> None:
    for name in ("text", "json", "mermaid", "html"):
        assert blocklint("routes", "--format", name).out == blocklint("routes", "--no-cache", "--format", name).out


def test_paths_are_those_of_the_handlers(blocklint: Runner, service: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert listed(blocklint("routes", "--format", "json", "app/main.py")) == ["GET /health"]
    monkeypatch.chdir(service.parent)
    document = blocklint("routes", "--format", "json", "service/app/users.py").document
    assert len(document["routes"]) == 3
    assert document["routes"][0]["handler"]["path"] == "service/app/users.py"
    assert {finding["path"] for finding in document["findings"]} <= {"service/app/users.py", "service/app/deps.py", "service/app/main.py"}


def test_files_that_cannot_be_parsed(blocklint: Runner, service: Path) -> None:
    write(service, {"app/bad.py": "def f(:\n"})
    outcome = blocklint("routes", "--format", "json")
    assert outcome.code == 1
    assert outcome.err.startswith("app/bad.py:1: syntax error")
    assert [error["path"] for error in outcome.document["errors"]] == ["app/bad.py"]


# --------------------------------------------------------------------- prefixes

FORMS = {
    "mounted application": (
        """
        sub = FastAPI(dependencies=[Depends(guard)])
        app.mount("/sub", sub)
        @sub.get("/x")
        def x(): ...
        """,
        ["GET /sub/x x worker-thread"],
    ),
    "routers in routers": (
        """
        inner, outer = APIRouter(prefix="/b"), None
        outer = APIRouter(prefix="/a")
        other = APIRouter()
        @other.post("/x")
        async def x(): ...
        outer.include_router(other, prefix="/c")
        app.include_router(router=outer)
        """,
        ["POST /a/c/x x event-loop"],
    ),
    "a loop over routers": (
        """
        one, two = APIRouter(prefix="/one"), APIRouter(prefix="/two")
        ROUTERS = [one, two]
        @one.get("/x")
        def x(): ...
        @two.get("/y")
        def y(): ...
        for each in ROUTERS:
            app.include_router(each, prefix="/v1")
        """,
        ["GET /v1/one/x x worker-thread", "GET /v1/two/y y worker-thread"],
    ),
    "included twice": (
        """
        one = APIRouter()
        @one.get("/x")
        def x(): ...
        app.include_router(one, prefix="/v1")
        app.include_router(one, prefix="/latest")
        """,
        ["GET /latest/x x worker-thread", "GET /v1/x x worker-thread"],
    ),
    "a factory with annotations": (
        """
        one = APIRouter()
        @one.get("/x")
        def x(): ...
        def register(target: FastAPI):
            target.include_router(one, prefix="/made")
        def create() -> FastAPI:
            made = FastAPI()
            register(made)
            @made.get("/inner")
            async def inner(): ...
            return made
        made_app = create()
        @made_app.get("/outer")
        def outer(): ...
        """,
        ["GET /inner create.inner event-loop", "GET /made/x x worker-thread", "GET /outer outer worker-thread"],
    ),
    "the lifespan passes the application": (
        """
        one = APIRouter()
        @one.get("/x")
        def x(): ...
        @asynccontextmanager
        async def lifespan(started: FastAPI):
            started.include_router(one, prefix="/late")
            yield
        served = FastAPI(lifespan=lifespan)
        """,
        ["GET /late/x x worker-thread"],
    ),
    "add_api_route": (
        """
        class Users:
            def __init__(self, prefix: str):
                self.router = APIRouter(prefix=prefix)
                self.router.add_api_route("/all", self.read, methods=["GET"])
            async def read(self): ...
        app.include_router(Users("/users").router)
        class Call:
            def __call__(self): ...
        app.add_api_route("/called", Call(), methods=["POST"])
        app.add_api_route("/partial", partial(load, 1))
        async def load(n): ...
        app.add_api_websocket_route("/ws", load)
        app.get("/late")(load)
        """,
        [
            "GET /late load event-loop", "GET /partial load event-loop", "GET /users/all Users.read event-loop",
            "POST /called Call.__call__ worker-thread", "WEBSOCKET /ws load event-loop",
        ],
    ),
    "lists of routes": (
        """
        def home(request): ...
        async def live(socket): ...
        class Item(HTTPEndpoint):
            def get(self, request): ...
            async def post(self, request): ...
        INNER = [Route("/item", Item), Route("/two", home, methods=["POST", "GET"])]
        served = Starlette(routes=[Route("/", home), Mount("/in", routes=INNER), WebSocketRoute("/live", live)])
        """,
        [
            "GET / home worker-thread", "GET /in/item Item.get worker-thread", "GET,POST /in/two home worker-thread",
            "POST /in/item Item.post event-loop", "WEBSOCKET /live live event-loop",
        ],
    ),
    "a subclass": (
        """
        class Versioned(APIRouter): ...
        one = Versioned(prefix="/one")
        two = Versioned(prefix="/two")
        @one.get("/x")
        def x(): ...
        @two.get("/y")
        def y(): ...
        app.include_router(one)
        app.include_router(two, prefix="/v2")
        """,
        ["GET /one/x x worker-thread", "GET /v2/two/y y worker-thread"],
    ),
    "decorated handlers": (
        """
        def to_loop(f):
            @wraps(f)
            async def inner(*args, **kwargs):
                return f(*args, **kwargs)
            return inner
        @app.get("/x")
        @to_loop
        def x(): ...
        """,
        ["GET /x x event-loop"],
    ),
    "texts that are put together": (
        """
        class Settings(BaseSettings):
            root: str = "/root"
        settings = Settings()
        one = APIRouter(prefix="/" + "one")
        @one.get(path=f"{settings.root}/{os.environ['X']}/{{id}}")
        def x(): ...
        app.include_router(one, prefix=settings.root)
        """,
        ["GET /root/one/root/…/{id} x worker-thread"],
    ),
    "what is no application": (
        """
        cache = {}
        class Other:
            def get(self, path): return lambda f: f
        other = Other()
        @other.get("/x")
        def x(): ...
        cache.get("/x")
        """,
        [],
    ),
}
IMPORTS = """\
import os
from contextlib import asynccontextmanager
from functools import partial, wraps
from fastapi import APIRouter, Depends, FastAPI
from pydantic_settings import BaseSettings
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.routing import Mount, Route, WebSocketRoute
def guard(): ...
app = FastAPI()
"""


@pytest.mark.parametrize("form", FORMS)
def test_forms(blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    from textwrap import dedent

    text, expected = FORMS[form]
    assert routes_of(blocklint, project, IMPORTS + dedent(text), monkeypatch) == expected


def test_a_router_that_is_not_included(blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = IMPORTS + "one = APIRouter(prefix='/one')\n@one.get('/x')\ndef x(): ...\n"
    assert routes_of(blocklint, project, text, monkeypatch) == ["GET /one/x x worker-thread"]
    assert [r["included"] for r in blocklint("routes", "--format", "json").document["routes"]] == [False]
    assert "GET /one/x  its router is not seen to be included" in blocklint("routes").out


def test_applications_mounted_in_each_other(blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where every application is handed to what mounts all: the ways to the outermost are too many to go."""
    names = [f"app{number}" for number in range(12)]
    lines = ["from starlette.applications import Starlette", *(f"{name} = Starlette()" for name in names)]
    lines += [f'{outer}.mount("/{inner}", {inner})' for outer in names for inner in names if outer != inner]
    lines += ['@app0.route("/page")', "async def page(request):", "    return None"]
    found = routes_of(blocklint, project, "\n".join(lines) + "\n", monkeypatch)
    assert all(each.endswith("/app0/page page event-loop") for each in found)
    assert 0 < len(found) <= 64


def test_fields_that_ask(blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = IMPORTS + """
from dataclasses import dataclass
from fastapi_utils.cbv import cbv
async def token(): ...
def user(given=Depends(token)): ...
@dataclass
class Page:
    who: str = Depends(user)
    size: int = 10
@cbv(app)
class View:
    who: str = Depends(user)
    count = 1
    @app.get("/x")
    async def x(self, page: Page = Depends()): ...
class Plain:
    who: str = Depends(user)
    @staticmethod
    @app.get("/y")
    def y(): ...
"""
    routes_of(blocklint, project, text, monkeypatch)
    handlers = {r["path"]: r["handler"] for r in blocklint("routes", "--format", "json").document["routes"]}
    who = ["who", "main:user", "worker-thread", 0, ["given", "main:token", "event-loop", 0]]
    assert outline(handlers["/x"]) == [
        "", "main:View.x", "event-loop", 0, who, ["page", "main:Page", "worker-thread", 0, who],
    ]  # fmt: skip
    assert outline(handlers["/y"]) == ["", "main:Plain.y", "worker-thread", 0]


def test_tests_include_nothing_for_others(blocklint: Runner, service: Path) -> None:
    text = "from fastapi import FastAPI\nfrom app.users import router\nfake = FastAPI()\nfake.include_router(router)\n"
    write(service, {"tests/test_users.py": text})
    assert "GET /users/" not in listed(blocklint("routes", "--format", "json"))


def test_a_worker_that_hands_a_coroutine_back(blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = """\
import time
import anyio.from_thread
from fastapi import FastAPI
app = FastAPI()
async def back():
    time.sleep(1)
def helper():
    time.sleep(1)
@app.get("/back")
def x():
    helper()
    anyio.from_thread.run(back)
"""
    routes_of(blocklint, project, text, monkeypatch)
    document = blocklint("routes", "--format", "json").document
    assert [document["findings"][n]["line"] for n in document["routes"][0]["handler"]["blocks"]] == [6]


# --------------------------------------------------------------------- pictures


def test_mermaid(blocklint: Runner, service: Path) -> None:
    lines = blocklint("routes", "--format", "mermaid").out.splitlines()
    assert lines[0] == "flowchart LR"
    assert '  n0(["GET /api/v1/users/"])' in lines
    assert '  n1["app.users:read_all<br/>2 findings"]' in lines
    assert '  n3 -- "token" --> n4' in lines
    drawn = set(re.findall(r"^  (n\d+)[(\[]", "\n".join(lines), re.MULTILINE))
    ends = set(re.findall(r"n\d+(?= )|(?<=> )n\d+$", "\n".join(line for line in lines if "-->" in line), re.MULTILINE))
    assert ends <= drawn
    known = re.compile(r'  (n\d+(\(\[".*"\]\)|\[".*"\])|n\d+ (-- ".*" )?--> n\d+|classDef [\w-]+ .*|class [n\d,]+ [\w-]+)')
    assert [line for line in lines[1:] if not known.fullmatch(line)] == []


def test_the_page_needs_nothing_else(blocklint: Runner, service: Path) -> None:
    page = blocklint("routes", "--format", "html").out
    assert "{{" not in page
    assert re.findall(r"""(?:src|href)\s*=|url\(|@import|https?://""", page) == []


def test_no_text_ends_the_script(blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = IMPORTS + "@app.get('/</script><b>')\ndef x(): ...\n"
    routes_of(blocklint, project, text, monkeypatch)
    assert "</script><b>" not in blocklint("routes", "--format", "html").out


BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed: the page is not opened")
class TestInBrowser:
    """The page, opened in headless Chromium."""

    def opened(self, blocklint: Runner, folder: Path, link: str = "") -> str:
        """What is on the page once its script has run."""
        page = folder / "routes.html"
        page.write_text(blocklint("routes", "--format", "html").out, encoding="utf-8")
        assert BROWSER is not None
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
        run = subprocess.run(
            [BROWSER, *options, "--virtual-time-budget=2000", "--dump-dom", f"{page.as_uri()}#{link}"],
            capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
        )  # fmt: skip
        return run.stdout

    def rows(self, dom: str) -> list[str]:
        """The paths of the rows that are shown."""
        shown = re.findall(r'<tr class="route">.*?</tr>', dom, re.DOTALL)
        return [re.findall(r"<button[^>]*>(.*?)</button>", row)[0] for row in shown]

    def test_every_route_is_a_row(self, blocklint: Runner, service: Path) -> None:
        dom = self.opened(blocklint, service)
        assert self.rows(dom) == ["/api/v1/users/", "/api/v1/users/live", "/api/v1/users/{name}", "/health"]
        assert "4 of 4 routes" in dom
        assert "app.main:audit" in dom

    def test_search(self, blocklint: Runner, service: Path) -> None:
        assert self.rows(self.opened(blocklint, service, "search=slow_token")) == ["/api/v1/users/"]
        assert self.rows(self.opened(blocklint, service, "stalling")) == ["/api/v1/users/", "/api/v1/users/live"]

    def test_tree_and_chain(self, blocklint: Runner, service: Path) -> None:
        dom = self.opened(blocklint, service, "open=GET /api/v1/users/")
        (details,) = re.findall(r'<tr class="details">.*?</tr>', dom, re.DOTALL)
        assert "user = <code>app.deps:current_user</code>" in details
        assert "app.deps:slow_token → time.sleep" in details
        assert details.count('<ol class="chain">') == 4

    def test_text_of_the_project_is_only_text(
        self, blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = IMPORTS + "@app.get('/<img src=x onerror=document.title=1>')\ndef x(): ...\n"
        routes_of(blocklint, project, text, monkeypatch)
        dom = self.opened(blocklint, project.parent)
        assert self.rows(dom) == ["/&lt;img src=x onerror=document.title=1&gt;"]
