"""LAG406: what FastAPI is given fails whenever it is called, and so do other registrations.

Verified with FastAPI 0.163: ``Depends`` on a ``@contextmanager`` function is answered by HTTP 500, its
body never runs; a ``def`` wrapper without ``functools.wraps`` around an ``async def`` runs in a thread
and gives a coroutine that nobody awaits; a ``def`` websocket endpoint runs on the loop, where awaiting
what it returns raises a TypeError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.base import Frame
from blocklint.flow.binding import default, of_definition
from blocklint.flow.conditions import text
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.inference import Inference
from blocklint.flow.origins import handed_at
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.frameworks.fastapi import MARKERS
from blocklint.model import FunctionKey, Hop, Phase, Runs, Via
from blocklint.project.definitions import Definition
from blocklint.project.uses import last_name
from blocklint.project.values import (
    Activation,
    FunctionObject,
    Library,
    Suspended,
    Value,
    Values,
    Wrapper,
    known,
)
from blocklint.rules.chains import brief
from blocklint.rules.refusals import refusals
from blocklint.rules.reporting import Located, Reporter

CODE = "LAG406"

MARKER_NAMES = frozenset(name.rpartition(".")[2] for name in MARKERS)
CONTEXT_MANAGERS = ("context manager", "async context manager")
WRAPPING = frozenset({"wraps", "update_wrapper", "decorator", "__wrapped__", "__signature__"})
UNDECORATED = "remove the decorator, and wrap the function where a with statement uses it"
UNWRAPPED = "decorate the wrapper with functools.wraps, or make it a coroutine function"


def find(inference: Inference) -> list[Located]:
    """The findings of a project: at the dependency, or at the decorator."""
    return _Search(inference).findings()


class _Search:
    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._project = inference.project
        self._reporter = Reporter(inference.project, CODE)
        self._handlers = inference.handlers
        self._judged: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._strict = frozenset[str]().union(
            *(
                handler.decorators
                for handlers in inference.catalog.handlers.values()
                for handler in handlers
                if handler.coroutines_only
            )
        )

    def findings(self) -> list[Located]:
        """All of them."""
        for file, facts in self._project.modules.items():
            uses_depends = "fastapi" in " ".join(facts.imported)
            if uses_depends:
                module = ScopeFrame(self._inference, file)
                body = FunctionKey(file, "<module>")
                self._dependencies(module, body, _in_body(facts.body.body))
            for definition in self._project.definitions[file]:
                function = definition.function
                if function.decorators:
                    self._decorated(definition)
                if uses_depends and (found := [*_in_head(function)]):
                    scope = _scope(self._inference, definition) if definition.enclosing else module
                    self._dependencies(scope, _key(definition), found, of_definition(definition))
                if uses_depends and function.has_definitions and (found := [*_in_body(function.body)]):
                    own = LazyFrame(self._inference, of_definition(definition))
                    self._dependencies(own, _key(definition), found)
        for refused in refusals(self._inference):
            site = CallSite(refused.call.span, refused.call.callee, Via.CALL)
            said = f"{refused.by}() refuses {refused.method}: it is a def, and a coroutine is wanted"
            self._report(refused.key, site, said, refused.by, "make it an async def")
        return self._reporter.findings()

    # ----------------------------------------------------------- dependencies

    def _dependencies(
        self, scope: Frame, key: FunctionKey, calls: Iterable[r.Call], within: Activation | None = None
    ) -> None:
        for call in calls:
            provider = handed_at(call, 0, "dependency")
            if provider is not None:
                fault = self._fault(scope, provider)
                if fault and self._is_marker(scope, call):
                    name, marker = text(provider) or "its argument", last_name(call)
                    site = CallSite(call.span, call.callee, Via.DEPENDS)
                    said = f"{marker}({name}) {fault[0]}"
                    self._report(key, site, said, f"fastapi.{marker}", fault[1], within)

    def _is_marker(self, scope: Frame, call: r.Call) -> bool:
        values = self._inference.evaluate(scope, call.callee)
        return all(isinstance(v, Library) and v.name in MARKERS for v in values)

    def _fault(self, scope: Frame, provider: r.Expression) -> tuple[str, str] | None:
        """What is wrong with a provider and what helps; the same few are asked for again and again."""
        place = (scope.file, text(provider)) if scope.closure is None else ("", "")
        if not place[1]:
            return self._judge(scope, provider)
        if place not in self._judged:
            self._judged[place] = self._judge(scope, provider)
        return self._judged[place]

    def _judge(self, scope: Frame, provider: r.Expression) -> tuple[str, str] | None:
        values = known(self._inference.evaluate(scope, provider))
        if values and all(isinstance(v, Wrapper) and v.kind in CONTEXT_MANAGERS for v in values):
            return "fails: that is a context manager, FastAPI wants the bare generator", UNDECORATED
        if values and all(_hides_coroutine(self._inference, value) for value in values):
            return "gives a coroutine that nobody awaits: a def around a coroutine function", UNWRAPPED
        return None

    # -------------------------------------------------------------- decorators

    def _decorated(self, definition: Definition) -> None:
        function = definition.function
        if not function.is_async and not self._strict.isdisjoint(map(last_name, function.decorators)):
            for decorator in function.decorators[-1:]:
                handler = self._handlers.registering(definition, decorator)
                if handler is not None and handler.coroutines_only:
                    name = last_name(decorator)
                    said = f"{name} fails: {brief(function.name)} is a def, and what it returns is awaited"
                    self._at(definition, decorator, said, f"{handler.owner}.{name}", "make it an async def")
        elif function.is_async and len(function.decorators) > 1:
            self._hidden(definition)

    def _hidden(self, definition: Definition) -> None:
        """A coroutine function that decorators turn into a ``def`` before a framework is given it."""
        function = definition.function
        for position, decorator in enumerate(function.decorators[:-1]):
            handler = self._handlers.registering(definition, decorator)
            if handler is None or handler.runs is not Runs.WORKER_THREAD:
                continue
            scope = _scope(self._inference, definition)
            values: Values = (FunctionObject(definition.file, function, scope.closure, None, scope.owner),)
            for inner in reversed(function.decorators[position + 1 :]):
                made_by = self._inference.evaluate(scope, inner)
                site = CallSite(inner.span, inner, Via.DECORATOR)
                values = self._inference.call(scope, made_by, Arguments((values,)), site)
                if known(values) and all(_hides_coroutine(self._inference, v) for v in values):
                    name = last_name(inner)
                    said = f"{name} hides the coroutine function {function.name}: nobody awaits its coroutine"
                    self._at(definition, inner, said, f"{handler.owner}.{last_name(decorator)}", UNWRAPPED)
                    return

    def _at(
        self, definition: Definition, decorator: r.Expression, said: str, culprit: str, hint: str
    ) -> None:
        called = decorator.callee if type(decorator) is r.Call else decorator
        site = CallSite(decorator.span, called, Via.DECORATOR)
        self._report(_key(definition), site, said, culprit, hint, of_definition(definition))

    def _report(
        self,
        key: FunctionKey,
        site: CallSite,
        said: str,
        culprit: str,
        hint: str,
        within: Activation | None = None,
    ) -> None:
        hop = Hop(self._project.show(key), culprit, key.file, *site.place, site.via)
        self._reporter.add(key, site, said, (hop,), Phase.SERVING, hint, within=within)


def _in_head(function: r.Function) -> Iterator[r.Call]:
    """What ``Depends`` stands in a function's parameters and in its decorators."""
    for parameter in function.parameters:
        if type(parameter.default) is r.Call:
            yield from _marker(parameter.default)
        if type(parameter.annotation) is r.Subscript:
            yield from _in_annotation(parameter.annotation)
    for decorator in function.decorators:
        yield from _listed(decorator)


def _in_body(body: Sequence[r.Statement]) -> Iterator[r.Call]:
    """What ``Depends`` stands in the statements of a body: aliases, and lists of dependencies."""
    for statement in body:
        kind = type(statement)
        if kind is r.Assign or kind is r.Evaluate:
            value = statement.value  # type: ignore[union-attr]
            if type(value) is r.Subscript:
                yield from _in_annotation(value)
            else:
                yield from _listed(value)


def _in_annotation(annotation: r.Subscript) -> Iterator[r.Call]:
    """``Annotated[Session, Depends(get_db)]``."""
    if last_name(annotation.value) == "Annotated" and type(annotation.index) is r.Collection:
        for item in annotation.index.items:
            if type(item) is r.Call:
                yield from _marker(item)


def _listed(call: r.Expression | None) -> Iterator[r.Call]:
    """``dependencies=[Depends(check)]``."""
    if type(call) is r.Call:
        for keyword in call.keywords:
            if keyword.name == "dependencies":
                for each in expressions((keyword.value,)):
                    if type(each) is r.Call:
                        yield from _marker(each)


def _marker(call: r.Call) -> Iterator[r.Call]:
    if last_name(call.callee) in MARKER_NAMES:
        yield call


def _key(definition: Definition) -> FunctionKey:
    return FunctionKey(definition.file, definition.function.name, definition.function.ordinal)


def _scope(inference: Inference, definition: Definition) -> Frame:
    """Where the decorators and annotations of a function are evaluated."""
    activation = of_definition(definition)
    return inference.scope(definition.file, activation.closure, activation.owner)


def _hides_coroutine(inference: Inference, value: Value) -> bool:
    """Whether it is the ``def`` that a decorator puts around a coroutine function, and does not look like it.

    ``functools.wraps`` and its like leave a trace by which FastAPI sees what is inside.
    """
    if type(value) is not FunctionObject or value.function.is_async or value.closure is None:
        return False
    if value.function.decorators or value.function.is_generator or _leaves_trace(value.closure):
        return False
    wrapped = {
        given.function
        for _, values in value.closure.arguments
        for given in values
        if type(given) is FunctionObject and given.function.is_async
    }
    found = inference.returns(default(value)) if wrapped else ()
    return bool(found) and all(
        isinstance(v, Suspended) and v.kind == "coroutine" and v.activation.function in wrapped for v in found
    )


def _leaves_trace(maker: Activation) -> bool:
    return any(
        (type(each) is r.Attribute or type(each) is r.Name) and each.name in WRAPPING
        for each in expressions(maker.function.body)
    )
