"""What library functions run for their callers: the callables that they are given, as the catalogue says."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.flow import handovers, told
from blocklint.flow.base import Frame
from blocklint.flow.conditions import holds
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.flow.plain import deeper, is_coroutine_function, rest, result_of
from blocklint.knowledge.records import LibraryCallable, Runner
from blocklint.model import Runs, Via
from blocklint.project.values import (
    NOTHING,
    FunctionObject,
    Library,
    LibraryInstance,
    Mapping,
    Suspended,
    Tuple,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
    without_none,
)

_CONTAINERS = {
    "builtins.list": 0, "builtins.tuple": 0, "builtins.set": 0, "builtins.frozenset": 0, "builtins.dict": 1,
}  # fmt: skip
"""Which type argument of a container is what it holds: of a dictionary its values."""


def run_given(
    frame: Frame,
    method: LibraryCallable,
    receiver: LibraryInstance | None,
    arguments: Arguments,
    site: CallSite,
) -> Values:
    """Run what a library callable is given; gives the result of that, or what runs it later."""
    first = method.runners[0]
    if first.when == "result-call":
        target = arguments.at(first.position, first.keyword)
        handovers.note(frame, method, first, NOTHING, arguments, site)
        # Called with options only, it gives the decorator.
        return (Wrapper("runner", target, name=method.name),) if target else (Library(method.name),)
    if first.when == "object":
        return _object(method, first, arguments)
    found = []
    for runner in method.runners:
        target = tuple(_callables(_given(runner, receiver, arguments)))
        if target:
            if any(holds(condition, arguments) for condition in runner.unless):
                runner = msgspec.structs.replace(runner, runs=Runs.WORKER_THREAD, coroutines=Runs.EVENT_LOOP)
            found.append(run(frame, target, runner, rest(runner, arguments), site))
        handovers.note(frame, method, runner, found[-1] if target else NOTHING, arguments, site)
    return gather(found)


def _given(runner: Runner, receiver: LibraryInstance | None, arguments: Arguments) -> Values:
    """What a runner is told to run."""
    keyword = runner.keyword
    if keyword == "$0":
        return receiver.arguments[0] if receiver is not None and receiver.arguments else NOTHING
    if keyword is not None and keyword.endswith("*"):
        return gather(values for name, values in arguments.keywords if name.startswith(keyword[:-1]))
    return arguments.at(runner.position, keyword)


def _callables(values: Values, depth: int = 2) -> Iterator[Value]:
    """The values themselves, of a container those that it holds."""
    for value in values:
        kind = type(value)
        if depth and kind is Tuple:
            yield from _callables(gather(value.items), depth - 1)  # type: ignore[attr-defined]
        elif depth and kind is Mapping:
            items = gather([value.others, *(each for _, each in value.items)])  # type: ignore[attr-defined]
            yield from _callables(items, depth - 1)
        elif depth and isinstance(value, LibraryInstance) and value.name in _CONTAINERS:
            yield from _callables(gather(value.arguments[_CONTAINERS[value.name] :][:1]), depth - 1)
        else:
            yield value


def _object(method: LibraryCallable, runner: Runner, arguments: Arguments) -> Values:
    """What a decorator makes of a function: an object of the library that runs it when it is called.

    A plain function whose first parameter is called ``self`` is given the object: so tasks are bound.
    """
    target = without_none(arguments.at(runner.position, runner.keyword))
    functions = tuple(value for value in target if not isinstance(value, LibraryInstance | Unknown))
    if not functions:
        return (Library(method.name),)  # called with options only, it gives the decorator
    name = method.returns[0].name
    bound = tuple(_bound(value, LibraryInstance(name, (functions,))) for value in functions)
    return (Wrapper("object", bound, name=name),)


def _bound(value: Value, receiver: LibraryInstance) -> Value:
    if isinstance(value, FunctionObject) and not value.function.owner and value.receiver is None:
        parameters = value.function.parameters
        if parameters and parameters[0].name == "self":
            return msgspec.structs.replace(value, receiver=receiver)
    return value


def run(
    frame: Frame, target: Values, runner: Runner, arguments: Arguments, site: CallSite
) -> Values:
    """Run a callable in the thread that a runner names; gives its result, awaited."""
    found = []
    for value in without_none(target):
        where = runner.coroutines if runner.coroutines and is_coroutine_function(value) else runner.runs
        there = deeper(site.switches_to, where)
        inner = CallSite(site.span, site.called, Via.CALLBACK, there, phase=runner.phase)
        result = frame.inference.call(frame, (value,), arguments, inner)
        if runner.phase is not None:
            _enter(frame, result, inner)
        elif runner.generators is not None:
            made = tuple(v for v in result if isinstance(v, Suspended) and v.kind == "generator")
            _enter(frame, made, msgspec.structs.replace(inner, to_yield=True))
        if where is Runs.EVENT_LOOP or runner.coroutines is not None:
            result = gather(result_of(frame, item) for item in result)
        found.append(result)
    return gather(found)


def _enter(frame: Frame, made: Values, site: CallSite) -> None:
    """What a hook around serving gives is awaited, or entered and left, there."""
    for value in made:
        if isinstance(value, Suspended):
            frame.record(Edge(site, value.activation))


def run_wrapped(frame: Frame, value: Wrapper, arguments: Arguments, site: CallSite) -> Values:
    """Calling the result of ``sync_to_async(f)``: f runs where that runner says."""
    method = frame.inference.catalog.function(value.name) or frame.inference.catalog.method(
        *value.name.rsplit(".", 1)
    )
    if method is None or not method.runners:
        return (Unknown("runner"),)
    if method.blocks is not None:
        frame.record(Edge(site, method))
    result = run(frame, value.target, method.runners[0], arguments, site)
    return told.typed(frame.inference, method.returns, None, result) or (Unknown("runner"),)
