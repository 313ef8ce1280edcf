"""How a function is reached in each of its threads: the shortest way from where the thread begins."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

import msgspec

from blocklint.callgraph.complete import Complete
from blocklint.callgraph.contexts import Contexts
from blocklint.flow.edges import Edge
from blocklint.model import Runs, Via
from blocklint.project.values import Activation

_Callers = defaultdict[Activation, list[tuple[Activation, Edge]]]
_Steps = dict[Activation, tuple[Activation, Edge] | None]


class Context(msgspec.Struct, frozen=True):
    """One thread in which a function is reached.

    ``way`` are the functions on the shortest way in, each with the place where it goes on; empty
    if the function is where the thread begins. ``callers`` is how many functions call it there.
    """

    runs: Runs
    way: tuple[str, ...]
    callers: int


class WaysIn:
    """Answers for one call graph."""

    def __init__(self, graph: Complete, contexts: Contexts) -> None:
        self._graph = graph
        self._contexts = contexts
        self._callers: dict[Runs, _Callers] = {}

    def of(self, activations: Iterable[Activation]) -> Iterator[Context]:
        """The contexts of a function, given its activations."""
        own = list(activations)
        for runs in sorted({runs for activation in own for runs in self._contexts.of(activation)}):
            callers = self._by_callee(runs)
            start = [activation for activation in own if runs in self._contexts.of(activation)]
            direct = {caller.key() for activation in start for caller, _ in callers[activation]}
            yield Context(runs, tuple(self._way(start, callers)), len(direct))

    def at_import(self, activations: Iterable[Activation]) -> tuple[str, ...]:
        """Who calls a function that is reached in no thread of its own: modules, at last."""
        own = set(activations)
        found = {
            self._step(caller, edge)
            for caller, edges in self._graph.edges.items()
            for edge in edges
            if edge.target in own
        }
        return tuple(sorted(found))

    def _by_callee(self, runs: Runs) -> _Callers:
        """The edges because of which their callees run in a thread."""
        if runs not in self._callers:
            found = self._callers[runs] = defaultdict(list)
            for caller, edges in self._graph.edges.items():
                for edge in edges:
                    if isinstance(edge.target, Activation) and runs in self._contexts.behind(caller, edge):
                        found[edge.target].append((caller, edge))
        return self._callers[runs]

    def _way(self, start: list[Activation], callers: _Callers) -> Iterator[str]:
        steps: _Steps = dict.fromkeys(start)
        pending = deque(start)
        while pending:
            activation = pending.popleft()
            if activation.function.is_async:
                return self._down(activation, steps)
            for caller, edge in callers[activation]:
                if edge.site.switches_to is not None:
                    return iter([self._step(caller, edge), *self._down(activation, steps)])
                if caller not in steps:
                    steps[caller] = activation, edge
                    pending.append(caller)
        return iter(())

    def _down(self, activation: Activation, steps: _Steps) -> Iterator[str]:
        step = steps[activation]
        while step is not None:
            following, edge = step
            yield self._step(activation, edge)
            activation, step = following, steps[following]

    def _step(self, caller: Activation, edge: Edge) -> str:
        how = "" if edge.site.via in (Via.CALL, Via.AWAIT) else f", {edge.site.via.value}"
        name = self._graph.inference.project.show(caller.key())
        return f"{name} ({caller.file}:{edge.site.place[0]}{how})"
