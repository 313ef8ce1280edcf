"""Loops that call CPU-heavy functions: each call may be short enough, the loop as a whole is not."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.callgraph.effects import Effects, Kind, Links, Sites, at_site, effects_of
from blocklint.callgraph.graph import CallGraph
from blocklint.facts import records as r
from blocklint.flow.burning import FOR, WHILE, loop_site
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.flow.rounds import leaves, rounds_of
from blocklint.flow.scope_frames import LazyFrame
from blocklint.flow.suspending import may_suspend
from blocklint.model import Blocks, Certainty
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation

MANY_ROUNDS = 10
"""A loop of fewer rounds is not much more than the calls in it, which are reported themselves."""


def with_heavy_loops(
    inference: Inference, graph: CallGraph, sites: Sites, linked: Links, found: dict[Kind, Effects]
) -> tuple[CallGraph, Sites, dict[Kind, Effects]]:
    """A call graph with its sites and effects, completed by the loops around CPU-heavy calls."""
    added: dict[Activation, list[Edge]] = {}
    for kind, behind in found.items():
        if kind.blocks is Blocks.CPU:
            for activation in behind:
                edges = list(_heavy(inference, graph, sites, activation, kind, behind))
                if edges:
                    added.setdefault(activation, []).extend(edges)
    if not added:
        return graph, sites, found
    changed = {activation: (*graph.edges[activation], *edges) for activation, edges in added.items()}
    graph = msgspec.structs.replace(graph, edges={**graph.edges, **changed})
    sites, computing = sites.changed(graph, added), Kind(Blocks.COMPUTATION, bridged=False)
    found = found | {computing: effects_of(sites, linked, computing, added)}
    return graph, sites, dict(sorted(found.items()))


def _heavy(
    inference: Inference, graph: CallGraph, sites: Sites, activation: Activation, kind: Kind, behind: Effects
) -> Iterator[Edge]:
    """The edges for the outermost of the loops of a function around such calls."""
    end = (0, 0)
    listed = [(span, edges) for (span, _), edges in sites.of(activation).items()]
    for loop in scope_statements(activation.function.body):
        if type(loop) is not r.Loop or loop.kind == "async for" or loop.span[:2] < end:
            continue
        inside = [
            effect.certainty
            for span, edges in listed
            if loop.iterable.span[2:] < span[:2] < loop.span[2:]
            and (effect := at_site(edges, kind, behind)) is not None
        ]
        if inside and not may_suspend(inference, loop.body, graph.edges[activation]):
            level = min(max(inside), _limit(inference, activation, loop))
            end = loop.span[2:]
            yield Edge(loop_site(loop), (FOR if loop.kind == "for" else WHILE)[level])


def _limit(inference: Inference, activation: Activation, loop: r.Loop) -> Certainty:
    """Certain only where the rounds are known, and many."""
    if loop.kind != "for" or leaves(loop):
        return Certainty.POSSIBLE
    if type(loop.iterable) is r.Collection:
        rounds: int | None = len(loop.iterable.items)
    else:
        rounds = rounds_of(LazyFrame(inference, activation), loop.iterable)
    return Certainty.CERTAIN if rounds is not None and rounds >= MANY_ROUNDS else Certainty.POSSIBLE
