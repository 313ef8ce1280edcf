"""The domain of values: what an expression may evaluate to.

A closed union of immutable, hashable records. ``Values`` is a set kept as a tuple in the order
in which the members were found; () means "nothing known yet". The domain is bounded (see
``bounded``): more than :data:`MOST_VALUES` members or values nested deeper than
:data:`DEEPEST_VALUE` become Unknown, whatever the order in which they were found.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from blocklint.facts import records as r
from blocklint.model import Certainty, FunctionKey

MOST_VALUES = 24


class Value(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """Base of all values."""


Values = tuple[Value, ...]
NOTHING: Values = ()


class Activation(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A function's body, interpreted for certain arguments: the node of the call graph.

    ``closure`` is the activation of the enclosing function; ``arguments`` are the abstract
    arguments that matter, by parameter name, sorted. Without arguments it is the default
    activation: parameters have what annotations, providers and defaults say.
    """

    file: str
    function: r.Function
    closure: Activation | None = None
    owner: ClassObject | None = None
    arguments: tuple[tuple[str, Values], ...] = ()
    depth: int = 0

    def key(self) -> FunctionKey:
        """The function, whatever the arguments."""
        return FunctionKey(self.file, self.function.name, self.function.ordinal)


class Module(Value, frozen=True, cache_hash=True, gc=False):
    """A module of the project. ``file`` ends with "/" for a namespace package's folder."""

    file: str


class Library(Value, frozen=True, cache_hash=True, gc=False):
    """A module, function or class outside the project, by canonical dotted name.

    ``arguments`` are the type arguments of a generic alias (``list[Session]``).
    """

    name: str
    arguments: tuple[Values, ...] = ()


class ClassObject(Value, frozen=True, cache_hash=True, gc=False):
    """A class of the project, perhaps with type arguments."""

    file: str
    definition: r.Class
    closure: Activation | None = None
    arguments: tuple[Values, ...] = ()


class FunctionObject(Value, frozen=True, cache_hash=True, gc=False):
    """A function of the project; with ``receiver``, a bound method."""

    file: str
    function: r.Function
    closure: Activation | None = None
    receiver: Value | None = None
    owner: ClassObject | None = None


class Origin(Value, frozen=True, cache_hash=True, gc=False):
    """The session that an object of a mapped class comes from, and what of the object is loaded.

    ``session`` is ``sync``, ``async``, or "" for an entity of a statement that no session has run yet.
    ``options`` are loader options as ``attribute=strategy``, sorted; what the program has read or set
    since is ``loaded`` like what an option loads. ``expired``: how surely what was loaded has to be
    loaded again, None if not.
    """

    session: str
    options: tuple[str, ...] = ()
    expired: Certainty | None = None


class Instance(Value, frozen=True, cache_hash=True, gc=False):
    """An instance of a class of the project.

    ``exact``: of this class itself, since it was seen being constructed; else of it or a subclass.
    ``fields`` are the constructor's arguments that matter, by parameter name. ``origin`` is known of
    objects that a session gave.
    """

    cls: ClassObject
    exact: bool = False
    fields: tuple[tuple[str, Values], ...] = ()
    origin: Origin | None = None


class LibraryInstance(Value, frozen=True, cache_hash=True, gc=False):
    """An instance of a library class. ``arguments`` are type arguments: elements, results."""

    name: str
    arguments: tuple[Values, ...] = ()


class LibraryMethod(Value, frozen=True, cache_hash=True, gc=False):
    """An attribute of a library instance that is not known to be a value: ``client.chat.create``."""

    receiver: LibraryInstance
    path: str


class Suspended(Value, frozen=True, cache_hash=True, gc=False):
    """A body that has been called but does not run yet.

    ``kind`` is coroutine, generator, async generator, context manager or async context manager.
    """

    kind: str
    activation: Activation


class Wrapper(Value, frozen=True, cache_hash=True, gc=False):
    """A callable or descriptor around others.

    ``kind``: partial, context manager, async context manager, property, classmethod,
    staticmethod, cached property, single dispatch, runner (calling it runs the target where ``name`` says),
    partial method, method caller and attribute getter (of the member called ``name``), provider,
    object (of the library class ``name``, made by decorating the target; calling it calls that).
    ``positional`` and ``keywords`` are the arguments a partial holds.
    """

    kind: str
    target: Values
    positional: tuple[Values, ...] = ()
    keywords: tuple[tuple[str, Values], ...] = ()
    name: str = ""


PROPERTIES = frozenset({"property", "cached property"})
"""The kinds of wrapper that reading an attribute calls."""


class TypeForm(Value, frozen=True, cache_hash=True, gc=False):
    """A type that is no class: a union, ``Annotated``; with the instances it stands for."""

    instances: Values
    metadata: Values = ()


class Tuple(Value, frozen=True, cache_hash=True, gc=False):
    """A tuple (or list display) of known length."""

    items: tuple[Values, ...]


class Mapping(Value, frozen=True, cache_hash=True, gc=False):
    """A dict display with constant keys, and what its other items may be."""

    items: tuple[tuple[str | int, Values], ...]
    others: Values = ()


class Deferred(Value, frozen=True, cache_hash=True, gc=False):
    """Lazy work without a body of its own: a generator expression, ``map``, ``filter``.

    ``items`` is what comes out; ``calls`` are the functions and library calls that iterating it
    enters (as the records of ``flow.base``), each with the thread it is handed to, if it is to another.
    """

    items: Values
    calls: tuple[Any, ...] = ()


class Accessor(Value, frozen=True, cache_hash=True, gc=False):
    """``prop.setter`` and its like: calling it gives the property again, with that accessor."""

    descriptor: Wrapper
    name: str


class Super(Value, frozen=True, cache_hash=True, gc=False):
    """``super()`` in a method of ``owner`` with this receiver."""

    owner: ClassObject
    receiver: Value


class Literal(Value, frozen=True, cache_hash=True, gc=False):
    """A bool, int, short string or None."""

    value: bool | int | str | None


class Unknown(Value, frozen=True, cache_hash=True, gc=False):
    """A value nothing is known about, and why."""

    reason: str


NONE = Literal(None)


def union(left: Values, right: Values) -> Values:
    """The members of both sets, in the order of first appearance, bounded.

    One Unknown stands for all: why a value is unknown must not make sets grow. That values stem
    from callers (``CALLERS``) comes before any other reason.
    """
    if not right or left is right or left == right:
        return left
    if not left:
        return right
    if len(right) == 1:  # by far the most
        if right[0] in left:
            return left
        missing = list(right)
    else:
        missing = [value for value in right if value not in left]
    for value in missing:
        if type(value) is Unknown:
            left, missing = _with_one_unknown(left, missing)
            break
    if not missing:
        return left
    if len(left) + len(missing) > MOST_VALUES:
        return (Unknown("too many values"),)
    return (*left, *missing)


def _with_one_unknown(left: Values, missing: list[Value]) -> tuple[Values, list[Value]]:
    """Two parts of a set of which one has a new Unknown: that callers were merged outweighs others."""
    kept = [value for value in missing if type(value) is not Unknown]
    if CALLERS in missing:
        return tuple([v for v in left if type(v) is not Unknown]), [*kept, CALLERS]
    if Unknown not in map(type, left):
        kept.append(next(value for value in missing if type(value) is Unknown))
    return left, kept


def gather(sets: Iterable[Values]) -> Values:
    """The union of any number of sets."""
    found = NOTHING
    for values in sets:
        if values:
            found = union(found, values) if found else values
    return found


def same(left: Values, right: Values) -> bool:
    """Whether two sets have the same members."""
    return left == right or (len(left) == len(right) and set(left) == set(right))


def known(values: Values) -> Values:
    """The members that are neither Unknown nor None."""
    for value in values:
        if type(value) is Unknown or (type(value) is Literal and value.value is None):
            if len(values) == 1:
                return NOTHING
            return tuple([v for v in values if type(v) is not Unknown and v != NONE])
    return values


def without_none(values: Values) -> Values:
    """The members but None: what is left when something is done with a value."""
    return tuple(value for value in values if value != NONE) if NONE in values else values


CALLERS = Unknown("only known from callers")
"""Beside other values: these are merged from several callers, so they are possible at most."""


def unknown(value: Value, reason: str) -> Values:
    """What comes out of a value nothing is known about; that it stems from callers is kept."""
    return (CALLERS,) if value == CALLERS else (Unknown(reason),)
