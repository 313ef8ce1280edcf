"""Whether code lets the event loop go on in between: it awaits something that really suspends.

Awaiting a coroutine of the project does not by itself: one that never awaits runs to its end at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.base import Inference
from blocklint.flow.edges import Edge
from blocklint.model import Via
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation


def may_suspend(
    inference: Inference,
    parts: Sequence[r.Statement | r.Expression],
    edges: Iterable[Edge],
    seen: frozenset[Activation] = frozenset(),
) -> bool:
    """Whether some parts of a body may suspend it, or hand on to whoever iterates it, before they end.

    ``edges`` are those of the body. What nobody knows may suspend.
    """
    awaited = []
    for each in expressions(parts):
        if type(each) is r.Yield:
            return True
        if type(each) is r.Await:
            awaited.append(each.value)
        elif type(each) is r.Comprehension and any(one.is_async for one in each.generations):
            return True
    statements = [each for each in parts if not isinstance(each, r.Expression)]
    if any(_is_async(each) for each in scope_statements(statements)):
        return True
    if not awaited:
        return False
    listed = [edge for edge in edges if edge.site.via is Via.AWAIT]
    return any(_is_left(inference, value, listed, seen) for value in awaited)


def _is_left(
    inference: Inference, value: r.Expression, edges: Sequence[Edge], seen: frozenset[Activation]
) -> bool:
    """Whether awaiting a value may suspend: unless it is a project's coroutine that never does."""
    targets = [edge.target for edge in edges if edge.site.span == value.span]
    return not targets or any(
        type(target) is not Activation
        or (target not in seen and activation_suspends(inference, target, seen))
        for target in targets
    )


def activation_suspends(
    inference: Inference, activation: Activation, seen: frozenset[Activation] = frozenset()
) -> bool:
    """Whether running a coroutine of the project may suspend it."""
    edges = inference.outcome(activation).edges
    return may_suspend(inference, activation.function.body, edges, seen | {activation})


def _is_async(statement: r.Statement) -> bool:
    if type(statement) is r.Loop:
        return statement.kind == "async for"
    return type(statement) is r.With and statement.is_async
