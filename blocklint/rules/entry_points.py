"""Through which routes, tasks and callbacks the loop gets to a finding."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from blocklint.callgraph.arrivals import Arrivals
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.reach import reached
from blocklint.flow.inference import Inference
from blocklint.model import EntryPoint, Finding
from blocklint.project.values import Activation

MOST_SHOWN = 20
"""A finding names this many; how many there are is told beside."""

Shown = tuple[tuple[EntryPoint, ...], int]


class EntryPoints:
    """Answers for one call graph."""

    def __init__(self, inference: Inference, graph: CallGraph) -> None:
        self._project = inference.project
        ways = Arrivals(inference, graph)
        self._arrivals = arrivals = ways.all()
        self._entries: dict[int, EntryPoint] = {}
        sources: dict[Activation, int] = {}
        away: dict[Activation, int] = {}
        for number, arrival in enumerate(arrivals):
            for activation in arrival.activations:
                sources[activation] = sources.get(activation, 0) | 1 << number
            for activation in arrival.away:
                away[activation] = away.get(activation, 0) | 1 << number
        self._ways = ways
        self._bits = reached(ways.inside, sources, away)
        self._known: dict[int, Shown] = {}

    def of(self, activations: Iterable[Activation]) -> Shown:
        """The first of the entry points that lead to any of some activations, and how many there are."""
        bits = 0
        for activation in activations:
            bits |= self._bits.get(activation, 0)
        found = self._known.get(bits)
        if found is None:
            found = self._known[bits] = self._shown(bits)
        return found

    def asking(self, activations: Iterable[Activation]) -> Shown:
        """The entry points that call any of some functions or depend on them, in whatever thread."""
        functions = {activation.function for activation in activations}
        bits = 0
        for number, arrival in enumerate(self._arrivals):
            if not functions.isdisjoint(self._ways.asked_by(arrival)):
                bits |= 1 << number
        return self._shown(bits)

    def _shown(self, bits: int) -> Shown:
        entries: list[EntryPoint] = []
        rest = bits
        while rest and len(entries) < MOST_SHOWN:
            lowest = rest & -rest
            number = lowest.bit_length() - 1
            if number not in self._entries:
                self._entries[number] = self._arrivals[number].entry(self._project)
            entries.append(self._entries[number])
            rest ^= lowest
        return tuple(entries), bits.bit_count()


def with_entry_points(finding: Finding, shown: Shown) -> Finding:
    """A finding that names its entry points."""
    entries, total = shown
    if not total:
        return finding
    return msgspec.structs.replace(finding, entry_points=entries, entry_points_total=total)
