"""FastAPI: what the event loop runs for a route beside its endpoint, even if that is a ``def``.

Requests are validated there, and responses are written there: validators, serializers, computed
fields and ``response_class``. What the endpoint returns is made into the response model where
the endpoint ran: on the loop for an ``async def``, with every attribute that this reads.
Verified with FastAPI 0.163; FastAPI 0.65 does the same with pydantic 1.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame, Inference
from blocklint.flow.binding import of_definition
from blocklint.flow.callers import NotingFrame
from blocklint.flow.containers import contents
from blocklint.flow.edges import CallSite
from blocklint.flow.invoked import call_invoked
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.frameworks.called_routes import OWNERS, called_routes
from blocklint.frameworks.fastapi import VERBS, providers_of
from blocklint.model import Runs, Via
from blocklint.project.definitions import Definition
from blocklint.project.index import Project
from blocklint.project.mentions import leading_to, of_function, of_keywords
from blocklint.project.uses import last_name
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
    gather,
)

DECORATORS = VERBS | {"api_route"}
MODEL = "pydantic.BaseModel"
PROPERTIES = frozenset({"cached_property", "hybrid_property", "property"})
NONE = frozenset[str]()

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
    names = _Names(inference)
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


REQUEST, RESPONSE, RESULT = "request", "response", "result"
"""What of a route may run code: its models, ``response_class``, the attributes of what it returns."""


class _Names:
    """What the names in a route say beforehand of what may run code there: mostly that nothing does.

    ``routes`` are the functions with a decorator that has the name of one for routes.
    """

    def __init__(self, inference: Inference) -> None:
        project = inference.project
        templates = [inference.catalog.invoked[MODEL, method] for method in ("__init__", "model_dump")]
        names = frozenset(name for template in templates for name in template.names)
        markers = frozenset(name for template in templates for name in template.markers)
        found: set[str] = set()
        properties: set[str] = set()
        self.routes: list[tuple[Definition, r.Call]] = []
        for file, facts in project.modules.items():
            for definition in project.definitions[file]:
                function = definition.function
                for decorator in function.decorators:
                    last = last_name(decorator)
                    if last in DECORATORS:
                        if type(decorator) is r.Call:
                            self.routes.append((definition, decorator))
                    elif function.owner and last in markers:
                        found.add(function.owner.rpartition(".")[2])
                    elif function.owner and last in PROPERTIES:
                        properties.add(function.name.rpartition(".")[2])
                if function.owner and function.name.rpartition(".")[2] in names:
                    found.add(function.owner.rpartition(".")[2])
            for statement in facts.body.body if "pydantic" in facts.imported else ():
                if type(statement) is r.Import and statement.module.startswith("pydantic"):
                    found.update(markers.intersection(alias.bound for alias in statement.names))
        self._leading, self._files = leading_to(project, found) if found else (NONE, NONE)
        self._properties_are_fields = bool(properties) and _declared_anywhere(project, properties)

    def wanted(self, file: str, function: r.Function, call: r.Call) -> set[str]:
        """What has to be looked at of the route that a decorator or another call makes of a function."""
        found = set()
        given = {keyword.name for keyword in call.keywords}
        decorates = any(call is decorator for decorator in function.decorators)
        if (file in self._files and not self._leading.isdisjoint(of_function(function))) or not (
            decorates or self._leading.isdisjoint(of_keywords(call))
        ):
            found.add(REQUEST)
        if "response_class" in given:
            found.add(RESPONSE)
        if self._properties_are_fields and function.is_async and "response_model" in given:
            found.add(RESULT)
        return found


def _declared_anywhere(project: Project, names: set[str]) -> bool:
    """Whether some class declares a field of one of some names."""
    for _, cls in project.classes:
        for statement in cls.body:
            if type(statement) is r.Assign and statement.annotation is not None:
                target = statement.targets[0]
                if type(target) is r.Name and target.name in names:
                    return True
    return False


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
            self._invoke(model, "__init__")
        for cls in self._keyword("response_class") if RESPONSE in self._wanted else ():
            if isinstance(cls, ClassObject):
                self._invoke(cls, "__init__")
        self._respond()
        for edge in self._frame.edges:
            if isinstance(edge.target, Activation):
                yield edge.target

    def _invoke(self, cls: ClassObject, method: str) -> None:
        invoked = self._inference.invoked(cls, method)
        call_invoked(self._frame, Instance(cls, True), invoked, self._site)

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
                yield from self._models(instances(hint), DEEPEST)

    def _models(self, values: Values, deepest: int) -> Iterator[ClassObject]:
        """The models among some values, in containers and in the fields of models."""
        for value in values if deepest else ():
            if isinstance(value, Instance):
                order = self._inference.mro(value.cls)
                if MODEL in order:
                    yield value.cls
                    for field, owner in self._fields(value.cls).items():
                        yield from self._models(self._inference.annotated(owner, field), deepest - 1)
            else:
                yield from self._models(_elements(value), deepest)

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
            elif MODEL not in self._inference.mro(value.cls):
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
