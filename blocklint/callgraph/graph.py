"""From entry points to the graph of activations that they reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.model import Phase
from blocklint.project.index import Project
from blocklint.project.values import Activation
from blocklint.stack import with_room

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
    code on the loop calls them, with their phase.
    """

    edges: Edges
    on_loop: dict[Activation, Phase]


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


def declared(project: Project) -> dict[r.Function, str]:
    """Where functions run, as a comment ``blocklint: runs=`` says it."""
    found = {}
    for file, facts in project.modules.items():
        places = {d.line: d.codes[0] for d in facts.directives if d.kind == "runs" and d.codes}
        for definition in project.definitions[file] if places else ():
            word = places.get(definition.function.span[0])
            if word is not None:
                found[definition.function] = word
    return found
