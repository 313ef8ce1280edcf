"""FastAPI and Starlette: the functions that an application calls, under which path, and for what.

Registered by decorators, by methods of an application, or in lists of ``Route`` and ``Mount``.
Where callables run was verified with FastAPI 0.163 and Starlette 1.10.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.binding import of_definition
from blocklint.flow.names import decorated
from blocklint.flow.plain import is_coroutine_function
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.frameworks.applications import Applications, functions
from blocklint.frameworks.fastapi import VERBS
from blocklint.frameworks.route_lists import listed_routes
from blocklint.frameworks.written import Place, Writing, argument_of
from blocklint.model import Runs
from blocklint.project.definitions import Definition
from blocklint.project.values import (
    ClassObject,
    FunctionObject,
    Value,
    Values,
)

GENERAL = frozenset({"api_route", "route"})
"""Decorators that are told the HTTP methods, GET if they are not."""
SOCKETS = frozenset({"websocket", "websocket_route"})
OTHERS = {"middleware": "middleware", "exception_handler": "exception-handler", "on_event": "startup"}
"""Decorators for what is called around requests, and the kind of entry point that makes of it."""

_DECORATORS = VERBS | GENERAL | SOCKETS | OTHERS.keys()

METHODS = {
    "add_api_route": (1, "endpoint"), "add_route": (1, "route"),
    "add_api_websocket_route": (1, "endpoint"), "add_websocket_route": (1, "route"),
}  # fmt: skip
SOCKET = "WEBSOCKET"
_SOCKET_METHODS = frozenset({"on_connect", "on_receive", "on_disconnect"})
_CLASS_METHODS = VERBS - {"trace"} | _SOCKET_METHODS


class Handler:
    """A callable that an application calls.

    ``kind``: route, websocket, or how it is called around requests (``OTHERS``). ``function`` is
    what is shown, ``values`` what is called: perhaps what decorators have made of it.
    """

    __slots__ = ("dependencies", "function", "is_served", "kind", "methods", "path", "values")

    def __init__(
        self,
        kind: str,
        methods: tuple[str, ...],
        path: str,
        function: FunctionObject,
        values: Values,
        dependencies: tuple[Value, ...],
        is_served: bool,
    ) -> None:
        self.kind = kind
        self.methods = methods
        self.path = path
        self.function = function
        self.values = values
        self.dependencies = dependencies
        self.is_served = is_served

    @property
    def runs(self) -> Runs:
        """Where it runs: a ``def`` in a worker thread, but for websockets and startup."""
        if self.kind not in ("route", "exception-handler") or self.function.function.is_async:
            return Runs.EVENT_LOOP
        is_async = any(map(is_coroutine_function, self.values))
        return Runs.EVENT_LOOP if is_async else Runs.WORKER_THREAD


class Routing:
    """All that the applications of a project are told to call, in the order of the text."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._project = inference.project
        self._writing = Writing(inference)
        self._applications = Applications(inference, self._writing)

    def handlers(self) -> list[Handler]:
        """Routes, websocket endpoints, middlewares and other handlers."""
        # Lists of routes tell of inclusions too, so they come before whatever asks for a path.
        listed = [
            entry
            for key, place, call in self._applications.made()
            if (routes := argument_of(call, None, "routes")) is not None
            for entry in listed_routes(self._inference, self._writing, self._applications, place, routes, key)
        ]
        found = [*self._by_decorator(), *self._by_method()]
        for entry in listed:
            found += self._given(entry.place, entry.call, entry.key, entry.kind, entry.endpoint)
        return found

    # -------------------------------------------------------------- decorators

    def _by_decorator(self) -> Iterator[Handler]:
        for file in self._project.modules:
            for definition in self._project.definitions[file]:
                decorators = definition.function.decorators
                for index, decorator in enumerate(decorators):
                    if type(decorator) is r.Call and type(decorator.callee) is r.Attribute:
                        if decorator.callee.name in _DECORATORS:
                            yield from self._decorated(definition, decorator, decorators[index + 1 :])

    def _decorated(
        self, definition: Definition, decorator: r.Call, inner: tuple[r.Expression, ...]
    ) -> Iterator[Handler]:
        """The handlers that one decorator registers; ``inner`` are the decorators below it."""
        assert type(decorator.callee) is r.Attribute
        place = self._around(definition)
        keys = self._applications.keys(place, decorator.callee.value)
        if keys:
            activation = of_definition(definition)
            function = FunctionObject(
                definition.file, definition.function, activation.closure, None, activation.owner
            )
            values = decorated(place.frame, (function,), inner) if inner else (function,)
            for key in keys:
                yield from self._registered(place, decorator, key, decorator.callee.name, function, values)

    def _around(self, definition: Definition) -> Place:
        """The body in which a definition stands."""
        if not definition.enclosing:
            return self._writing.module(definition.file)
        functions = [scope for scope in definition.enclosing if isinstance(scope, r.Function)]
        activation = of_definition(definition)
        inner = activation.owner
        frame = ScopeFrame(self._inference, definition.file, activation.closure, inner, inner)
        body = functions[-1] if functions else self._project.modules[definition.file].body
        return Place(frame, definition.file, body, activation.closure)

    # -------------------------------------------------------------- calls

    def _by_method(self) -> Iterator[Handler]:
        for name, (position, keyword) in METHODS.items():
            for place, call in self._writing.statements(name):
                if not isinstance(call.callee, r.Attribute):
                    continue
                endpoint = argument_of(call, position, keyword)
                for key in self._applications.keys(place, call.callee.value) if endpoint else ():
                    yield from self._given(place, call, key, name, endpoint)
        uses = self._project.uses
        for body in dict.fromkeys((*uses.callers("FastAPI"), *uses.callers("APIRouter"))):
            yield from self._called_decorators(self._writing.places[body])

    def _called_decorators(self, place: Place) -> Iterator[Handler]:
        """``app.get("/")(handler)`` as a statement in a body that makes an application or router."""
        for statement in place.function.body:
            if type(statement) is not r.Evaluate or type(statement.value) is not r.Call:
                continue
            match statement.value:
                case r.Call(callee=r.Call(callee=r.Attribute() as method) as inner, arguments=(given,)):
                    known = method.name in _DECORATORS
                    for key in self._applications.keys(place, method.value) if known else ():
                        yield from self._given(place, inner, key, method.name, given)
                case _:
                    pass

    def _given(
        self, place: Place, call: r.Call, key: str, name: str, endpoint: r.Expression | None
    ) -> Iterator[Handler]:
        if endpoint is None:
            return
        for value in self._inference.evaluate(place.frame, endpoint):
            for method, function in endpoints(self._inference, value):
                called: Values = (value,) if not method else (function,)
                yield from self._registered(place, call, key, name, function, called, method)

    def _registered(
        self,
        place: Place,
        call: r.Call,
        key: str,
        name: str,
        function: FunctionObject,
        values: Values,
        method: str = "",
    ) -> Iterator[Handler]:
        """The handlers of one registration by the decorator or method ``name``: one for each path."""
        if name in OTHERS:
            yield Handler(OTHERS[name], (), function.function.name, function, values, (), True)
            return
        is_socket = "websocket" in name
        if is_socket:
            methods: tuple[str, ...] = (SOCKET,)
        elif name in VERBS or method:
            methods = ((method or name).upper(),)
        else:
            written = self._writing.texts(place, argument_of(call, 2, "methods"))
            methods = tuple(sorted({text.upper() for text in written})) or ("GET",)
        path = self._writing.text(place, argument_of(call, 0, "path"))
        dependencies = argument_of(call, None, "dependencies")
        own = self._inference.evaluate(place.frame, dependencies) if dependencies is not None else ()
        kind = "websocket" if is_socket else "route"
        for prefix, around, is_served in self._applications.mountings[key]:
            yield Handler(kind, methods, prefix + path or "/", function, values, (*around, *own), is_served)


def endpoints(inference: Inference, value: Value) -> Iterator[tuple[str, FunctionObject]]:
    """The functions behind an endpoint; of a class of endpoints with the HTTP method of each."""
    if isinstance(value, ClassObject):
        for name in sorted(_CLASS_METHODS):
            found = inference.find_member(value, name)
            for member in found[1] if found is not None else ():
                if isinstance(member, FunctionObject):
                    yield ("" if name in _SOCKET_METHODS else name), member
    else:
        yield from (("", function) for function in functions(inference, (value,)))
