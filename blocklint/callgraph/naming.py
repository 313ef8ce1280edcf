"""Which names of a body stand for objects that are held, or for what is built on them."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.callgraph.holders import Holders, base_of, translated
from blocklint.callgraph.pauses import Pauses
from blocklint.facts import records as r
from blocklint.flow.edges import Edge
from blocklint.flow.objects import INITIAL, Key, Named, State, fresh, path_of
from blocklint.knowledge.records import Holding
from blocklint.model import Span
from blocklint.project.values import Activation

MOST_LINKS = 4
"""A query that is built up over more names than this is not followed back to its session."""


class Naming:
    """The bindings of one body. ``known`` are the objects that can hold something, and what."""

    def __init__(self, holders: Holders, activation: Activation) -> None:
        self.holders = holders
        self.activation = activation
        self.known: dict[Key, Holding] = {}

    def made(self, name: str, key: Key, value: r.Expression, state: State) -> None:
        """A name is bound to an object that ``value`` makes."""
        raise NotImplementedError

    def bound(self, target: r.Expression, value: r.Expression | None, state: State) -> None:
        """A name stands for another object from here on."""
        if type(target) is r.Name:
            self.bind(target.name, target.span, value, state)
        elif type(target) is r.Attribute:
            path = path_of(state, target)
            if path is not None:
                state.objects.pop(path, None)
        elif type(target) is r.Collection:
            for item in target.items:
                self.bound(item.value if type(item) is r.Starred else item, None, state)

    def bind(self, name: str, span: Span, value: r.Expression | None, state: State) -> None:
        """Bind a name to what an object is known as, or to one of its own."""
        path = path_of(state, value) if value is not None else None
        if path is not None:
            state.names[name] = path
            state.built.pop(name, None)
            return
        built = _built_on(value, state)
        parts = tuple(_made_with(value, state))
        key = fresh(state, name, *span[:2])
        if built:
            state.built[name] = built
        if parts:
            state.parts[key] = parts
        if value is not None:
            self.made(name, key, value, state)

    def key(self, base: r.Expression | None, state: State) -> Key | None:
        """The object that a chain is built on: of a query, the session."""
        for inner, node in state.built.get(base.name, ()) if type(base) is r.Name else ():
            if inner not in self.known and (held := self.holders.of(self.activation, node)) is not None:
                self.known[inner] = held[0]
            if inner in self.known:
                return inner
        return path_of(state, base) if base is not None else None


def _built_on(value: r.Expression | None, state: State) -> tuple[Named, ...]:
    """What a value was asked of, and what that was asked of, the nearest first."""
    base = base_of(value)
    path = path_of(state, base) if base is not None else None
    if base is None or path is None:
        return ()
    before = state.built.get(base.name, ()) if type(base) is r.Name else ()
    return ((path, base), *before)[:MOST_LINKS]


def _made_with(value: r.Expression | None, state: State) -> Iterator[Named]:
    """What something is made with: the session in ``Repository(db)``."""
    if type(value) is r.Call:
        for given in (*value.arguments, *(keyword.value for keyword in value.keywords)):
            path = path_of(state, given)
            if path is not None:
                yield path, given


def still_held(
    key: Key,
    pauses: list[tuple[Edge, Pauses]],
    value: r.Expression | None,
    state: State,
    body: Naming,
) -> bool:
    """Whether a coroutine that is awaited waits before it has given up what it was handed."""
    for edge, paused in pauses:
        if not paused.may:
            continue
        for inner, bits in paused.bits.items():
            if value is None:
                continue
            if translated(inner, value, edge, body.activation, state, body.holders) == key:
                if bits & INITIAL:
                    return True
                break
        else:
            return True
    return False
