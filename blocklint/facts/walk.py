"""What is inside a record: expressions, at any depth, in source order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blocklint.facts import records as r


def expressions(parts: Sequence[object]) -> Iterator[r.Expression]:
    """Every expression in some records, each before its parts.

    Bodies of nested functions, lambdas and classes are left out, but for what is evaluated where
    they are defined: decorators, defaults, bases, the body of a class.
    """
    stack: list[object] = list(reversed(parts))
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(reversed(item))
            continue
        if isinstance(item, _EXPRESSIONS):
            yield item
        match item:
            case r.Lambda(function=function):
                stack.extend(reversed(_defaults(function)))
            case r.DefineFunction(function=function):
                stack.extend(reversed((*function.decorators, *_defaults(function))))
            case r.Record():
                stack.extend(reversed([getattr(item, field) for field in item.__struct_fields__]))
            case _:
                pass


def _defaults(function: r.Function) -> list[r.Expression]:
    return [p.default for p in function.parameters if p.default is not None]


def lambdas(function: r.Function) -> Iterator[r.Function]:
    """The lambdas that a function's own body makes, those of its classes' bodies included."""
    for expression in expressions(function.body):
        if isinstance(expression, r.Lambda):
            yield expression.function


_EXPRESSIONS = (
    r.Name, r.Attribute, r.Call, r.Subscript, r.Await, r.Yield, r.Lambda, r.Conditional,
    r.BooleanOperation, r.Comparison, r.Operator, r.Collection, r.Comprehension,
    r.FormattedString, r.Constant, r.Walrus, r.Starred, r.Opaque,
)  # fmt: skip
