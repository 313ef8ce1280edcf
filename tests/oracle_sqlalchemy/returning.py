"""Whether an object is of the type that the catalogue gives a call, a property or an attribute."""

from __future__ import annotations

import builtins
import collections.abc
import contextlib
from collections.abc import Sequence
from typing import Any

from blocklint.knowledge.records import LibraryType, TypeUnion
from tests.oracle_sqlalchemy.entries import CATALOG, Entry, imported, runtime_classes

STANDS_FOR: dict[str, tuple[type, ...]] = {
    "builtins.list": (collections.abc.Sequence, collections.abc.KeysView),
    "builtins.dict": (collections.abc.Mapping,),
    "builtins.set": (collections.abc.Set, collections.abc.Iterable),
    "builtins.tuple": (collections.abc.Sequence,),
    "contextlib.AbstractContextManager": (contextlib.AbstractContextManager,),
}
"""Short names that mean any type of their kind: a Row's `_mapping` is read like a dictionary."""


def declared(entry: Entry, *, is_read: bool) -> TypeUnion:
    """The type of a call's result, or of what is read; () if the catalogue gives none."""
    if not entry.in_class:
        function = CATALOG.function(entry.name)
        return CATALOG.variable(entry.name) or (function.returns if function is not None else ())
    if entry.member == "*":
        return ()
    member = CATALOG.member(entry.owner, entry.member)
    if is_read or member.method is None:
        return member.types
    return member.method.returns


def fits(value: Any, union: TypeUnion, receiver: Any) -> bool:
    """Whether an object is of one of the alternatives; what only a type argument can say always fits."""
    return not union or any(_is(value, item, receiver) for item in union)


def _is(value: Any, item: LibraryType, receiver: Any) -> bool:
    if item.name == "None":
        return value is None
    if item.name.startswith("$") or item.name in ("result", "builtins.object"):
        return True
    if item.name == "self":
        return isinstance(value, type(receiver)) or value is receiver or _classes_of(value, receiver)
    if isinstance(value, type):  # `declarative_base()` makes a class, which is catalogued like its instances
        return item.name == "sqlalchemy.orm.DeclarativeBase" or issubclass(value, _classes(item.name))
    classes = _classes(item.name)
    if not classes or any(getattr(cls, "_is_protocol", False) for cls in classes):
        return True  # the class is not in this version, or cannot be asked at run time
    return isinstance(value, classes)


def _classes_of(value: Any, receiver: Any) -> bool:
    """A class method of a class gives the class or an instance; a statement becomes another of its family."""
    if isinstance(receiver, type):
        return isinstance(value, receiver)
    shared = [base for base in type(receiver).__mro__[1:] if base.__module__.startswith("sqlalchemy")]
    return any(isinstance(value, base) for base in shared[:-1])


def _classes(name: str) -> tuple[type, ...]:
    if name in STANDS_FOR:
        return STANDS_FOR[name]
    module, _, last = name.rpartition(".")
    if module == "builtins":
        return (getattr(builtins, last),)
    found = runtime_classes(name)
    if found:
        return found
    known = imported(name)
    return (known,) if isinstance(known, type) else _ours(name)


def _ours(name: str) -> tuple[type, ...]:
    """What a name of ours stands for."""
    theirs: dict[str, Sequence[str]] = {
        "sqlalchemy.ext.asyncio.BufferedResult": ("sqlalchemy.Result", "sqlalchemy.ScalarResult",
                                                  "sqlalchemy.MappingResult", "sqlalchemy.CursorResult"),
        "sqlalchemy.ext.asyncio.BridgedQuery": ("sqlalchemy.orm.Query",),
        "sqlalchemy.ext.asyncio.BridgedSession": ("sqlalchemy.orm.Session",),
        "sqlalchemy.ext.asyncio.BridgedConnection": ("sqlalchemy.Connection",),
        "sqlalchemy.ext.asyncio.BridgedEngine": ("sqlalchemy.Engine",),
        "sqlalchemy.orm.SessionScope": ("contextlib.AbstractContextManager",),
        "sqlalchemy.FunctionGenerator": ("sqlalchemy.sql.functions._FunctionGenerator",),
    }  # fmt: skip
    return tuple(cls for other in theirs.get(name, ()) for cls in (*runtime_classes(other), *_known(other)))


def _known(name: str) -> tuple[type, ...]:
    found = imported(name)
    return (found,) if isinstance(found, type) else ()
