"""The values of the expressions on a line: its function is interpreted again, with probes in it.

A probe is an assignment, put before the statement, of one of its expressions to a name that no
source can have. So the interpreter need not keep what nearly nobody asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from blocklint.facts import records as r
from blocklint.facts.walk import own_expressions, with_suites
from blocklint.flow.base import Inference
from blocklint.flow.queries import Queries
from blocklint.model import Span
from blocklint.project.values import NOTHING, Activation, Values, union

MOST_ACTIVATIONS = 20
"""A function that is interpreted for more kinds of arguments is probed for the first of them."""

_SILENT = r.Constant | r.Starred | r.Lambda | r.Opaque
"""Of these there is nothing to say, or not by evaluating them."""


class Probed(msgspec.Struct, frozen=True):
    """An expression on the line, with all the values that it has been seen to have."""

    expression: r.Expression
    values: Values


def probe(
    inference: Inference, queries: Queries, activations: Iterable[Activation], line: int
) -> list[Probed]:
    """The expressions on a line of one function, in all its activations, in source order."""
    chosen = list(activations)[:MOST_ACTIVATIONS]
    if not chosen:
        return []
    found: dict[str, r.Expression] = {}
    function = chosen[0].function
    body = _probed(function.body, line, found)
    changed = msgspec.structs.replace(function, body=body, bound=(*function.bound, *found))
    values = dict.fromkeys(found, NOTHING)
    for activation in chosen:
        copy = msgspec.structs.replace(activation, function=changed)
        inference.outcome(copy)
        queries.solve()
        names = inference.outcome(copy).names
        for name in found:
            values[name] = union(values[name], names.get(name, NOTHING))
    probed = [Probed(expression, values[name]) for name, expression in found.items()]
    return sorted(probed, key=lambda item: (item.expression.span[:2], item.expression.span[2:]))


def _probed(
    body: tuple[r.Statement, ...], line: int, found: dict[str, r.Expression]
) -> tuple[r.Statement, ...]:
    """A suite with probes before the statements on the line."""
    statements: list[r.Statement] = []
    for statement in body:
        if isinstance(statement, r.DefineFunction | r.DefineClass) or covers(statement.span, line):
            statement = _unfolded(statement)
            statements += _probes(statement, line, found)
            statement = with_suites(statement, lambda suite: _probed(suite, line, found))
        statements.append(statement)
    return tuple(statements)


def _unfolded(statement: r.Statement) -> r.Statement:
    """``with a as x, b(x) as y``: one statement for each, so that the second can be probed."""
    if not isinstance(statement, r.With) or len(statement.items) == 1:
        return statement
    first, *rest = statement.items
    inner = msgspec.structs.replace(statement, items=tuple(rest))
    return msgspec.structs.replace(statement, items=(first,), body=(inner,))


def _probes(
    statement: r.Statement, line: int, found: dict[str, r.Expression]
) -> Iterator[r.Statement]:
    listed = list(own_expressions(statement))
    bound = set(_targets(statement, listed))
    for expression in listed:
        if isinstance(expression, r.Comprehension) and covers(expression.span, line):
            yield r.Evaluate(expression.span, expression)  # binds its variables
        if expression not in bound and not isinstance(expression, _SILENT) and is_on(expression, line):
            name = f"<probe {len(found)}>"
            found[name] = expression
            yield r.Assign(expression.span, (r.Name(*expression.span[:2], name),), expression)


def _targets(statement: r.Statement, listed: Iterable[r.Expression]) -> Iterator[r.Expression]:
    """What is bound, not read: targets, but for the objects whose attributes or items are set."""
    pending: list[r.Expression | None] = []
    match statement:
        case r.Assign(targets=targets) | r.Delete(targets=targets):
            pending += targets
        case r.Loop(target=target):
            pending.append(target)
        case r.With(items=items):
            pending += [item.target for item in items]
        case _:
            pass
    for expression in listed:
        if isinstance(expression, r.Comprehension):
            pending += [generation.target for generation in expression.generations]
    while pending:
        target = pending.pop()
        if isinstance(target, r.Collection):
            pending += target.items
        elif isinstance(target, r.Starred):
            pending.append(target.value)
        if target is not None:
            yield target


def covers(span: Span, line: int) -> bool:
    """Whether a line is one of a span's."""
    return span[0] <= line <= span[2]


def is_on(expression: r.Expression, line: int) -> bool:
    """Whether an expression begins or ends on a line: a chain is read where its links stand."""
    return line in (expression.span[0], expression.span[2])
