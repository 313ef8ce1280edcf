"""Putting things into containers: ``x.append(y)``, ``x[key] = y``, ``x += [y]``.

What is put into the container that a local name holds is joined into it where it happens. What
goes into those that attributes and outer names hold is found by ``flow.held`` when these are read.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.binding import literal
from blocklint.flow.containers import filling, grown, is_container, joined
from blocklint.flow.edges import NOWHERE, Arguments, CallSite
from blocklint.flow.iteration import consume, element
from blocklint.flow.protocols import site
from blocklint.flow.sequences import LIST
from blocklint.model import Via
from blocklint.project.bounds import DEEPEST_VALUE
from blocklint.project.uses import filled_root
from blocklint.project.values import (
    LibraryInstance,
    LibraryMethod,
    Mapping,
    Tuple,
    Value,
    Values,
    gather,
    union,
)


def by_method(frame: Frame, node: r.Call, values: Values, arguments: Arguments) -> Values:
    """A call of one of the methods ``records.FILLING``, with the values of its callee.

    Gives the callee's values afterwards: ``setdefault`` returns what it has just put in.
    """
    assert isinstance(node.callee, r.Attribute)
    if any(type(v) is LibraryMethod and is_container(v.receiver) for v in values):
        added = added_by_method(frame, node.callee.name, arguments)
        has_grown = added is not None and put(frame, node.callee.value, added, node.callee.name == "update")
        if has_grown and node.callee.name == "setdefault":
            return frame.inference.evaluate(frame, node.callee)
    return values


def added_by_method(frame: Frame, method: str, arguments: Arguments) -> Mapping | None:
    """What a call of a container's method puts into it."""
    match method, arguments.positional:
        case "append" | "appendleft" | "add" | "put" | "put_nowait" | "set", (items, *_):
            return filling(None, items)
        case "insert", (_, items):
            return filling(None, items)
        case "setdefault", (key, items):
            return filling(literal(key), items)
        case "extend" | "extendleft", (iterable,):
            return filling(None, element(frame, iterable, iterated_at(arguments, 0), False))
        case "update", _:
            return _updated(frame, arguments)
        case _:
            return None


def iterated_at(arguments: Arguments, position: int) -> CallSite:
    """Where an argument of a call is gone through; nobody asks where only its elements are of use."""
    node = arguments.node
    if node is None:
        return NOWHERE
    starred = any(type(argument) is r.Starred for argument in node.arguments)
    return site(node if starred else node.arguments[position], Via.ITERATION)


def _updated(frame: Frame, arguments: Arguments) -> Mapping:
    added = Mapping(())
    for position, values in enumerate(arguments.positional):
        added = joined(added, everything_in(values))
        given = consume(frame, values, iterated_at(arguments, position))
        if given:
            added = joined(added, filling(None, gather(map(second, given))))
    for name, values in arguments.keywords:
        added = joined(added, filling(name, values))
    return added


def second(value: Value) -> Values:
    """The value of a key and value pair; anything else is an item already."""
    return value.items[1] if isinstance(value, Tuple) and len(value.items) == 2 else (value,)


def everything_in(values: Values) -> Mapping:
    """What containers hold, as a filling for another one."""
    found = Mapping(())
    for value in values:
        match value:
            case Mapping():
                found = joined(found, value)
            case LibraryInstance(name="builtins.dict", arguments=(_, items)):
                found = joined(found, filling(None, items))
            case LibraryInstance(name=name, arguments=(items, *rest)) if not rest or name == LIST:
                found = joined(found, filling(None, items))
            case Tuple(items=parts):
                found = joined(found, filling(None, gather(parts)))
            case _:
                pass
    return found


def put(frame: Frame, target: r.Expression, added: Mapping, replaces: bool) -> bool:
    """Join a filling into the container that a local name holds, be it deep inside.

    ``replaces``: it takes the place of what the container has under the same keys.
    """
    name = filled_root(target)
    if not name or name.startswith("."):
        return False
    outermost = from_root(frame, target, added)
    if outermost is not None:
        frame.note_filling(name, outermost, replaces and type(target) is r.Name)
    return outermost is not None


def from_root(frame: Frame, target: r.Expression, added: Mapping) -> Mapping | None:
    """A filling of ``x[a][b]`` as one of ``x``; None if nothing can be put there."""
    for _ in range(DEEPEST_VALUE):
        match target:
            case r.Name() | r.Attribute():
                return added
            case (
                r.Subscript(value=outer, index=index)
                | r.Call(callee=r.Attribute(value=outer), arguments=(index, *_))
            ):
                inner = grown(_inner(frame, target), added)
                held = tuple(value for value in inner if is_container(value))
                if not held:
                    return None
                added = filling(literal(frame.inference.evaluate(frame, index)), held)
                target = outer
            case _:
                return None
    return None


def _inner(frame: Frame, target: r.Expression) -> Values:
    """The containers that an item may be; ``setdefault`` may give its default."""
    values = frame.inference.evaluate(frame, target)
    if isinstance(target, r.Call) and len(target.arguments) == 2:
        return union(values, frame.inference.evaluate(frame, target.arguments[1]))
    return values


def reordered(frame: Frame, arguments: Arguments, site: CallSite) -> None:
    """``x.sort()``, ``x.pop()`` and their like: where the elements of x stand is not known any more."""
    node = arguments.node
    if node is not None and isinstance(node.callee, r.Attribute) and isinstance(node.callee.value, r.Name):
        frame.note_filling(node.callee.value.name, Mapping(()), False)


def by_item(
    frame: Frame, container: r.Expression, values: Values, arguments: Arguments
) -> None:
    """``container[key] = item``, with the values of the container."""
    if any(map(is_container, values)):
        key, items = arguments.positional
        put(frame, container, filling(literal(key), items), True)


def augmented(
    frame: Frame, target: r.Expression, values: Values, added: Values, where: CallSite
) -> None:
    """``x += y`` and ``x |= y`` on a container; ``where`` is y."""
    if any(map(is_container, values)):
        more = everything_in(added)
        given = consume(frame, added, where)
        if given:
            more = joined(more, filling(None, given))
        if more != Mapping(()):
            put(frame, target, more, True)
