"""FastAPI: what ``Depends`` passes to a parameter, and what runs around serving.

Where callables run was verified with FastAPI 0.163 (and 0.65 where it differs): ``def``
dependencies and endpoints run in worker threads, ``async def`` ones on the loop, and so do
``on_event`` handlers, ``def`` or not.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import metadata
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame
from blocklint.flow.edges import (
    NO_ARGUMENTS,
    Arguments,
    CallSite,
    Edge,
)
from blocklint.flow.expressions import evaluate
from blocklint.flow.plain import is_coroutine_function
from blocklint.frameworks import starlette
from blocklint.model import Phase, Runs, Span, Via
from blocklint.project.values import (
    ClassObject,
    Instance,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Suspended,
    TypeForm,
    Value,
    Values,
    gather,
)

MARKERS = frozenset(
    f"{module}.{name}"
    for module in ("fastapi", "fastapi.params", "fastapi.param_functions")
    for name in ("Depends", "Security")
)
MARKER = "fastapi.Depends"
VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
"""The decorators for path operations that are named after the HTTP method."""
APPLICATIONS = (
    "fastapi.FastAPI",
    "fastapi.APIRouter",
    "starlette.applications.Starlette",
    "starlette.routing.Router",
)


class FastApi:
    """The value hook for ``Depends``, and what applications are told to run."""

    names = MARKERS.union(APPLICATIONS, {f"{name}.add_event_handler" for name in APPLICATIONS})
    registering = frozenset({"APIRouter", "FastAPI", "Starlette", "add_event_handler"})

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """``Depends(provider)`` is a marker that holds its provider; applications have hooks."""
        if name in MARKERS:
            return (LibraryInstance(MARKER, (arguments.at(0, "dependency"),)),)
        owner, _, method = name.rpartition(".")
        if name in APPLICATIONS:
            for keyword in ("lifespan", "on_startup", "on_shutdown"):
                _register(frame, arguments.at(None, keyword), site)
            starlette.told(frame, arguments, site)
            # Applications are told apart by where they are made: routes belong to one of them.
            return (LibraryInstance(name, ((Literal(place_of(frame.file, site.span)),),)),)
        elif method == "add_event_handler" and owner in APPLICATIONS:
            _register(frame, arguments.at(1, "func"), site)
        return None

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """What the provider of a parameter gives, None if it has no provider."""
        activation = frame.activation
        if activation is None:
            return None
        scope = frame.inference.scope(activation.file, activation.closure, activation.owner)
        providers = providers_of(scope, parameter, declared)
        if not providers:
            return None
        where = parameter.default or parameter.annotation
        if where is None:
            return None
        site = CallSite(where.span, where, Via.DEPENDS)
        return gather(provide(frame, provider, site) for provider in providers)


def providers_of(scope: Frame, parameter: r.Parameter, declared: Values) -> Values:
    """What ``Depends`` names for a parameter; ``scope`` is the one around its function.

    ``declared`` are the values of the annotation expression, with its metadata.
    """
    found = list(metadata(declared))
    if isinstance(parameter.default, r.Call | r.Name | r.Attribute):
        found += evaluate(scope, parameter.default)
    markers = [v for v in found if isinstance(v, LibraryInstance) and v.name == MARKER and v.arguments]
    return gather(m.arguments[0] or _classes(declared) for m in markers)


def place_of(file: str, span: Span) -> str:
    """Where an application is made, as its identity: what ``identity`` gives."""
    return f"{file}:{span[0]}:{span[1]}"


def _register(frame: Frame, handlers: Values, site: CallSite) -> None:
    """Handlers that the loop runs before or after serving, ``def`` or not."""
    starts = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP, phase=Phase.STARTUP)
    for value in handlers:
        if isinstance(value, LibraryInstance):  # a list of handlers
            _register(frame, gather(value.arguments[:1]), site)
            continue
        for result in frame.inference.call(frame, (value,), Arguments(open=True), starts):
            made = [result]
            if isinstance(result, Instance):  # a lifespan may be a class with these methods
                for name in ("__aenter__", "__aexit__"):
                    method = read(frame, (result,), name, starts)
                    made += frame.inference.call(frame, method, Arguments(open=True), starts)
            for body in made:
                if isinstance(body, Suspended):
                    frame.record(Edge(starts, body.activation))


def _classes(declared: Values) -> Values:
    """``Depends()`` without an argument: the annotated class is the provider."""
    found: list[Value] = [v for v in declared if isinstance(v, ClassObject)]
    for form in declared:
        if isinstance(form, TypeForm):
            found += [v.cls for v in form.instances if isinstance(v, Instance)]
    return tuple(found)


def provide(frame: Frame, provider: Value, where: CallSite) -> Values:
    """What FastAPI gets from a provider: generators are entered, coroutines awaited."""
    runs = Runs.EVENT_LOOP if is_coroutine_function(provider) else Runs.WORKER_THREAD
    site = CallSite(where.span, where.called, Via.DEPENDS, runs)
    results = frame.inference.call(frame, (provider,), NO_ARGUMENTS, site)
    found: list[Values] = []
    for result in results:
        match result:
            case Suspended(kind="generator" | "async generator", activation=activation):
                frame.record(Edge(site, activation))
                found.append(frame.inference.yields(activation))
            case Suspended(kind="coroutine", activation=activation):
                found.append(frame.inference.returns(activation))
            case _:
                found.append((result,))
    return gather(found)


def startup_handler(frame: Frame, decorator: r.Expression) -> bool:
    """Whether a decorator is ``@app.on_event("startup")`` or its like."""
    match decorator:
        case r.Call(callee=r.Attribute(name="on_event", value=application)):
            values = evaluate(frame, application)
            return any(
                isinstance(v, LibraryInstance) and v.name in APPLICATIONS for v in values
            ) or not any(isinstance(v, LibraryInstance | LibraryMethod) for v in values)
        case _:
            return False
