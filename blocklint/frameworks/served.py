"""FastAPI: what the event loop runs for a route beside its endpoint, even if that is a ``def``.

Requests are validated there, and responses are written there: validators, serializers, computed
fields and ``response_class``. What the endpoint returns is made into the response model where
the endpoint ran: on the loop for an ``async def``, with every attribute that this reads.
Verified with FastAPI 0.163; FastAPI 0.65 does the same with pydantic 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.annotations import instances, metadata
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame, Inference
from blocklint.flow.binding import of_definition
from blocklint.flow.callers import NotingFrame
from blocklint.flow.containers import contents
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite
from blocklint.flow.invoked import MARKER, call_invoked
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.frameworks.called_routes import OWNERS, called_routes
from blocklint.frameworks.fastapi import providers_of
from blocklint.frameworks.route_names import MODEL, REQUEST, RESPONSE, RESULT, RouteNames
from blocklint.model import Runs, Via
from blocklint.project.values import (
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    LibraryMethod,
    Mapping,
    Tuple,
    Value,
    Values,
    Wrapper,
    gather,
)

DEEPEST = 4
"""How deeply models are looked for in the fields of models."""


def served(inference: Inference) -> dict[r.Function, tuple[Activation, ...]]:
    """What of the project the loop enters by itself to serve the routes that are registered.

    By the endpoint of the route.
    """
    found: dict[r.Function, tuple[Activation, ...]] = {}
    for route in _routes(inference):
        entered = (*found.get(route.endpoint, ()), *route.entered())
        found[route.endpoint] = tuple(dict.fromkeys(entered))
    return found


def _routes(inference: Inference) -> Iterator[_Route]:
    """The routes that have to be looked at."""
    names = RouteNames(inference)
    for definition, decorator in names.routes:
        wanted = names.wanted(definition.file, definition.function, decorator)
        if wanted:
            scope = ScopeFrame(inference, definition.file, of_definition(definition).closure)
            route = _Route(inference, of_definition(definition), decorator, scope, wanted)
            if route.is_registered():
                yield route
    for each in called_routes(inference):
        wanted = names.wanted(each.endpoint.file, each.endpoint.function, each.call)
        if wanted:
            yield _Route(inference, each.endpoint, each.call, each.frame, wanted)


class _Route:
    """One endpoint with the decorator or the call that registers it, and the scope of that."""

    def __init__(
        self, inference: Inference, activation: Activation, call: r.Call, scope: Frame, wanted: set[str]
    ) -> None:
        self.endpoint = activation.function
        self._inference = inference
        self._activation = activation
        self._call = call
        self._wanted = wanted
        self._scope = scope
        self._frame = NotingFrame(inference, activation)
        self._site = CallSite(call.span, call.callee, Via.CALLBACK, Runs.EVENT_LOOP)

    def is_registered(self) -> bool:
        """Whether the decorator is a method of an application or a router."""
        return any(
            isinstance(v, LibraryMethod) and v.receiver.name in OWNERS
            for v in self._inference.evaluate(self._scope, self._call.callee)
        )

    def entered(self) -> Iterator[Activation]:
        """The activations that the loop enters."""
        function = self._activation
        own = FunctionObject(function.file, function.function, function.closure, None, function.owner)
        for model in self._of_request(own, {}) if REQUEST in self._wanted else ():
            self._construct(model)
        for cls in self._keyword("response_class") if RESPONSE in self._wanted else ():
            if isinstance(cls, ClassObject):
                self._construct(cls)
        self._respond()
        for edge in self._frame.edges:
            if isinstance(edge.target, Activation):
                yield edge.target

    def _invoke(self, cls: ClassObject, method: str) -> None:
        invoked = self._inference.invoked(cls, method)
        call_invoked(self._frame, Instance(cls, True), invoked, self._site)

    def _construct(self, cls: ClassObject) -> None:
        self._inference.call(self._frame, (cls,), NO_ARGUMENTS, self._site)

    def _keyword(self, name: str) -> Values:
        for keyword in self._call.keywords:
            if keyword.name == name:
                return self._inference.evaluate(self._scope, keyword.value)
        return ()

    # ------------------------------------------------------------ requests

    def _of_request(
        self, function: FunctionObject, seen: dict[FunctionObject, None]
    ) -> Iterator[ClassObject]:
        """The models among the parameters of a function and of all that it depends on."""
        seen[function] = None
        signature = self._inference.signature(function)
        scope = self._inference.scope(function.file, function.closure, function.owner)
        for parameter, hint in zip(function.function.parameters, signature.hints, strict=False):
            providers = providers_of(scope, parameter, hint)
            for provider in providers:
                if isinstance(provider, FunctionObject) and provider not in seen:
                    yield from self._of_request(provider, seen)
            if not providers:
                for marker in metadata(hint):
                    if isinstance(marker, Wrapper) and marker.kind == MARKER:
                        self._inference.call(self._frame, marker.target, Arguments(open=True), self._site)
                yield from self._models(instances(hint), DEEPEST)

    def _models(self, values: Values, deepest: int) -> Iterator[ClassObject]:
        """The models among some values, in containers and in the fields of models."""
        for value in values if deepest else ():
            if isinstance(value, Instance):
                if self._is_model(value.cls):
                    yield value.cls
                    for field, owner in self._fields(value.cls).items():
                        yield from self._models(self._inference.annotated(owner, field), deepest - 1)
            else:
                yield from self._models(_elements(value), deepest)

    def _is_model(self, cls: ClassObject) -> bool:
        """Whether a class is one of pydantic's."""
        bases = [base for base in self._inference.mro(cls) if isinstance(base, str)]
        return MODEL in bases or any(
            each.name == MODEL for base in bases for each in self._inference.catalog.ancestors(base)
        )

    def _fields(self, cls: ClassObject) -> dict[str, ClassObject]:
        """The annotated fields of a class, with the class that declares each."""
        found: dict[str, ClassObject] = {}
        for owner in reversed(self._inference.mro(cls)):
            if isinstance(owner, ClassObject):
                for name, listed in self._inference.project.class_bindings[owner.definition].items():
                    if any(binding.annotation is not None for binding in listed):
                        found[name] = owner
        return found

    # ----------------------------------------------------------- responses

    def _respond(self) -> None:
        """Make what the endpoint returns into the response model, and write that."""
        returned: Values = ()
        if RESULT in self._wanted:
            returned = tuple(self._objects(self._inference.returns(self._activation), DEEPEST))
        if returned or REQUEST in self._wanted:
            declared = self._response_model()
            for model in dict.fromkeys(self._models(declared, DEEPEST)):
                self._invoke(model, "model_dump")
            self._read(returned, declared, DEEPEST)

    def _response_model(self) -> Values:
        """``response_model=``, or else what the endpoint is annotated to return."""
        returns = self._activation.function.returns
        given = self._keyword("response_model")
        if given:
            return instances(given)
        scope = ScopeFrame(self._inference, self._activation.file, self._activation.closure)
        return instances(self._inference.evaluate(scope, returns)) if returns is not None else ()

    def _objects(self, values: Values, deepest: int) -> Iterator[Instance]:
        """The objects among what is returned, in containers too, that are no models."""
        for value in values if deepest else ():
            if not isinstance(value, Instance):
                yield from self._objects(_elements(value), deepest - 1)
            elif not self._is_model(value.cls):
                yield value

    def _read(self, values: Values, wanted: Values, deepest: int) -> None:
        """Read from objects the attributes that the models in ``wanted`` have as fields."""
        objects = tuple(self._objects(values, deepest))
        for model in dict.fromkeys(self._models(wanted, 1)) if objects else ():
            self._invoke(model, "__init__")
            for field, owner in self._fields(model).items():
                inner = read(self._frame, objects, field, self._site)
                self._read(inner, self._inference.annotated(owner, field), deepest - 1)


def _elements(value: Value) -> Values:
    """What is in a container."""
    match value:
        case LibraryInstance(arguments=arguments):
            return gather(arguments)
        case Tuple(items=items):
            return gather(items)
        case Mapping():
            return contents(value)
        case _:
            return ()
