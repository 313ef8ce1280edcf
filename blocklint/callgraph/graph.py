"""From entry points to the graph of activations that they reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.model import Phase
from blocklint.project.values import Activation
from blocklint.stack import with_room

Place = tuple[int, ...]
"""Line and column."""

Edges = dict[Activation, tuple[Edge, ...]]


class Entry(msgspec.Struct, frozen=True):
    """An activation from which the project is explored.

    ``phase`` is None for code that does not run on the loop itself but says what does: module
    bodies that make applications, functions that start a loop. Entries of a later ``order`` count
    only if their function has not been reached by then: a coroutine function that the project
    calls is interpreted for its arguments, not for unknown ones as well. ``alone``: it runs on a loop of
    its own; so long as it starts no tasks there, nobody waits for it.
    """

    activation: Activation
    phase: Phase | None
    order: int = 0
    alone: bool = False


class CallGraph(msgspec.Struct, frozen=True):
    """Activations with their edges, in the order in which they were reached.

    ``on_loop`` are the activations that run on the event loop of their own accord, not because
    code on the loop calls them, with their phase; ``serving`` are the parts of them, from and up to
    a place, in which the loop serves in any case. ``served`` are those among them that it enters for
    the sake of an endpoint, such as the validators of its models. ``ends``: from where on a body is left to
    another thread.
    """

    edges: Edges
    on_loop: dict[Activation, Phase]
    serving: dict[Activation, tuple[Place, Place]] = {}
    served: dict[r.Function, tuple[Activation, ...]] = {}
    ends: dict[Activation, Place] = {}

    def phase_at(self, activation: Activation, place: Place) -> Phase:
        """The phase in which the loop gets to a place of an activation that runs on it."""
        part = self.serving.get(activation)
        return Phase.SERVING if part and part[0] <= place < part[1] else self.on_loop[activation]


@with_room
def explore(
    inference: Inference, entries: Sequence[Entry], elsewhere: Collection[r.Function]
) -> tuple[Edges, list[Entry]]:
    """Interpret everything the entries reach, until nothing changes any more.

    The bodies of functions that are declared to run ``elsewhere`` are not entered. Returned with the
    edges are the entries that were needed: later ones are not where earlier ones reach their function.
    """
    edges: Edges = {}
    needed: list[Entry] = []
    for order in sorted({entry.order for entry in entries}):
        reached = {activation.function for activation in edges}
        new = [
            entry
            for entry in entries
            if entry.order == order and (order == 0 or entry.activation.function not in reached)
        ]
        needed += new
        _reach(inference, new, elsewhere, edges)
        while inference.queries.solve():
            edges = {}
            _reach(inference, needed, elsewhere, edges)
    return edges, needed


def _reach(
    inference: Inference, entries: list[Entry], elsewhere: Collection[r.Function], found: Edges
) -> None:
    """Add what some entries reach, as far as it has not been found already."""
    pending = [entry.activation for entry in reversed(entries)]
    while pending:
        activation = pending.pop()
        if activation in found:
            continue
        if activation.function in elsewhere:
            found[activation] = ()
            continue
        outcome = inference.outcome(activation)
        found[activation] = outcome.edges
        pending.extend(reversed(outcome.targets))
