"""Displays, comprehensions and generator expressions."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.binding import literal
from blocklint.flow.burning import note_comprehension
from blocklint.flow.containers import MAPPINGS, MOST_KEYS
from blocklint.flow.edges import NOWHERE, CallSite, deferred
from blocklint.flow.iteration import element
from blocklint.flow.narrowing import narrowing
from blocklint.flow.operators import SLICE
from blocklint.flow.protocols import ask_hash, ask_items, site
from blocklint.flow.rounds import is_range
from blocklint.flow.sequences import listed
from blocklint.flow.tested import tested
from blocklint.flow.unpacking import unpacked
from blocklint.model import Via
from blocklint.project.scopes import targets
from blocklint.project.values import (
    NOTHING,
    LibraryInstance,
    Mapping,
    Tuple,
    Values,
    gather,
    union,
)


def collection(frame: Frame, node: r.Collection) -> Values:
    """The value of a list, set, tuple or dict display."""
    values = [frame.inference.evaluate(frame, item) for item in node.items]
    if node.kind == "set":
        for item, found in zip(node.items, values, strict=True):
            ask_hash(frame, found, site(item, Via.OPERATOR))
    if node.kind == "dict":
        return _dict(frame, node, values)
    if node.kind == "slice":
        return SLICE
    if node.kind != "set" and r.Starred not in map(type, node.items):
        return (Tuple(tuple(values)),) if node.kind == "tuple" else (listed(values),)
    return (LibraryInstance(f"builtins.{node.kind}", (gather(values),) if values else ()),)


def _dict(frame: Frame, node: r.Collection, values: list[Values]) -> Values:
    items: dict[str | int, Values] = {}
    others: list[Values] = []
    for position, (key, found) in enumerate(zip(node.keys, values, strict=True)):
        if key is None:
            others += _spread(frame, items, found, site(node.items[position], Via.OPERATOR))
            continue
        constant = key.value if type(key) is r.Constant else _key(frame, key)
        if constant is not None and (len(items) < MOST_KEYS or constant in items):
            items[constant] = found
        else:
            others.append(found)
    return (Mapping(tuple(items.items()), gather(others) if others else NOTHING),)


def _key(frame: Frame, key: r.Expression) -> bool | int | str | None:
    """The constant that a key is, None if it is not one."""
    keys = frame.inference.evaluate(frame, key)
    ask_hash(frame, keys, site(key, Via.OPERATOR))
    return literal(keys)


def _spread(
    frame: Frame, items: dict[str | int, Values], values: Values, where: CallSite
) -> list[Values]:
    """Put the items of ``**x`` among those before it; gives what is there under unknown keys."""
    others = [ask_items(frame, values, where)]
    for value in values:
        if isinstance(value, Mapping):
            replaces = len(values) == 1
            items.update((k, v if replaces else union(items.get(k, NOTHING), v)) for k, v in value.items)
            others.append(value.others)
        elif isinstance(value, LibraryInstance) and value.name in MAPPINGS and value.arguments:
            others.append(value.arguments[-1])
    return others


def comprehension(frame: Frame, node: r.Comprehension) -> Values:
    """The value of a comprehension; a generator expression is put off but for its first iterable."""
    if node.kind != "generator":
        return _comprehended(frame, node, frame.inference.evaluate(frame, node.generations[0].iterable))
    first = frame.inference.evaluate(frame, node.generations[0].iterable)  # at once; the rest when consumed
    with frame.deferring() as edges:
        items = _comprehended(frame, node, first)
    return (deferred(items, edges, NOWHERE),)


def _comprehended(frame: Frame, node: r.Comprehension, first: Values) -> Values:
    for position, generation in enumerate(node.generations):
        iterable = frame.inference.evaluate(frame, generation.iterable) if position else first
        where = site(generation.iterable, Via.ITERATION)
        item = element(frame, iterable, where, generation.is_async)
        for name, path in targets(generation.target):
            frame.assign(name, unpacked(frame, item, path))
        for condition in generation.conditions:
            tested(frame, condition, frame.inference.evaluate(frame, condition))
            holds = narrowing(frame, condition, True)
            for name, _ in targets(generation.target) if holds else ():
                if holds.get(name):
                    frame.assign(name, holds[name])
    key = frame.inference.evaluate(frame, node.key) if node.key is not None else NOTHING
    values = frame.inference.evaluate(frame, node.item)
    if is_range(node.generations[0].iterable):
        note_comprehension(frame, node)
    if node.kind == "dict":
        return (LibraryInstance("builtins.dict", (key, values)),)
    if node.kind == "generator":
        return values
    return (LibraryInstance(f"builtins.{node.kind}", (values,)),)
