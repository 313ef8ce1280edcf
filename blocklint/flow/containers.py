"""Containers as values: what is put into them, and what they give back.

What is put into a container is a :class:`Mapping`, the *filling*: by its key where that is a
constant, else among the others. A filling says nothing about the container itself: it is joined
into lists, sets, dicts and deques that are known from elsewhere (mutation is not definition).
"""

from __future__ import annotations

from itertools import chain

from blocklint.flow.annotations import WEAK
from blocklint.flow.sequences import listed, positions
from blocklint.project.bounds import DEEPEST_VALUE, depth_of, matters
from blocklint.project.values import (
    NONE,
    NOTHING,
    Instance,
    LibraryInstance,
    Literal,
    Mapping,
    Tuple,
    Unknown,
    Value,
    Values,
    gather,
    union,
)

SEQUENCES = frozenset(
    {
        "builtins.list", "builtins.set", "collections.deque", "collections.abc.Iterable",
        "contextvars.ContextVar", "queue.Queue", "asyncio.Queue",
    }
)  # fmt: skip
MAPPINGS = frozenset({"builtins.dict", "collections.OrderedDict"})

NAMES = SEQUENCES | MAPPINGS

MOST_KEYS = 40
"""A mapping with more constant keys does not tell them apart."""

TEXT: Values = (LibraryInstance("builtins.str"),)


def filling(key: bool | int | str | None, items: Values) -> Mapping:
    """What is put into a container under a key, None for an unknown one."""
    kept = tuple(dict.fromkeys(map(_coarse, items)))
    if any(depth_of(value) >= DEEPEST_VALUE for value in kept):
        kept = (Unknown("nested too deeply"),)
    if type(key) is str or type(key) is int:
        return Mapping(((key, kept),))
    return Mapping((), kept)


def _coarse(value: Value) -> Value:
    """A constant by its class: a hundred words in a list are one kind of element."""
    if type(value) is Literal and value != NONE:
        return LibraryInstance(f"builtins.{type(value.value).__name__}")
    return value


def is_container(value: Value) -> bool:
    """Whether something can be put into a value."""
    if type(value) is LibraryInstance:
        return value.name in NAMES
    return type(value) is Mapping


def contents(mapping: Mapping) -> Values:
    """All items of a mapping, whatever their keys."""
    return gather([mapping.others, *(values for _, values in mapping.items)])


def is_parameter(value: Value) -> bool:
    """Whether a value is what an untyped parameter is given."""
    return type(value) is Unknown and value.reason.startswith("parameter ")


def is_open(value: Value) -> bool:
    """Whether a value is, or holds, what an untyped parameter is given."""
    match value:
        case LibraryInstance(arguments=parts) | Tuple(items=parts):
            return any(map(is_open, chain.from_iterable(parts)))
        case Mapping():
            return any(map(is_open, contents(value)))
        case _:
            return is_parameter(value)


def tells(added: Mapping) -> bool:
    """Whether a filling is worth keeping for others: strings and numbers do nothing anywhere."""
    return any(matters(value) or is_parameter(value) for value in contents(added))


def grown(values: Values, added: Mapping) -> Values:
    """The values, with a filling in those that are containers."""
    if not any(map(is_container, values)):
        return values
    return merged(tuple(_grown(value, added) for value in values))


def replaced(values: Values, added: Mapping) -> Values:
    """The values, a filling in place of what a single container has under its keys."""
    if len(values) != 1:
        return grown(values, added)
    value = values[0]
    if type(value) is Mapping:
        kept = {key: items for key, items in value.items if key not in dict(added.items)}
        return (joined(Mapping(tuple(kept.items()), value.others), added),)
    items = positions(value)
    if items is None or type(value) is Tuple or len(added.items) != 1 or added.others:
        return grown(values, added)
    ((key, item),) = added.items
    if not isinstance(key, int) or not -len(items) <= key < len(items):
        return grown(values, added)
    parts = list(items)
    parts[key] = item
    return (listed(parts),)


def _grown(value: Value, added: Mapping) -> Value:
    if type(value) is Mapping:
        return joined(value, added)
    if type(value) is not LibraryInstance or not is_container(value):
        return value
    if value.name in SEQUENCES:
        items = value.arguments[0] if value.arguments else NOTHING
        return LibraryInstance(value.name, (covering(items, contents(added)),))
    keys, items = value.arguments if len(value.arguments) == 2 else (TEXT, NOTHING)
    return LibraryInstance(value.name, (keys, covering(items, contents(added))))


def covering(items: Values, added: Values) -> Values:
    """The elements of a container with some more.

    What a declared element type says already is not said twice; one that says nothing gives way.
    """
    known = tuple(v for v in items if not (type(v) is Unknown and v.reason in WEAK))
    declared = {v.cls.definition for v in known if type(v) is Instance and not v.exact}
    fresh = tuple(
        v
        for v in added
        if (type(v) is not Instance or v.cls.definition not in declared)
        and not (declared and type(v) is Unknown)
    )
    return merged(union(known, fresh))


def joined(left: Mapping, right: Mapping) -> Mapping:
    """A mapping with the items of both."""
    if left == right:
        return left
    items = dict(left.items)
    others = merged(union(left.others, right.others))
    for key, values in right.items:
        if key in items or len(items) < MOST_KEYS:
            items[key] = merged(union(items.get(key, NOTHING), values))
        else:
            others = union(others, values)
    return Mapping(tuple(items.items()), others)


def merged(values: Values) -> Values:
    """Containers of one kind as one: an empty list joined by a filled one is not two lists."""
    if len(values) < 2:
        return values
    count = 0
    for value in values:
        if type(value) is LibraryInstance:
            count += value.name in NAMES
        elif type(value) is Mapping:
            count += 1
    if count < 2:
        return values
    found: dict[object, Value] = {}
    for value in values:
        kind: object = value
        if type(value) is Mapping:
            kind = "builtins.dict"
        elif type(value) is LibraryInstance and is_container(value):
            kind = value.name
        before = found.get(kind)
        found[kind] = value if before is None else _merged(before, value)
    return tuple(found.values())


def _merged(left: Value, right: Value) -> Value:
    if type(left) is Mapping and type(right) is Mapping:
        return joined(left, right)
    if type(left) is Mapping:
        return _merged(right, left)
    assert isinstance(left, LibraryInstance)
    if type(right) is Mapping:
        return _grown(left, right)
    assert isinstance(right, LibraryInstance)
    if not left.arguments or not right.arguments:
        return left if left.arguments else right
    parts = 1 if left.name in SEQUENCES else 2  # a list's elements by position are lost
    pairs = zip(left.arguments[:parts], right.arguments, strict=False)
    return LibraryInstance(left.name, tuple(union(*pair) for pair in pairs))
