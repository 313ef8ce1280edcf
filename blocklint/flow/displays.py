"""Displays, comprehensions and generator expressions."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import NOWHERE, deferred
from blocklint.flow.iteration import element, unpacked
from blocklint.flow.narrowing import narrowing
from blocklint.flow.operators import SLICE
from blocklint.flow.protocols import site
from blocklint.flow.tested import tested
from blocklint.model import Via
from blocklint.project.scopes import targets
from blocklint.project.values import (
    NOTHING,
    LibraryInstance,
    Mapping,
    Tuple,
    Values,
    gather,
)


def collection(frame: Frame, node: r.Collection) -> Values:
    """The value of a list, set, tuple or dict display."""
    values = [frame.inference.evaluate(frame, item) for item in node.items]
    if node.kind == "dict":
        return _dict(frame, node, values)
    if node.kind == "slice":
        return SLICE
    if node.kind == "tuple" and not any(type(item) is r.Starred for item in node.items):
        return (Tuple(tuple(values)),)
    return (LibraryInstance(f"builtins.{node.kind}", (gather(values),) if values else ()),)


def _dict(frame: Frame, node: r.Collection, values: list[Values]) -> Values:
    items: list[tuple[str | int, Values]] = []
    others: list[Values] = []
    for key, found in zip(node.keys, values, strict=True):
        if type(key) is r.Constant and key.value is not None and len(items) < 40:
            items.append((key.value, found))
        elif key is not None:
            frame.inference.evaluate(frame, key)
            others.append(found)
        else:
            others += [v for m in found if isinstance(m, Mapping) for _, v in m.items]
    return (Mapping(tuple(items), gather(others) if others else NOTHING),)


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
    if node.kind == "dict":
        return (LibraryInstance("builtins.dict", (key, values)),)
    if node.kind == "generator":
        return values
    return (LibraryInstance(f"builtins.{node.kind}", (values,)),)
