"""From which of some sources the loop gets to a function: one bit for each, spread along the edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blocklint.callgraph.graph import Edges
from blocklint.flow.edges import Edge
from blocklint.model import Runs, Via
from blocklint.project.values import Activation

Bits = dict[Activation, int]

_ELSEWHERE = frozenset({Runs.WORKER_THREAD, Runs.OTHER_PROCESS})


def reached(
    edges: Edges,
    on_loop: Mapping[Activation, int],
    elsewhere: Mapping[Activation, int],
    *,
    depends: bool = True,
) -> Bits:
    """The bits of all the sources from which the loop gets to an activation, for each that it gets to.

    The sources are on the loop or elsewhere. What runs in a thread is followed too: it may hand a
    coroutine back to a loop. Without ``depends`` it is not followed what providers do.
    """
    steps: dict[Activation, list[_Step]] = {}
    found: tuple[Bits, Bits] = {}, {}
    waiting: tuple[Bits, Bits] = dict(on_loop), dict(elsewhere)
    while waiting[0] or waiting[1]:
        layers, waiting = waiting, ({}, {})
        for is_off in (0, 1):
            known = found[is_off]
            for activation, bits in layers[is_off].items():
                before = known.get(activation, 0)
                new = bits & ~before
                if not new:
                    continue
                known[activation] = before | new
                following = steps.get(activation)
                if following is None:
                    following = steps[activation] = _steps(edges.get(activation, ()), depends)
                for target, side in following:
                    to = waiting[is_off if side is None else side]
                    to[target] = to.get(target, 0) | new
    return found[0]


_Step = tuple[Activation, int | None]
"""Where an edge leads, and where that runs: 0 on the loop, 1 elsewhere, None where its caller does."""


def _steps(edges: Iterable[Edge], depends: bool) -> list[_Step]:
    found: list[_Step] = []
    for edge in edges:
        target = edge.target
        if type(target) is Activation and (depends or edge.site.via is not Via.DEPENDS):
            runs = edge.site.switches_to
            if target.function.is_async or runs is Runs.EVENT_LOOP:
                found.append((target, 0))
            else:
                found.append((target, 1 if runs in _ELSEWHERE else None))
    return found
