"""Starlette: routes that an application is given as a list, ``Mount`` and its like among them."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.frameworks.applications import Applications
from blocklint.frameworks.fastapi import place_of
from blocklint.frameworks.written import Place, Writing, Written, argument_of
from blocklint.project.values import Library

KINDS = {
    "starlette.routing.Route": "add_route",
    "fastapi.routing.APIRoute": "add_api_route",
    "fastapi.APIRoute": "add_api_route",
    "starlette.routing.WebSocketRoute": "add_websocket_route",
    "fastapi.routing.APIWebSocketRoute": "add_api_websocket_route",
    "fastapi.APIWebSocketRoute": "add_api_websocket_route",
    "starlette.routing.Mount": "mount",
    "starlette.routing.Host": "host",
}
"""The classes of routes, and the methods of applications that make one."""


class ListedRoute:
    """A route in a list: the call that makes it, and the key of what it is part of."""

    __slots__ = ("call", "key", "kind", "place")

    def __init__(self, key: str, kind: str, place: Place, call: r.Call) -> None:
        self.key = key
        self.kind = kind
        self.place = place
        self.call = call

    @property
    def endpoint(self) -> r.Expression | None:
        """What is called."""
        return argument_of(self.call, 1, "endpoint")


def listed_routes(
    inference: Inference,
    writing: Writing,
    applications: Applications,
    place: Place,
    routes: r.Expression,
    key: str,
) -> Iterator[ListedRoute]:
    """The routes in a list; the applications in it become part of the one it is given to."""
    lists = _Lists(inference, writing, applications)
    return lists.routes(place, routes, key)


class _Lists:
    def __init__(self, inference: Inference, writing: Writing, applications: Applications) -> None:
        self._inference = inference
        self._writing = writing
        self._applications = applications

    def routes(self, place: Place, routes: r.Expression, key: str) -> Iterator[ListedRoute]:
        """The routes that an expression lists."""
        for where, call in self._calls(place, routes):
            kind = self._kind(where, call)
            if kind in ("mount", "host"):
                yield from self._mounted(where, call, key, kind)
            elif kind:
                yield ListedRoute(key, kind, where, call)

    def _calls(self, place: Place, routes: r.Expression) -> Iterator[tuple[Place, r.Call]]:
        """The calls in a list, in lists that are added to it, and in those that it unpacks."""
        pending: list[Written] = [(place, routes)]
        while pending:
            where, what = self._writing.followed(*pending.pop(0))
            match what:
                case r.Operator(operands=parts) | r.Collection(items=parts):
                    pending = [(where, part) for part in parts] + pending
                case r.Starred(value=inner):
                    pending.insert(0, (where, inner))
                case r.Call():
                    yield where, what
                case _:
                    pass

    def _kind(self, place: Place, call: r.Call) -> str:
        values = self._inference.evaluate(place.frame, call.callee)
        names = [value.name for value in values if isinstance(value, Library)]
        return next((KINDS[name] for name in names if name in KINDS), "")

    def _mounted(self, place: Place, call: r.Call, key: str, kind: str) -> Iterator[ListedRoute]:
        """``Mount("/api", routes=[…])`` or ``Mount("/api", app=other)``; a host adds nothing to the path."""
        prefix = argument_of(call, 0, "path") if kind == "mount" else None
        application = argument_of(call, 1, "app")
        if application is not None:
            children = self._applications.keys(place, application)
            self._applications.add(place, key, children, prefix, is_mount=True)
        routes = argument_of(call, None, "routes")
        if routes is not None:
            own = place_of(place.file, call.span)  # with routes of its own it is a router
            self._applications.add(place, key, (own,), prefix, is_mount=True)
            yield from self.routes(place, routes, own)
