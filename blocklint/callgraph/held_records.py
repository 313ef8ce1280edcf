"""What is told of the objects that a body holds."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.callgraph.effects import FEW
from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.edges import Edge
from blocklint.flow.objects import Key, State, path_of
from blocklint.knowledge.records import Holding, LibraryCallable
from blocklint.model import Blocks, Certainty, Via
from blocklint.project.uses import last_name

HELD = 2
RELEASED = 4

class Taken(msgspec.Struct, frozen=True):
    """Since when something is held: by which call, on which line."""

    culprit: str
    line: int
    certainty: Certainty


class Wait(msgspec.Struct, frozen=True):
    """Where a coroutine first waits while it holds ``key``: at ``node``, of kind ``via``."""

    key: Key
    holding: Holding
    node: r.Expression
    via: Via
    taken: Taken
    certainty: Certainty


class Changes(msgspec.Struct, frozen=True):
    """What a function does with objects that its caller may know.

    ``exits`` are their bits when it is done; INITIAL among them stands for what they were before.
    """

    exits: dict[Key, int]
    holdings: dict[Key, Holding]
    taken: dict[Key, Taken]


UNCHANGED = Changes({}, {}, {})


def mentioned(node: r.Expression, state: State) -> Iterator[Key]:
    """The objects that a call is given: as they are, methods of them, in a lambda or a partial."""
    if type(node) is r.Call:
        for each in (*node.arguments, *(keyword.value for keyword in node.keywords)):
            parts = (each,)
            if type(each) is r.Lambda:
                parts = tuple(expressions(each.function.body))  # type: ignore[assignment]
            elif type(each) is r.Call and last_name(each) == "partial":
                yield from mentioned(each, state)
            for part in parts:
                if type(part) is r.Name:
                    yield from (built for built, _ in state.built.get(part.name, ()))
                path = path_of(state, part)
                if path is not None:
                    yield path
                    if len(path) > 1:
                        yield path[:-1]


def certainty_of(edge: Edge, target: LibraryCallable | None = None) -> Certainty:
    """How sure it is that an edge is taken, and takes."""
    if edge.site.weak or edge.site.candidates > FEW:
        return Certainty.POSSIBLE
    sure = Certainty.CERTAIN if edge.site.candidates <= 1 else Certainty.LIKELY
    if target is not None and target.blocks is Blocks.DATABASE:
        return min(sure, target.certainty)
    return sure
