"""Which coroutines of the project may let the loop go on while they are awaited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.holders import awaits
from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.edges import Edge
from blocklint.model import Span, Via
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation


class Suspending:
    """Answers for one call graph. What is no coroutine of the project is taken to wait."""

    def __init__(self, graph: CallGraph) -> None:
        self._graph = graph
        self._known: dict[Activation, bool] = {}

    def may(self, activation: Activation) -> bool:
        """Whether a coroutine may wait; of one without a body it is not known."""
        found = self._known.get(activation)
        if found is None:
            self._known[activation] = False  # one that awaits itself only never waits
            found = self._known[activation] = activation.function.is_stub or self._waits(activation)
        return found

    def _waits(self, activation: Activation) -> bool:
        edges: defaultdict[Span, list[Edge]] = defaultdict(list)
        for edge in self._graph.edges.get(activation, ()):
            if edge.site.via is not Via.CALL:
                edges[edge.site.span].append(edge)
        for awaited in _awaited(activation.function):
            targets = awaits(found := edges.get(awaited.span, []))
            if len(targets) < len(found) or not targets:
                return True
            if any(self.may(edge.target) for edge in targets if type(edge.target) is Activation):
                return True
        return False


def _awaited(function: r.Function) -> Iterator[r.Expression]:
    """What a function awaits, enters with ``async with`` and goes through with ``async for``."""
    for statement in scope_statements(function.body):
        if type(statement) is r.With and statement.is_async:
            yield from (item.context for item in statement.items)
        elif type(statement) is r.Loop and statement.kind == "async for":
            yield statement.iterable
    for each in expressions(function.body):
        if type(each) is r.Await:
            yield each.value
        elif type(each) is r.Comprehension:
            yield from (part.iterable for part in each.generations if part.is_async)
