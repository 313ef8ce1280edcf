"""Whether code lets the event loop go on in between: it awaits something that really suspends.

Awaiting a coroutine of the project does not by itself: one that never awaits runs to its end at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.base import Inference
from blocklint.flow.edges import Edge
from blocklint.model import Span, Via
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation


class Suspending:
    """Answers for one set of edges, ``edges_of`` each activation, that must not change any more.

    What is no coroutine of the project, or one without a body, is taken to suspend.
    """

    def __init__(self, edges_of: Callable[[Activation], Iterable[Edge]]) -> None:
        self._edges_of = edges_of
        self._known: dict[Activation, bool] = {}

    def may(self, activation: Activation) -> bool:
        """Whether a coroutine of the project may suspend whoever awaits it."""
        found = self._known.get(activation)
        if found is None:
            function = activation.function
            self._known[activation] = False  # one that awaits itself only never does
            found = function.is_stub or (
                function.awaits and self.may_any(awaited(function.body), self._edges_of(activation))
            )
            self._known[activation] = found
        return found

    def may_any(self, values: Iterable[r.Expression], edges: Iterable[Edge]) -> bool:
        """Whether awaiting one of some values may suspend; ``edges`` are those of the body around them."""
        listed: defaultdict[Span, list[Edge]] | None = None
        for value in values:
            if listed is None:
                listed = defaultdict(list)
                for edge in edges:
                    if edge.site.via is not Via.CALL:
                        listed[edge.site.span].append(edge)
            found = listed.get(value.span, ())
            targets = [edge.target for edge in coroutines(found)]
            if len(targets) < len(found) or not targets:
                return True
            if any(self.may(target) for target in targets if type(target) is Activation):
                return True
        return False


def may_suspend(
    inference: Inference, parts: Sequence[r.Statement | r.Expression], edges: Iterable[Edge]
) -> bool:
    """Whether some parts of a body may suspend it, or hand on to whoever iterates it, before they end.

    ``edges`` are those of the body. What nobody knows may suspend.
    """
    if any(type(each) is r.Yield for each in expressions(parts)):
        return True
    return Suspending(lambda activation: inference.outcome(activation).edges).may_any(awaited(parts), edges)


def coroutines(edges: Iterable[Edge]) -> list[Edge]:
    """The edges that lead into coroutines of the project, where these are awaited, entered or iterated."""
    return [
        edge
        for edge in edges
        if edge.site.via is not Via.CALL and type(edge.target) is Activation and edge.target.function.is_async
    ]


def awaited(parts: Sequence[r.Statement | r.Expression]) -> Iterator[r.Expression]:
    """What is awaited in some parts, entered with ``async with`` and gone through with ``async for``."""
    for statement in scope_statements([each for each in parts if not isinstance(each, r.Expression)]):
        if type(statement) is r.With and statement.is_async:
            yield from (item.context for item in statement.items)
        elif type(statement) is r.Loop and statement.kind == "async for":
            yield statement.iterable
    for each in expressions(parts):
        if type(each) is r.Await:
            yield each.value
        elif type(each) is r.Comprehension:
            yield from (part.iterable for part in each.generations if part.is_async)
