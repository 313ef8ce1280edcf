"""From which of some sources the loop gets to a function: one bit for each, spread along the edges."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from blocklint.flow.edges import Edge
from blocklint.model import Runs, Via
from blocklint.project.values import Activation

Bits = dict[Activation, int]


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
    coroutines = {number for activation, number in numbers.items() if activation.function.is_async}
    steps: dict[int, _Steps] = {}
    found: tuple[_Numbered, _Numbered] = {}, {}
    waiting = _numbered(on_loop, numbers), _numbered(elsewhere, numbers)
    while waiting[0] or waiting[1]:
        layers, waiting = waiting, ({}, {})
        for is_off in (0, 1):
            known, same = found[is_off], waiting[is_off]
            for number, bits in layers[is_off].items():
                before = known.get(number, 0)
                new = bits & ~before
                if not new:
                    continue
                known[number] = before | new
                following = steps.get(number)
                if following is None:
                    following = steps[number] = _steps(listed[number], numbers, coroutines, depends)
                for target in following[0]:
                    if is_off and target in coroutines:
                        waiting[0][target] = waiting[0].get(target, 0) | new
                    else:
                        same[target] = same.get(target, 0) | new
                for target, side in following[1]:
                    waiting[side][target] = waiting[side].get(target, 0) | new
    on = found[0]
    return {activation: on[number] for activation, number in numbers.items() if number in on}


_Numbered = dict[int, int]
_Steps = tuple[set[int], set[tuple[int, int]]]
"""What edges lead to: what runs where their caller does; what does not, with 0 for the loop, 1 elsewhere."""


def _numbered(sources: Mapping[Activation, int], numbers: Mapping[Activation, int]) -> _Numbered:
    return {numbers[activation]: bits for activation, bits in sources.items() if activation in numbers}


def _steps(
    edges: Iterable[Edge], numbers: Mapping[Any, int], coroutines: Container[int], depends: bool
) -> _Steps:
    """The steps along edges, all of which lead to functions of the project."""
    if not depends:
        edges = [edge for edge in edges if edge.site.via is not Via.DEPENDS]
    same = {numbers[edge.target] for edge in edges if edge.site.switches_to is None}
    other: set[tuple[int, int]] = set()
    for edge in [edge for edge in edges if edge.site.switches_to is not None]:
        target, runs = numbers[edge.target], edge.site.switches_to
        if runs is Runs.GREENLET_BRIDGE:
            same.add(target)
        else:
            other.add((target, 0 if target in coroutines or runs is Runs.EVENT_LOOP else 1))
    return same, other
