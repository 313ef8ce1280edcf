"""FastAPI and Starlette: the functions that an application is told to call, and where they run.

Not among the hooks of ``check``: a route's ``def`` runs in a worker thread and its coroutines are
looked at anyway. The call graph and ``why`` say who calls a function, so they must know.
Verified with FastAPI 0.163 and Starlette 1.10.
"""

from __future__ import annotations

from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.frameworks.dependencies import members
from blocklint.frameworks.fastapi import MARKER, FastApi, is_coroutine_function, provide
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Runs, Via
from blocklint.project.values import (
    ClassObject,
    Library,
    LibraryInstance,
    Mapping,
    Suspended,
    Unknown,
    Values,
    gather,
)

APPLICATIONS = frozenset(
    {
        "fastapi.FastAPI",
        "fastapi.APIRouter",
        "starlette.applications.Starlette",
        "starlette.routing.Router",
    }
)

DECORATORS = {
    **dict.fromkeys(
        (
            "get", "put", "post", "delete", "options", "head", "patch", "trace", "api_route",
            "route", "exception_handler",
        ),
        Runs.WORKER_THREAD,
    ),
    **dict.fromkeys(("websocket", "websocket_route", "middleware", "on_event"), Runs.EVENT_LOOP),
}  # fmt: skip
"""Methods of applications that give a decorator, and where a ``def`` runs that is given to it."""

METHODS = {
    "add_api_route": (1, "endpoint", Runs.WORKER_THREAD),
    "add_route": (1, "route", Runs.WORKER_THREAD),
    "add_exception_handler": (1, "handler", Runs.WORKER_THREAD),
    "add_api_websocket_route": (1, "endpoint", Runs.EVENT_LOOP),
    "add_websocket_route": (1, "route", Runs.EVENT_LOOP),
}
"""Methods of applications that are given a callable: its place and name, and where a ``def`` runs."""

CONSTRUCTORS = {
    "starlette.routing.Route": (1, "endpoint", Runs.WORKER_THREAD),
    "fastapi.routing.APIRoute": (1, "endpoint", Runs.WORKER_THREAD),
    "fastapi.APIRoute": (1, "endpoint", Runs.WORKER_THREAD),
    "starlette.routing.WebSocketRoute": (1, "endpoint", Runs.EVENT_LOOP),
}

_METHODS = (*DECORATORS, *METHODS, "add_middleware", "include_router")

REGISTERED = "blocklint.registered."
"""What a decorator of an application is, with the place where it will run a ``def`` behind it."""


class Routes(FastApi):
    """FastAPI's hook that also follows registrations of endpoints, handlers and dependencies."""

    names = FastApi.names.union(
        APPLICATIONS,
        CONSTRUCTORS,
        (f"{owner}.{method}" for owner in APPLICATIONS for method in _METHODS),
        (f"{REGISTERED}{runs.value}" for runs in Runs),
    )

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """Note what an application is told to call; a decorator of it gives back its function."""
        if name.startswith(REGISTERED):
            given = arguments.at(0, None)
            _run(frame, given, Runs(name.removeprefix(REGISTERED)), site)
            return given
        owner, _, method = name.rpartition(".")
        if name in CONSTRUCTORS:
            position, keyword, runs = CONSTRUCTORS[name]
            _run(frame, arguments.at(position, keyword), runs, site)
        if name in APPLICATIONS or name in CONSTRUCTORS or owner in APPLICATIONS:
            _depend(frame, arguments.at(None, "dependencies"), site)
        if name in APPLICATIONS:
            for handlers in arguments.at(None, "exception_handlers"):
                if isinstance(handlers, Mapping):
                    found = gather([handlers.others, *(v for _, v in handlers.items)])
                    _run(frame, found, Runs.WORKER_THREAD, site)
        if owner in APPLICATIONS and method in METHODS:
            position, keyword, runs = METHODS[method]
            _run(frame, arguments.at(position, keyword), runs, site)
        if owner in APPLICATIONS and method == "add_middleware":
            _construct(frame, arguments, site)
        if owner in APPLICATIONS and method in DECORATORS:
            frame.record(Edge(site, LibraryCallable(name)))
            return (Library(f"{REGISTERED}{DECORATORS[method].value}"),)
        return super().call(frame, name, arguments, site)


def _run(frame: Frame, handlers: Values, runs: Runs, site: CallSite) -> None:
    """Enter what an application calls: coroutines on the loop, others where ``runs`` says."""
    for value in handlers:
        if isinstance(value, Unknown | ClassObject):
            continue  # of a class's methods `inherited` says where they run
        where = Runs.EVENT_LOOP if is_coroutine_function(value) else runs
        inner = CallSite(site.span, site.called, Via.CALLBACK, where)
        for made in frame.inference.call(frame, (value,), Arguments(open=True), inner):
            if isinstance(made, Suspended) and made.kind == "generator":
                frame.record(Edge(inner, made.activation))


def _construct(frame: Frame, arguments: Arguments, site: CallSite) -> None:
    """Enter the constructor of a middleware: the application calls it on the loop, when it starts."""
    keywords = tuple(pair for pair in arguments.keywords if pair[0] != "middleware_class")
    inner = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP)
    for value in arguments.at(0, "middleware_class"):
        if isinstance(value, ClassObject):
            given = Arguments(((Unknown("application"),), *arguments.positional[1:]), keywords, True)
            frame.inference.call(frame, (value,), given, inner)


def _depend(frame: Frame, dependencies: Values, site: CallSite) -> None:
    """Enter the providers of ``dependencies=[Depends(f)]``."""
    for value in members(dependencies):
        if isinstance(value, LibraryInstance) and value.name == MARKER and value.arguments:
            for provider in value.arguments[0]:
                provide(frame, provider, site)
