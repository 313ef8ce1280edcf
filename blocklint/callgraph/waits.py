"""Which coroutines may wait while they hold something: only their bodies are gone through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from blocklint.callgraph.effects import Effects, Kind, Sites
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.held import Holdings
from blocklint.callgraph.held_records import Wait
from blocklint.callgraph.holders import HELD_BY, Callers, Holders
from blocklint.flow.inference import Inference
from blocklint.model import Phase
from blocklint.project.values import Activation


def waits(
    inference: Inference, graph: CallGraph, sites: Sites, callers: Callers, found: Mapping[Kind, Effects]
) -> list[tuple[Activation, Wait]]:
    """Where the coroutines of a project wait, while it serves, and hold something.

    ``callers`` are those of each activation, ``found`` the effects of all of them.
    """
    holders = Holders(inference, graph, callers)
    if not holders.taking:
        return []
    holdings = Holdings(inference, graph, sites, holders)
    listed = []
    for activation in _candidates(graph, callers, found, holders):
        for wait in holdings.waits(activation):
            if graph.phase_at(activation, wait.node.span[:2]) is Phase.SERVING:
                listed.append((activation, wait))
    return listed


def _candidates(
    graph: CallGraph, callers: Callers, found: Mapping[Kind, Effects], holders: Holders
) -> Iterator[Activation]:
    """The coroutines in which something is taken, or that await one which is given it."""
    effects = [effects for kind, effects in found.items() if kind.blocks in HELD_BY]
    taking = set(holders.taking)
    giving: set[Activation] = set()
    for activation in holders.touching:
        if not activation.function.is_async:
            taking.update(callers.get(activation, ()))
        elif activation in graph.on_loop and any(activation in each for each in effects):
            giving.update(callers.get(activation, ()))
    for activation in graph.on_loop:
        if not activation.function.awaits or not activation.function.is_async:
            continue
        if activation in giving or (activation in taking and any(activation in each for each in effects)):
            yield activation
