"""What a test says about names on the way where it holds, and where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.flags import flagged
from blocklint.flow.instance_tests import classes_named, of_classes
from blocklint.flow.truth import is_argument, may_be_none, never
from blocklint.flow.truth import truth as truth_of
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
from blocklint.project.versions import decided

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
        left = test.operands[0]
        if test.operators[0] in NONE_TESTS and (
            getattr(test.operands[1], "kind", "") == "None" or _asks_type(left)
        ):
            return True
        if type(left) is r.Subscript:
            left = left.value
        return type(left) in NAMED and left.name == "version_info"
    if kind is r.Call:
        return len(test.arguments) in (1, 2)
    return kind in TELLING_TESTS


NAMED = frozenset({r.Attribute, r.Name})


def _asks_type(expression: Any) -> bool:
    """``type(x)``."""
    return (
        type(expression) is r.Call
        and getattr(expression.callee, "name", "") == "type"
        and len(expression.arguments) == 1
    )


def _narrowing(frame: Frame, test: r.Expression, truth: bool) -> Narrowing:
    if type(test) is r.Name or type(test) is r.Walrus:
        return _by_name(frame, test.name, truth)
    if type(test) is r.BooleanOperation:
        alike = (test.operator == "and") is truth
        return (_all_of if alike else _any_of)(frame, test.operands, truth)
    if type(test) is r.Operator:
        return narrowing(frame, test.operands[0], not truth) if test.operators == ("not",) else {}
    if type(test) is r.Constant:
        return NEVER if never(test, truth) else {}
    if type(test) is r.Comparison and len(test.operators) == 1:
        return _by_comparison(frame, test, truth)
    return _by_call(frame, test, truth) if type(test) is r.Call else {}


def _by_comparison(frame: Frame, test: r.Comparison, truth: bool) -> Narrowing:
    operator, (left, right) = test.operators[0], test.operands
    if type(right) is r.Constant and right.kind == "None":
        return _compared_with_none(frame, left, operator, truth)
    if type(left) in NAMED or type(left) is r.Subscript:
        return NEVER if decided(test) is (not truth) else {}
    if type(left) is r.Call and len(left.arguments) == 1:
        return _type_is(frame, left.arguments[0], right, (operator in ("is", "==")) is truth)
    return {}


def _by_call(frame: Frame, test: r.Call, truth: bool) -> Narrowing:
    arguments, name = test.arguments, getattr(test.callee, "name", "")
    if len(arguments) == 2 and name == "isinstance" and type(test.callee) is r.Name:
        return _isinstance(frame, *arguments, truth)
    tells = TELLING.get(name)
    if tells is None or len(arguments) != 1 or type(arguments[0]) is not r.Name:
        return {}
    return _kept(frame, arguments[0].name, lambda v: tells(v) in (truth, None))


NEVER: Narrowing = {"": ()}
"""What a test says that never comes out so: no way leads there."""


def _by_name(frame: Frame, name: str, truth: bool) -> Narrowing:
    values = frame.lookup(name)
    if len(values) == 1 and type(values[0]) is Unknown:  # by far the most
        return {}
    kept = tuple([v for v in values if truth_of(frame, name, v) is not (not truth)])
    if len(kept) < len(values):
        return {name: kept}
    if not values or type(values[0]) is not LibraryInstance:  # tests give a bool
        return {}
    test = flagged(frame, name, values, TELLERS)
    return {} if test is None else narrowing(frame, test, truth)


def _all_of(frame: Frame, operands: tuple[r.Expression, ...], truth: bool) -> Narrowing:
    """What holds if all operands come out alike: each is tested where those before it have."""
    found = narrowing(frame, operands[0], truth)
    for operand in operands[1:]:
        if not found:
            found = narrowing(frame, operand, truth)
            continue
        with frame.assuming(found):
            more = narrowing(frame, operand, truth)
        found = {**found, **more}
    return found


def _any_of(frame: Frame, operands: tuple[r.Expression, ...], truth: bool) -> Narrowing:
    """What holds if some operand comes out so: the names that each of them tells of."""
    parts: list[Narrowing] = []
    for operand in operands:
        found = narrowing(frame, operand, truth)
        if not found:
            return {}
        if all(found.values()):  # else no value lets this one come out so
            parts.append(found)
    if not parts:
        return NEVER
    names = set(parts[0]).intersection(*parts[1:])
    return {name: gather(part[name] for part in parts) for name in sorted(names)}


NONE_TESTS = frozenset({"is", "is not", "==", "!="})

TELLING_TESTS = frozenset({r.Name, r.Walrus, r.Operator, r.BooleanOperation, r.Constant})


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

TELLERS = frozenset({"isinstance", "type", *TELLING})


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


def _compared_with_none(
    frame: Frame, left: r.Expression, operator: str, truth: bool
) -> Narrowing:
    name = _name_of(left)
    if name is None or operator not in ("is", "is not", "==", "!="):
        return {}
    values = frame.lookup(name)
    if (operator in ("is", "==")) is not truth:
        return _kept(frame, name, lambda value: value != NONE)
    if any(may_be_none(frame, name, value) for value in values):
        return {name: (NONE,)}
    return {name: ()} if values else {}


def _type_is(frame: Frame, subject: r.Expression, types: r.Expression, truth: bool) -> Narrowing:
    """``type(x) is Q``: of that class itself."""
    name = _name_of(subject)
    if name is None:
        return {}
    wanted = classes_named(frame, types)
    if len(wanted) != 1 or not isinstance(wanted[0], Instance):
        return {}
    cls = wanted[0].cls
    values = frame.lookup(name)
    others = tuple(v for v in values if isinstance(v, Instance) and v.exact and v.cls != cls)
    if not truth:
        rest = tuple(v for v in values if not (isinstance(v, Instance) and v.exact and v.cls == cls))
        return {name: rest} if len(rest) < len(values) else {}
    same = tuple(v for v in values if isinstance(v, Instance) and v.cls == cls)
    if not same and values and len(others) == len(values):
        return {name: ()}
    return {name: same or (Instance(cls, True),)}


def _isinstance(
    frame: Frame, subject: r.Expression, types: r.Expression, truth: bool
) -> Narrowing:
    name = _name_of(subject)
    if name is None:
        return {}
    values = frame.lookup(name)
    found = of_classes(frame, values, types, truth)
    if found is None:
        return {}
    if truth and not found and values and not is_argument(frame, name):
        found = of_classes(frame, (), types, truth) or values
    return {name: found} if found != values else {}
