"""From which of some sources the loop gets to a function: one bit for each, spread along the edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from blocklint.flow.edges import Edge
from blocklint.model import Runs, Via
from blocklint.project.values import Activation

Bits = dict[Activation, int]

_ELSEWHERE = frozenset({Runs.WORKER_THREAD, Runs.OTHER_PROCESS})


def reached(
    edges: Mapping[Activation, Sequence[Edge]],
    on_loop: Mapping[Activation, int],
    elsewhere: Mapping[Activation, int],
    *,
    depends: bool = True,
) -> Bits:
    """The bits of all the sources from which the loop gets to an activation, for each that it gets to.

    The sources are on the loop or elsewhere. What runs in a thread is followed too: it may hand a
    coroutine back to a loop. Without ``depends`` it is not followed what providers do.
    """
    # By number: an activation costs a comparison of all that it is made of wherever it is looked up.
    numbers = {activation: number for number, activation in enumerate(edges)}
    listed = list(edges.values())
    steps: dict[int, list[_Step]] = {}
    found: tuple[_Numbered, _Numbered] = {}, {}
    waiting = _numbered(on_loop, numbers), _numbered(elsewhere, numbers)
    while waiting[0] or waiting[1]:
        layers, waiting = waiting, ({}, {})
        for is_off in (0, 1):
            known = found[is_off]
            for number, bits in layers[is_off].items():
                before = known.get(number, 0)
                new = bits & ~before
                if not new:
                    continue
                known[number] = before | new
                following = steps.get(number)
                if following is None:
                    following = steps[number] = _steps(listed[number], numbers, depends)
                for target, side in following:
                    to = waiting[is_off if side is None else side]
                    to[target] = to.get(target, 0) | new
    on = found[0]
    return {activation: on[number] for activation, number in numbers.items() if number in on}


_Numbered = dict[int, int]
_Step = tuple[int, int | None]
"""Where an edge leads, and where that runs: 0 on the loop, 1 elsewhere, None where its caller does."""


def _numbered(sources: Mapping[Activation, int], numbers: Mapping[Activation, int]) -> _Numbered:
    return {numbers[activation]: bits for activation, bits in sources.items() if activation in numbers}


def _steps(edges: Iterable[Edge], numbers: Mapping[Activation, int], depends: bool) -> list[_Step]:
    found: dict[_Step, None] = {}
    for edge in edges:
        target = edge.target
        if type(target) is Activation and (depends or edge.site.via is not Via.DEPENDS):
            runs = edge.site.switches_to
            if target.function.is_async or runs is Runs.EVENT_LOOP:
                side: int | None = 0
            else:
                side = 1 if runs in _ELSEWHERE else None
            found[numbers[target], side] = None
    return list(found)
