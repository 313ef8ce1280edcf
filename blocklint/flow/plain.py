"""Library calls whose result does not depend on their arguments, and small questions about calls."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import from_library
from blocklint.flow.base import Frame
from blocklint.flow.edges import (
        Arguments,
    CallSite,
    Edge,
)
from blocklint.flow.told import typed
from blocklint.knowledge.records import Runner
from blocklint.model import Runs, Via
from blocklint.project.values import (
    NOTHING,
    FunctionObject,
    Instance,
    Library,
    LibraryMethod,
    Suspended,
    Tuple,
    Unknown,
    Value,
    Values,
    Wrapper,
)


def plain_result(frame: Frame, node: r.Call, value: Value) -> Values | None:
    """The result of a library call that does not depend on its arguments, None for any other.

    The arguments need not be evaluated but for the calls in them. Most calls are of this kind:
    methods of strings, dicts, loggers and of queries being built.
    """
    if type(value) is LibraryMethod:
        receiver = value.receiver
        plain = frame.inference.plain_calls[receiver.name, value.path]
    elif type(value) is Library and not value.arguments:
        receiver = None
        plain = frame.inference.plain_calls[value.name, ""]
    else:
        return None
    if plain is None:
        return None
    if plain.is_silent:
        frame.note_silent(node)
    else:
        frame.record(Edge(CallSite(node.span, node.callee, Via.CALL), plain.target))
    if plain.result is not None:
        return plain.result
    found = typed(frame.inference, plain.target.returns, receiver, NOTHING)
    return found or (Unknown(f"result of {plain.target.name}"),)


SOME_ARGUMENTS = Arguments(open=True)
"""Of what a library passes to a callable itself nothing is known."""


def rest(runner: Runner, arguments: Arguments) -> Arguments:
    """What the callable is called with: the arguments behind it, or what the library itself passes."""
    if runner.unpacks:
        given = arguments.at(None, runner.unpacks)
        known = len(given) == 1 and type(given[0]) is Tuple
        return Arguments(given[0].items) if known else SOME_ARGUMENTS  # type: ignore[attr-defined]
    if not runner.passes:
        if runner.arguments:
            return Arguments(tuple(from_library(each, None, NOTHING) for each in runner.arguments))
        return SOME_ARGUMENTS
    after = arguments.positional[runner.position + 1 :] if runner.position is not None else ()
    keywords = tuple(pair for pair in arguments.keywords if pair[0] != runner.keyword)
    return Arguments(after, keywords, arguments.open)


def deeper(outer: Runs | None, inner: Runs | None) -> Runs | None:
    """Where something runs that is started from a place which may itself be elsewhere."""
    return inner if inner is not None else outer


def result_of(frame: Frame, value: Value) -> Values:
    """What comes out when a runner is done: a coroutine has been awaited."""
    if isinstance(value, Suspended) and value.kind == "coroutine":
        return frame.inference.returns(value.activation)
    return (value,)


def is_coroutine_function(value: Value) -> bool:
    """Whether calling a value gives a coroutine; a partial is what it holds."""
    match value:
        case FunctionObject(function=function):
            return function.is_async
        case Wrapper(target=target):
            return any(map(is_coroutine_function, target))
        case Instance(cls=cls):
            return any(
                isinstance(s, r.DefineFunction)
                and s.function.is_async
                and s.function.name.endswith(".__call__")
                for s in cls.definition.body
            )
        case _:
            return False
