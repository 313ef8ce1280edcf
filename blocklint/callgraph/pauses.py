"""Where a body may wait, and what is held there, for those who await it: worked out when they ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow.edges import Edge
from blocklint.flow.objects import INITIAL, Key
from blocklint.flow.suspending import awaited, coroutines
from blocklint.model import Span
from blocklint.project.values import Activation


class Pauses(msgspec.Struct, frozen=True):
    """Whether a coroutine may wait, and the bits with which it then has objects that its caller may know."""

    may: bool
    bits: dict[Key, int]


class Places:
    """The places of one body at which it may wait, each with the bits of objects there.

    ``edges`` are those at which it awaits something, by place; ``pauses_of`` answers for another coroutine.
    """

    def __init__(
        self, edges: Mapping[Span, Sequence[Edge]], pauses_of: Callable[[Activation], Pauses]
    ) -> None:
        self._edges = edges
        self._pauses_of = pauses_of
        self._noted: list[tuple[r.Expression | None, dict[Key, int], bool]] = []
        self._pauses: Pauses | None = None

    def add(self, value: r.Expression | None, objects: Mapping[Key, int]) -> None:
        """A value is awaited, or of None it is sure that it may wait."""
        self._noted.append((value, dict(objects), False))

    def add_all(self, part: r.Expression, objects: Mapping[Key, int]) -> None:
        """All that is awaited in an expression, which leaves the objects as they are."""
        self._noted.append((part, dict(objects), True))

    def objects(self) -> Iterator[dict[Key, int]]:
        """The bits of objects at all places."""
        return (objects for _, objects, _ in self._noted)

    def pauses(self) -> Pauses:
        """Whether the body may wait, and with what."""
        if self._pauses is None:
            self._pauses = Pauses(False, {})  # one that awaits itself only never waits
            listed = [objects for value, objects, is_part in self._noted if self._may_wait(value, is_part)]
            bits = dict.fromkeys(outer(*listed), 0)
            for objects in listed:
                for key in bits:
                    bits[key] |= objects.get(key, INITIAL)
            self._pauses = Pauses(bool(listed), bits)
        return self._pauses

    def _may_wait(self, value: r.Expression | None, is_part: bool) -> bool:
        if value is None:
            return True
        for each in awaited((value,)) if is_part else (value,):
            edges = self._edges.get(each.span, ())
            targets = coroutines(edges)
            if len(targets) < len(edges) or not targets:
                return True
            if any(self._pauses_of(edge.target).may for edge in targets):  # type: ignore[arg-type]
                return True
        return False


def outer(*states: Mapping[Key, int]) -> list[Key]:
    """The objects in some states that are not bound to names of the body itself."""
    return list(dict.fromkeys(key for each in states for key in each if "@" not in key[0]))
