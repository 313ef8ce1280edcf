"""What blocks in the thread of a function's caller: a reverse breadth-first search from the sinks.

For every kind of waiting apart, and within it from the most certain down, so that the witness of
an effect is the most certain, then the nearest, then the first by name. An effect holds the next
hop only; the chain is walked out when it is printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from blocklint.callgraph.graph import CallGraph
from blocklint.flow.edges import Edge
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks, Certainty, Runs, Span, Via
from blocklint.project.installed import INSTALLED
from blocklint.project.values import Activation

FEW = 3
MANY = 10
"""Up to FEW candidates a call is likely to mean any of them, up to MANY possibly, beyond not."""

FAR = 5
"""What an installed library does is likely at most: its text leaves open how it is used. What it does only
through more of its functions than this is possible at most."""


class Kind(msgspec.Struct, frozen=True, order=True):
    """What is waited for; ``bridged`` waits do not block inside SQLAlchemy's greenlet bridge."""

    blocks: Blocks
    bridged: bool


class Effect(msgspec.Struct, frozen=True, gc=False):
    """A function blocks: how surely, by what, how far away, and over which edge."""

    certainty: Certainty
    distance: int
    culprit: str
    edge: Edge


Effects = dict[Activation, Effect]


class Links(msgspec.Struct, frozen=True):
    """The activations that call a library's blocking callables themselves, by kind, and who calls whom."""

    sinks: dict[Kind, dict[Activation, None]]
    callers: dict[Activation, dict[Activation, None]]


def links(graph: CallGraph) -> Links:
    """What effects are searched along."""
    sinks: dict[Kind, dict[Activation, None]] = defaultdict(dict)
    callers: dict[Activation, dict[Activation, None]] = defaultdict(dict)
    for activation, listed in graph.edges.items():
        for edge in listed:
            target = edge.target
            if type(target) is Activation:
                callers[target][activation] = None
            elif (kind := kind_of(edge)) is not None:
                sinks[kind][activation] = None
    return Links(sinks, callers)


def effects(graph: CallGraph, listed_sites: Sites, linked: Links | None = None) -> dict[Kind, Effects]:
    """The effect of every activation, by kind."""
    found = links(graph) if linked is None else linked
    return {kind: effects_of(listed_sites, found, kind, ()) for kind in sorted(found.sinks)}


def effects_of(listed_sites: Sites, linked: Links, kind: Kind, more: Iterable[Activation]) -> Effects:
    """The effects of one kind, with more activations that call a sink themselves."""
    return _Search(listed_sites, linked.callers, kind).run((*linked.sinks.get(kind, ()), *more))


def kind_of(edge: Edge) -> Kind | None:
    """The kind of waiting that an edge into a library is, None if it is none."""
    target = edge.target
    if type(target) is not LibraryCallable or target.blocks is None:
        return None
    kind = Kind(target.blocks, target.bridged)
    return kind if passes(edge, kind) else None


def passes(edge: Edge, kind: Kind) -> bool:
    """Whether waiting behind an edge is waiting in the caller's thread that is not allowed there."""
    site, target = edge.site, edge.target
    runs = site.switches_to
    if runs is not None and (runs is not Runs.GREENLET_BRIDGE or kind.bridged):
        return False
    if site.allowed and kind.blocks in site.allowed:
        return False
    if type(target) is not Activation or not target.function.is_async:
        return True
    # A coroutine of the project answers for itself; what an installed one does is told where it is awaited.
    return target.file.startswith(INSTALLED) and site.via is not Via.CALL


class _Search:
    """The search for one kind."""

    def __init__(
        self, listed_sites: Sites, callers: Mapping[Activation, Iterable[Activation]], kind: Kind
    ) -> None:
        self._sites = listed_sites
        self._callers = callers
        self._kind = kind
        self._found: Effects = {}

    def run(self, sinks: Iterable[Activation]) -> Effects:
        """Search from the activations that call a sink themselves."""
        # All that may still be found: what was passed over at one level may count at the next.
        waiting: dict[Activation, None] = dict.fromkeys(sinks)
        for level in (Certainty.CERTAIN, Certainty.LIKELY, Certainty.POSSIBLE):
            layer = waiting
            while layer:
                reached: Effects = {}
                for activation in layer:
                    effect = best(self._sites.of(activation).values(), self._kind, self._found, level)
                    if effect is not None:
                        reached[activation] = effect
                self._found.update(reached)
                following = dict.fromkeys(c for a in reached for c in self._callers.get(a, ()))
                layer = {a: None for a in following if a not in self._found}
                waiting.update(layer)
            waiting = {a: None for a in waiting if a not in self._found}
        return self._found


def best(
    groups: Iterable[list[Edge]], kind: Kind, found: Effects, level: Certainty
) -> Effect | None:
    """The nearest effect of at least ``level`` among a function's sites."""
    nearest: Effect | None = None
    for group in groups:
        edge = group[0]
        if len(group) > 1 or edge.site.candidates > 1:
            effect = at_site(group, kind, found)
        elif edge.target in found or getattr(edge.target, "blocks", None) is kind.blocks:
            effect = through(edge, kind, found)
        else:
            continue  # by far the most sites have one edge, which does not block in this way
        if effect is not None and effect.certainty >= level:
            if nearest is None or _order(effect) < _order(nearest):
                nearest = effect
    return nearest


def _order(effect: Effect) -> tuple[int, int, str, tuple[int, ...]]:
    return (-effect.certainty, effect.distance, effect.culprit, effect.edge.site.span)


Site = tuple[Span, Via]


class Sites:
    """The edges of activations by the site at which they are entered and how.

    Those that cannot block are left out.
    """

    def __init__(self, graph: CallGraph) -> None:
        self._graph = graph
        self._known: dict[Activation, dict[Site, list[Edge]]] = {}

    def changed(self, graph: CallGraph, activations: Iterable[Activation]) -> Sites:
        """Those of a graph in which some activations have other edges."""
        sites = Sites(graph)
        sites._known = self._known.copy()
        for activation in activations:
            sites._known.pop(activation, None)
        return sites

    def of(self, activation: Activation) -> dict[Site, list[Edge]]:
        """The sites of one activation, in order."""
        found = self._known.get(activation)
        if found is None:
            found = self._known[activation] = _by_site(self._graph.edges[activation])
        return found


def _by_site(edges: Iterable[Edge]) -> dict[Site, list[Edge]]:
    found: dict[Site, list[Edge]] = defaultdict(list)
    for edge in edges:
        target = edge.target
        if target is None or (type(target) is LibraryCallable and target.blocks is None):
            continue
        found[edge.site.span, edge.site.via].append(edge)
    return found


def at_site(edges: list[Edge], kind: Kind, found: Effects) -> Effect | None:
    """The effect of one site.

    Where several things may be meant, it is certain only if all of them block.
    """
    if len(edges) == 1 and edges[0].site.candidates == 1:  # by far the most
        return through(edges[0], kind, found)
    present = [effect for edge in edges if (effect := through(edge, kind, found)) is not None]
    if not present:
        return None
    chosen = min(present, key=_order)
    candidates = max(edge.site.candidates for edge in edges)
    if candidates > 1 and len(present) < candidates:
        if candidates > MANY:
            return None
        limit = Certainty.LIKELY if candidates <= FEW else Certainty.POSSIBLE
        return msgspec.structs.replace(chosen, certainty=min(chosen.certainty, limit))
    return chosen


def through(edge: Edge, kind: Kind, found: Effects) -> Effect | None:
    """What an edge passes to its caller."""
    target = edge.target
    if type(target) is Activation:
        behind = found.get(target)
        if behind is None or not passes(edge, kind):
            return None
        certainty, distance, culprit = behind.certainty, behind.distance + 1, behind.culprit
        if target.file.startswith(INSTALLED):
            certainty = min(certainty, Certainty.LIKELY if distance <= FAR else Certainty.POSSIBLE)
    elif type(target) is LibraryCallable and target.blocks is kind.blocks:
        if target.bridged is not kind.bridged or not passes(edge, kind):
            return None
        certainty, distance, culprit = target.certainty, 0, target.name
    else:
        return None
    return Effect(Certainty.POSSIBLE if edge.site.weak else certainty, distance, culprit, edge)


class Culprits:
    """All sinks that sites lead to, remembered by activation: many sites lead to the same."""

    def __init__(self, graph: CallGraph, found: dict[Kind, Effects]) -> None:
        self._graph = graph
        self._found = found
        self._known: dict[tuple[Activation, Kind], frozenset[str]] = {}

    def of(self, edges: Iterable[Edge], kind: Kind) -> frozenset[str]:
        """The names of all sinks of a kind that some edges lead to, likely ones at least."""
        names: set[str] = set()
        for edge in edges:
            if not self._is_likely(edge, kind):
                continue
            if isinstance(edge.target, LibraryCallable):
                names.add(edge.target.name)
            elif edge.target is not None:
                names |= self._behind(edge.target, kind)
        return frozenset(names)

    def _is_likely(self, edge: Edge, kind: Kind) -> bool:
        effect = through(edge, kind, self._found[kind])
        return effect is not None and effect.certainty >= Certainty.LIKELY

    def _behind(self, activation: Activation, kind: Kind) -> frozenset[str]:
        key = activation, kind
        if key not in self._known:
            names: set[str] = set()
            seen = {activation}
            pending = list(self._graph.edges.get(activation, ()))
            while pending:
                edge = pending.pop()
                target = edge.target
                if target is None or target in seen or not self._is_likely(edge, kind):
                    continue
                if isinstance(target, LibraryCallable):
                    names.add(target.name)
                else:
                    seen.add(target)
                    pending += self._graph.edges.get(target, ())
            self._known[key] = frozenset(names)
        return self._known[key]
