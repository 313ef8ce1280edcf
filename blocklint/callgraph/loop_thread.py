"""Which code the event loop gets to in its own thread: coroutines, and all that they call at once."""

from __future__ import annotations

from blocklint.callgraph.graph import CallGraph
from blocklint.flow.edges import Edge
from blocklint.model import Phase, Runs
from blocklint.project.values import Activation


def in_loop_thread(graph: CallGraph) -> dict[Activation, Phase]:
    """The activations that run in the loop's thread, whoever calls them, in the order of the graph.

    Serving is the phase of those that are reached in both.
    """
    found: dict[Activation, Phase] = {}
    for phase in (Phase.SERVING, Phase.STARTUP):
        pending = [activation for activation, own in graph.on_loop.items() if own is phase]
        while pending:
            activation = pending.pop()
            if activation in found:
                continue
            found[activation] = phase
            for edge in graph.edges.get(activation, ()):
                target = edge.target
                if type(target) is Activation and not target.function.is_async:
                    if edge.site.switches_to in HERE:
                        pending.append(target)
    return {activation: found[activation] for activation in graph.edges if activation in found}


def stays(edge: Edge) -> bool:
    """Whether an edge leads to code in the same thread."""
    return edge.site.switches_to in HERE


HERE = (None, Runs.GREENLET_BRIDGE)
