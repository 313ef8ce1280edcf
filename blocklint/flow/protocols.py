"""Special methods: which of them a class of the project has, and calling them where Python does."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow import metaclasses
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame, Inference
from blocklint.flow.classes import overrides
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite
from blocklint.model import Via
from blocklint.project.uses import last_name
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    Instance,
    LibraryInstance,
    Unknown,
    Value,
    Values,
    gather,
    known,
    without_none,
)

GENERATED = frozenset({"__eq__", "__repr__"})
GENERATORS = frozenset({"dataclass", "define", "frozen", "mutable", "attrs"})
"""The class decorators that write the methods ``GENERATED`` unless the class has its own."""

IMPLIED = frozenset({"__eq__", "__ne__", "__hash__", "__str__", "__repr__", "__format__", "__bool__"})
"""The special methods without which an object does as well: what calls them need not find one."""

PLAIN_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Library classes that bring no special methods with them."""


def site(expression: r.Expression, via: Via) -> CallSite:
    """The site at which an expression is entered."""
    return CallSite(expression.span, expression, via)


def among(where: CallSite, values: Values) -> CallSite:
    """A site at which any of several operands may be meant."""
    count = len(without_none(values))
    return where if count <= 1 else msgspec.structs.replace(where, candidates=count)


def call_special(
    frame: Frame, value: Value, name: str, arguments: tuple[Values, ...], where: CallSite
) -> Values:
    """Call a special method if the value's class has it."""
    if isinstance(value, LibraryInstance):
        if frame.inference.catalog.method(value.name, name) is None:
            return (Unknown("item"),)
    member = read(frame, (value,), name, where)
    if not known(member):
        return (Unknown("item"),)
    if name in IMPLIED and isinstance(value, Instance):
        where = _perhaps(frame.inference, value, name, where)
    return frame.inference.call(frame, member, Arguments(arguments), where)


def _perhaps(inference: Inference, value: Instance, name: str, where: CallSite) -> CallSite:
    """The site of a method that need not be there: where only a subclass has it, it is possible at most."""
    if value.exact or inference.find_member(value.cls, name) is not None:
        return where
    return msgspec.structs.replace(where, weak=True)


def method_of(inference: Inference, value: Instance, names: Sequence[str]) -> str | None:
    """The first of some special methods that an instance has, from its class or a subclass."""
    for name in names:
        found = inference.find_member(value.cls, name)
        if found is not None:
            return None if name in GENERATED and _is_generated(inference, value, found[0]) else name
        if name in inference.project.special_methods and not value.exact:
            if overrides(inference, value.cls, name):
                return name
    return None


def _is_generated(inference: Inference, value: Instance, owner: ClassObject | str) -> bool:
    """Whether a decorator has written a method into a class that stands before its owner."""
    for cls in inference.mro(value.cls):
        if cls == owner:
            return False
        if isinstance(cls, ClassObject) and is_decorated(cls, GENERATORS):
            return True
    return False


def is_decorated(cls: ClassObject, names: frozenset[str]) -> bool:
    """Whether a class has a decorator of one of these last names."""
    return not names.isdisjoint(map(last_name, cls.definition.decorators))


def is_plain(inference: Inference, cls: ClassObject) -> bool:
    """Whether all that a class inherits is in the project, so that what is not there is nowhere."""
    order = inference.mro(cls)
    if len(order) <= len(cls.definition.bases):
        return False  # some base could not be resolved
    return all(isinstance(item, ClassObject) or item in PLAIN_BASES for item in order)


def ask(
    frame: Frame,
    values: Values,
    names: Sequence[str],
    arguments: tuple[Values, ...],
    where: CallSite,
) -> Values:
    """Call on each instance among the values the first of some special methods that it has."""
    if frame.inference.project.special_methods.isdisjoint(names):
        return NOTHING
    found = []
    for value in values:
        if isinstance(value, Instance):
            name = method_of(frame.inference, value, names)
            if name is not None:
                found.append(call_special(frame, value, name, arguments, among(where, values)))
        elif isinstance(value, ClassObject) and frame.inference.project.has_metaclasses:
            found.append(ask_class(frame, value, names, arguments, among(where, values)))
    return gather(found)


def ask_class(
    frame: Frame,
    cls: ClassObject,
    names: Sequence[str],
    arguments: tuple[Values, ...],
    where: CallSite,
) -> Values:
    """Call the first of some special methods that a class's metaclass has, () if it has none."""
    for name in names:
        methods = metaclasses.special(frame.inference, cls, name)
        if methods:
            return frame.inference.call(frame, methods, Arguments(arguments), where)
    return NOTHING


def ask_hash(frame: Frame, keys: Values, where: CallSite) -> None:
    """Ask keys of dicts and elements of sets for their hash."""
    if "__hash__" in frame.inference.project.special_methods:
        ask(frame, keys, ("__hash__",), (), where)


def ask_items(frame: Frame, values: Values, where: CallSite) -> Values:
    """``dict(x)`` and ``**x`` of an object with ``keys``: ``__getitem__`` gives the item of each."""
    found = []
    for value in values if "__getitem__" in frame.inference.project.special_methods else ():
        if isinstance(value, Instance) and _of_project(frame.inference, value, "keys"):
            call = frame.inference.call
            call(frame, read(frame, (value,), "keys", where), NO_ARGUMENTS, where)
            given = Arguments(((Unknown("key"),),))
            found.append(call(frame, read(frame, (value,), "__getitem__", where), given, where))
    return gather(found)


def _of_project(inference: Inference, value: Instance, name: str) -> bool:
    found = inference.find_member(value.cls, name)
    return found is not None and isinstance(found[0], ClassObject)


def ask_truth(frame: Frame, values: Values, where: CallSite) -> None:
    """Ask values whether they are true: ``__bool__`` may run, or else ``__len__``."""
    inference = frame.inference
    if not inference.project.truth_methods:
        return
    for value in values:
        if isinstance(value, Instance):
            name = method_of(inference, value, ("__bool__", "__len__"))
            if name is not None:
                place = _perhaps(inference, value, name, among(where, values))
                call_special(frame, value, name, (), place)
