"""Lists and tuples of known length: displays, slices, sums, and what unpacking them gives.

A list display whose elements differ keeps them by position, as a :class:`Tuple` behind the type of
its elements. Whatever fills the list, reorders it or joins it with another one loses the positions.
"""

from __future__ import annotations

from collections.abc import Sequence

from blocklint.project.bounds import matters
from blocklint.project.scopes import Step
from blocklint.project.values import (
    LibraryInstance,
    Literal,
    Tuple,
    Value,
    Values,
    gather,
    union,
)

MOST_POSITIONS = 24
"""Of a longer display the elements are not told apart."""

LIST = "builtins.list"


def listed(items: Sequence[Values]) -> Value:
    """A list of these elements, in this order."""
    elements = gather(items)
    if len(elements) > 1 and len(items) <= MOST_POSITIONS and any(map(matters, elements)):
        return LibraryInstance(LIST, (elements, (Tuple(tuple(items)),)))
    return LibraryInstance(LIST, (elements,) if items else ())


def positions(value: Value) -> tuple[Values, ...] | None:
    """The elements of a list or tuple by position, None where they are not known."""
    if type(value) is Tuple:
        return value.items
    if type(value) is LibraryInstance and value.name == LIST and len(value.arguments) == 2:
        (display,) = value.arguments[1]
        return display.items if type(display) is Tuple else None
    return None


def at(value: Value, step: Step) -> Values | None:
    """The part of a list or tuple that a target of an unpacking is bound to, None if that is not known."""
    items = positions(value)
    if items is None:
        return None
    if type(step) is tuple:
        return (listed(items[step[0] : len(items) - step[1]]),)
    assert isinstance(step, int)
    return items[step] if -len(items) <= step < len(items) else None


def sliced(value: Value, bounds: Sequence[Values]) -> Value:
    """``x[a:b:c]``: the elements there if the bounds are constants, else any of them."""
    items = positions(value)
    assert items is not None
    where = _slice(bounds)
    if where is not None:
        return Tuple(items[where]) if type(value) is Tuple else listed(items[where])
    name = "builtins.tuple" if type(value) is Tuple else LIST
    return LibraryInstance(name, (gather(items),))


def _slice(bounds: Sequence[Values]) -> slice | None:
    """The slice between constant bounds, None for others."""
    numbers = []
    for values in bounds:
        number = values[0].value if len(values) == 1 and isinstance(values[0], Literal) else ""
        if isinstance(number, str):
            return None
        numbers.append(number)
    return None if numbers[2:] == [0] else slice(numbers[0], numbers[1], *numbers[2:])


def summed(left: Value, right: Value) -> Value | None:
    """``left + right`` of two lists or two tuples, None for anything else."""
    first, second = positions(left), positions(right)
    if type(left) is Tuple and type(right) is Tuple:
        return Tuple((*left.items, *right.items))
    if type(left) is not LibraryInstance or type(right) is not LibraryInstance:
        return None
    if left.name != LIST or right.name != LIST:
        return None
    if first is not None and second is not None:
        return listed((*first, *second))
    elements = [value.arguments[0] for value in (left, right) if value.arguments]
    return LibraryInstance(LIST, (union(*elements),) if len(elements) == 2 else tuple(elements))
