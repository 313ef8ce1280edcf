"""What a test says about names on the way where it holds, and where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.base import Frame, Inference
from blocklint.project.values import (
    NONE,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Literal,
    Mapping,
    Suspended,
    Tuple,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
)

Narrowing = dict[str, Values]


def narrowings(frame: Frame, test: r.Expression) -> tuple[Narrowing, Narrowing]:
    """The values of local names if ``test`` holds, and if it does not."""
    if not _may_tell(test):
        return {}, {}
    return _narrowing(frame, test, True), _narrowing(frame, test, False)


def narrowing(frame: Frame, test: r.Expression, truth: bool) -> Narrowing:
    """The values of local names if ``test`` comes out as ``truth``."""
    return _narrowing(frame, test, truth) if _may_tell(test) else {}


def _may_tell(test: Any) -> bool:
    """Whether a test is of a kind that says something about a name: most are not."""
    kind = type(test)
    if kind is r.Comparison:
        return test.operators[0] in NONE_TESTS and getattr(test.operands[1], "kind", "") == "None"
    if kind is r.Call:
        return len(test.arguments) in (1, 2)
    return kind in TELLING_TESTS


def _narrowing(frame: Frame, test: r.Expression, truth: bool) -> Narrowing:
    match test:
        case r.Name(name=name) | r.Walrus(name=name):
            values = frame.lookup(name)
            if Literal not in map(type, values):
                return {}  # only of constants it is known whether they are true
            kept = tuple([value for value in values if _may_be(value, truth)])
            return {name: kept} if len(kept) < len(values) else {}
        case r.Operator(operators=("not",), operands=(operand,)):
            return narrowing(frame, operand, not truth)
        case r.BooleanOperation(operator=operator, operands=operands):
            if (operator == "and") is not truth:
                return {}
            found: Narrowing = {}
            for operand in operands:
                found.update(narrowing(frame, operand, truth))
            return found
        case r.Comparison(operators=(operator,), operands=(left, r.Constant(kind="None"))):
            return _compared_with_none(frame, left, operator, truth)
        case r.Call(callee=r.Name(name="isinstance"), arguments=(subject, types)):
            return _isinstance(frame, subject, types, truth)
        case r.Call(callee=callee, arguments=(r.Name(name=name),)):
            tells = TELLING.get(getattr(callee, "name", ""))
            return {} if tells is None else _kept(frame, name, lambda v: tells(v) in (truth, None))
        case _:
            return {}


NONE_TESTS = frozenset({"is", "is not", "==", "!="})

TELLING_TESTS = frozenset({r.Name, r.Walrus, r.Operator, r.BooleanOperation})


def narrowing_by_pattern(
    frame: Frame, subject: r.Expression, case: r.Case
) -> tuple[Narrowing, Narrowing]:
    """The subject's values if a case matches, and what is left of them if it does not."""
    pattern = case.pattern
    if pattern.kind == "capture" and len(pattern.children) == 1:
        pattern = pattern.children[0]
    if pattern.kind != "class" or pattern.expression is None:
        return {}, {}
    holds = _isinstance(frame, subject, pattern.expression, True)
    if pattern.children or case.guard is not None:
        return holds, {}
    return holds, _isinstance(frame, subject, pattern.expression, False)


def _is_coroutine_function(value: Value) -> bool | None:
    """Whether calling a value gives a coroutine, None if that is not known."""
    match value:
        case FunctionObject(function=function):
            return function.is_async and not function.is_generator
        case Wrapper(kind="partial", target=(target,)):
            return _is_coroutine_function(target)
        case ClassObject() | Literal():
            return False
        case _:
            return None


def _is_awaitable(value: Value) -> bool | None:
    """Whether a value can be awaited, None if that is not known."""
    match value:
        case Suspended(kind=kind):
            return kind == "coroutine"
        case LibraryInstance(name="collections.abc.Awaitable" | "asyncio.Task"):
            return True
        case Literal() | Tuple() | Mapping():
            return False
        case _:
            return None


TELLING: dict[str, Callable[[Value], bool | None]] = {
    "iscoroutinefunction": _is_coroutine_function,
    "is_async_callable": _is_coroutine_function,
    "iscoroutine": _is_awaitable,
    "isawaitable": _is_awaitable,
}
"""Tests, by the last part of their name in asyncio, inspect and Starlette."""


def _name_of(expression: r.Expression) -> str | None:
    match expression:
        case r.Name(name=name) | r.Walrus(name=name):
            return name
        case _:
            return None


def _kept(frame: Frame, name: str, keep: Callable[[Value], bool]) -> Narrowing:
    values = frame.lookup(name)
    kept = tuple(value for value in values if keep(value))
    return {name: kept} if len(kept) < len(values) else {}


def _may_be(value: Value, truth: bool) -> bool:
    """Whether a value may be true (or false). Objects are true, unknown ones may be both."""
    return bool(value.value) is truth if isinstance(value, Literal) else True


def _compared_with_none(
    frame: Frame, left: r.Expression, operator: str, truth: bool
) -> Narrowing:
    name = _name_of(left)
    if name is None or operator not in ("is", "is not", "==", "!="):
        return {}
    is_none = (operator in ("is", "==")) is truth
    if is_none:
        values = frame.lookup(name)
        return {name: (NONE,)} if values else {}
    return _kept(frame, name, lambda value: value != NONE)


def _isinstance(
    frame: Frame, subject: r.Expression, types: r.Expression, truth: bool
) -> Narrowing:
    name = _name_of(subject)
    if name is None:
        return {}
    wanted = _wanted(frame, types)
    if any(isinstance(value, Unknown) for value in wanted) or not wanted:
        return {}
    values = frame.lookup(name)
    matching = tuple(v for v in values if any(is_a(frame.inference, v, w) for w in wanted))
    if not truth:
        rest = tuple(v for v in values if v not in matching)
        return {name: rest} if len(rest) < len(values) else {}
    return {name: matching or wanted}


def _wanted(frame: Frame, types: r.Expression) -> Values:
    values = frame.inference.evaluate(frame, types)
    flat = gather(
        gather(v.items) if isinstance(v, Tuple) else (v,) for v in values
    )
    return instances(flat)


def is_a(inference: Inference, value: Value, wanted: Value) -> bool:
    """Whether a value is certainly an instance of the wanted one's class."""
    match value, wanted:
        case Instance(cls=cls), Instance(cls=other):
            definitions = [c.definition for c in inference.mro(cls) if not isinstance(c, str)]
            return other.definition in definitions
        case Instance(cls=cls), LibraryInstance(name=name):
            return name in inference.mro(cls)
        case LibraryInstance(name=name), LibraryInstance(name=other_name):
            return inference.catalog.is_subclass(name, other_name)
        case Literal(value=constant), LibraryInstance(name=name):
            return f"builtins.{type(constant).__name__}" == name
        case _:
            return False
