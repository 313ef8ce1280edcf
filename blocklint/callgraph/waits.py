"""Which coroutines may wait while they hold something: only their bodies are gone through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from blocklint.callgraph.effects import Effects, Kind, Sites
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.held import Holdings
from blocklint.callgraph.held_records import Wait
from blocklint.callgraph.holders import Holders
from blocklint.flow.inference import Inference
from blocklint.model import Blocks, Phase
from blocklint.project.values import Activation

HELD_BY = (Blocks.DATABASE, Blocks.WAIT)
"""What is waited for where a connection or a lock is taken."""


def waits(
    inference: Inference, graph: CallGraph, sites: Sites, found: Mapping[Kind, Effects]
) -> list[tuple[Activation, Wait]]:
    """Where the coroutines of a project wait, while it serves, and hold something."""
    holdings = Holdings(inference, graph, sites)
    listed = []
    for activation in _candidates(graph, sites, found, holdings.holders):
        for wait in holdings.waits(activation):
            if graph.phase_at(activation, wait.node.span[:2]) is Phase.SERVING:
                listed.append((activation, wait))
    return listed


def _candidates(
    graph: CallGraph, sites: Sites, found: Mapping[Kind, Effects], holders: Holders
) -> Iterator[Activation]:
    """The coroutines in which something is taken, or that await one which is given it."""
    taking = [effects for kind, effects in found.items() if kind.blocks in HELD_BY]
    coroutines = [activation for activation in graph.on_loop if activation.function.is_async]
    among = {a: None for a in coroutines if any(a in effects for effects in taking)}
    given = {a for a in among if holders.touches(a)}
    for activation in coroutines:
        takes = activation in among and _takes(activation, sites, holders)
        if takes or (given and any(edge.target in given for edge in graph.edges[activation])):
            yield activation


def _takes(activation: Activation, sites: Sites, holders: Holders) -> bool:
    for edges in sites.of(activation).values():
        for edge in edges:
            target = edge.target
            if type(target) is not Activation:
                if holders.takes(edge):
                    return True
            elif not target.function.is_async and holders.touches(target):
                return True
    return False
