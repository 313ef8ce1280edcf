"""FastAPI and Starlette: the functions that an application is told to call, and where they run.

Not among the hooks of ``check``: a route's ``def`` runs in a worker thread and its coroutines are
looked at anyway. The call graph and ``why`` say who calls a function, so they must know.
Verified with FastAPI 0.163 and Starlette 1.10.
"""

from __future__ import annotations

from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.flow.plain import is_coroutine_function
from blocklint.frameworks.dependencies import members
from blocklint.frameworks.fastapi import APPLICATIONS, MARKER, VERBS, FastApi, provide
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Runs, Via
from blocklint.project.values import (
    ClassObject,
    Library,
    LibraryInstance,
    Suspended,
    Unknown,
    Values,
)

STARTUP = "on_event"
DECORATORS = VERBS | {
    STARTUP, "api_route", "exception_handler", "middleware", "route", "websocket", "websocket_route",
}  # fmt: skip
"""Methods of applications that give a decorator: the catalogue says where a ``def`` runs."""

CONSTRUCTORS = frozenset({"fastapi.APIRoute", "fastapi.APIWebSocketRoute"})
"""Routes that are made by hand: what they call stands in the catalogue, their dependencies do not."""

_METHODS = (*sorted(DECORATORS), "add_api_route", "add_api_websocket_route", "include_router")

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
        if name in APPLICATIONS or name in CONSTRUCTORS or owner in APPLICATIONS:
            _depend(frame, arguments.at(None, "dependencies"), site)
        if owner in APPLICATIONS and method in DECORATORS:
            frame.record(Edge(site, LibraryCallable(name)))
            runs = Runs.EVENT_LOOP if method == STARTUP else _catalogued(frame, owner, method)
            return (Library(f"{REGISTERED}{runs.value}"),)
        return super().call(frame, name, arguments, site)


def _catalogued(frame: Frame, owner: str, method: str) -> Runs:
    """Where the catalogue says that a ``def`` runs which a method of an application decorates."""
    catalog = frame.inference.catalog
    listed = (handler for each in catalog.ancestors(owner) for handler in catalog.handlers.get(each.name, ()))
    places = (handler.runs for handler in listed if method in handler.decorators)
    return next(places, Runs.WORKER_THREAD)  # a router has not all methods of an application


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


def _depend(frame: Frame, dependencies: Values, site: CallSite) -> None:
    """Enter the providers of ``dependencies=[Depends(f)]``."""
    for value in members(dependencies):
        if isinstance(value, LibraryInstance) and value.name == MARKER and value.arguments:
            for provider in value.arguments[0]:
                provide(frame, provider, site)
