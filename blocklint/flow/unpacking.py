"""Unpacking: what the parts of a target are bound to."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.sequences import LIST, at
from blocklint.project.scopes import Path, Step
from blocklint.project.values import Instance, LibraryInstance, Tuple, Unknown, Value, Values, gather

ELEMENTS = {
    "builtins.list": 0, "builtins.set": 0, "builtins.frozenset": 0, "builtins.tuple": 0,
    "builtins.dict": 0, "collections.abc.Iterator": 0, "collections.abc.Iterable": 0,
    "collections.abc.AsyncIterator": 0,
}  # fmt: skip
"""Which type argument of a container its iteration gives."""

def unpacked(frame: Frame, values: Values, path: Path) -> Values:
    """The part of ``values`` that a target at ``path`` is bound to."""
    for step in path:
        values = gather(_part(value, step) for value in values)
    return values


def _part(value: Value, step: Step) -> Values:
    found = at(value, step)
    if found is not None:
        return found
    items: Values = (Unknown("element"),)
    if type(value) is Tuple:
        items = gather(value.items)
    elif type(value) is LibraryInstance and value.name in ELEMENTS and value.arguments:
        items = value.arguments[0]
    return items if type(step) is int else (LibraryInstance(LIST, (items,)),)


def as_tuples(inference: Inference, values: Values) -> Values:
    """The values, named tuples as plain ones."""
    if not any(type(value) is Instance for value in values):
        return values
    return gather(_as_tuple(inference, value) for value in values)


def _as_tuple(inference: Inference, value: Value) -> Values:
    if not isinstance(value, Instance) or "typing.NamedTuple" not in inference.mro(value.cls):
        return (value,)
    named = [
        statement.targets[0].name
        for statement in value.cls.definition.body
        if isinstance(statement, r.Assign)
        and statement.annotation is not None
        and isinstance(statement.targets[0], r.Name)
    ]
    return (Tuple(tuple(inference.instance_member(value, name).values for name in named)),)
