"""What is inside a record: expressions, at any depth, in source order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from blocklint.facts import records as r

R = TypeVar("R", bound=r.Record)


def expressions(parts: Sequence[object], into_statements: bool = True) -> Iterator[r.Expression]:
    """Every expression in some records, each before its parts.

    Bodies of nested functions, lambdas and classes are left out, but for what is evaluated where
    they are defined: decorators, defaults, bases, the body of a class.
    """
    stack: list[Any] = list(reversed(parts))
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is tuple:
            stack.extend(reversed(item))
            continue
        # By type: asking a record for its class is slow where the answer is no (msgspec 0.22).
        if kind in _STATEMENTS and not into_statements:
            continue
        if kind in _EXPRESSIONS:
            yield item
        if kind is r.Attribute:  # the commonest first, by hand: most of their fields are numbers
            stack.append(item.value)
        elif kind is r.Call:
            stack += [keyword.value for keyword in reversed(item.keywords)]
            stack += reversed(item.arguments)
            stack.append(item.callee)
        elif kind is r.Lambda:
            stack.extend(reversed(_defaults(item.function)))
        elif kind is r.DefineFunction:
            function = item.function
            stack.extend(reversed((*function.decorators, *_defaults(function))))
        elif kind not in _PLAIN and isinstance(item, r.Record):
            stack.extend(reversed([getattr(item, field) for field in item.__struct_fields__]))


def calls(parts: Sequence[r.Expression]) -> Iterator[r.Call]:
    """Every call in some expressions, each before its parts, but for those in lambdas."""
    stack: list[Any] = list(reversed(parts))
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is r.Call:
            yield item
            stack += [keyword.value for keyword in reversed(item.keywords)]
            stack += reversed(item.arguments)
            stack.append(item.callee)
        elif kind is r.Attribute:
            stack.append(item.value)
        elif kind not in _ATOMS:
            yield from (each for each in expressions([item]) if type(each) is r.Call)


_ATOMS = frozenset({r.Name, r.Constant})


def own_expressions(statement: r.Statement) -> Iterator[r.Expression]:
    """Every expression that a statement evaluates itself: of a compound one, what heads its suites."""
    return expressions([getattr(statement, field) for field in statement.__struct_fields__], False)


def _defaults(function: r.Function) -> list[r.Expression]:
    return [p.default for p in function.parameters if p.default is not None]


def with_suites(
    statement: r.Statement, change: Callable[[tuple[r.Statement, ...]], tuple[r.Statement, ...]]
) -> r.Statement:
    """A compound statement with its suites changed; definitions have none."""
    if isinstance(statement, r.DefineFunction | r.DefineClass):
        return statement
    return _changed(statement, change)


def _changed(record: R, change: Callable[[tuple[r.Statement, ...]], tuple[r.Statement, ...]]) -> R:
    changes: dict[str, object] = {}
    for field in record.__struct_fields__:
        value = getattr(record, field)
        if isinstance(value, tuple) and value:
            if type(value[0]) in _STATEMENTS:
                changes[field] = change(value)
            elif isinstance(value[0], r.Branch | r.Handler | r.Case):
                changes[field] = tuple(_changed(item, change) for item in value)
    return msgspec.structs.replace(record, **changes) if changes else record


def lambdas(function: r.Function) -> Iterator[r.Function]:
    """The lambdas that a function's own body makes, those of its classes' bodies included."""
    for expression in expressions(function.body):
        if isinstance(expression, r.Lambda):
            yield expression.function


_EXPRESSIONS = frozenset({
    r.Name, r.Attribute, r.Call, r.Subscript, r.Await, r.Yield, r.Lambda, r.Conditional,
    r.BooleanOperation, r.Comparison, r.Operator, r.Collection, r.Comprehension,
    r.FormattedString, r.Constant, r.Walrus, r.Starred, r.Opaque,
})  # fmt: skip
_STATEMENTS = frozenset({
    r.Assign, r.Evaluate, r.Return, r.If, r.Loop, r.With, r.Try, r.Match, r.Raise, r.Assert,
    r.Jump, r.Delete, r.Import, r.Declare, r.DefineFunction, r.DefineClass,
})  # fmt: skip
_PLAIN = frozenset({str, int, bool, type(None)})
