"""From which of some sources a function is reached: one bit for each, spread along the edges."""

from __future__ import annotations

from collections.abc import Mapping

from blocklint.callgraph.graph import Edges
from blocklint.flow.edges import Edge
from blocklint.model import Runs
from blocklint.project.values import Activation

Bits = dict[Activation, int]


def reached(edges: Edges, sources: Mapping[Activation, int]) -> Bits:
    """The bits of all the sources that lead to an activation, for each that one leads to."""
    found: Bits = {}
    waiting: Bits = dict(sources)
    while waiting:
        layer, waiting = waiting, {}
        for activation, bits in layer.items():
            known = found.get(activation, 0)
            new = bits & ~known
            if not new:
                continue
            found[activation] = known | new
            for edge in edges.get(activation, ()):
                target = edge.target
                if type(target) is Activation and leads_on(edge, target):
                    waiting[target] = waiting.get(target, 0) | new
    return found


def leads_on(edge: Edge, target: Activation) -> bool:
    """Whether the loop gets through an edge: not into a thread, but a coroutine there has a loop."""
    runs = edge.site.switches_to
    return runs is None or target.function.is_async or runs not in _ELSEWHERE


_ELSEWHERE = frozenset({Runs.WORKER_THREAD, Runs.OTHER_PROCESS})
