"""Library functions that make containers and records: what they hold depends on the arguments."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from blocklint.flow.attributes import assign, delete
from blocklint.flow.base import Frame
from blocklint.flow.binding import literal
from blocklint.flow.containers import filling, joined
from blocklint.flow.edges import (
    NO_ARGUMENTS,
    NOWHERE,
    Arguments,
    CallSite,
)
from blocklint.flow.filling import everything_in, second
from blocklint.flow.iteration import consume, element
from blocklint.flow.protocols import ask_items
from blocklint.project.bounds import bounded
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    Mapping,
    Suspended,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
)

Special = Callable[[Frame, Arguments, CallSite], Values | None]


def _deque(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    values = arguments.at(0, "iterable")
    items = element(frame, values, site, False) if values else NOTHING
    return (LibraryInstance("collections.deque", (items,) if items else ()),)


def _dict(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``dict(…)``, ``OrderedDict(…)`` and ``defaultdict(factory, …)``, which is the same class here."""
    made = Mapping(())
    for values in arguments.positional:
        factories = tuple(value for value in values if _is_factory(frame, value))
        if factories:
            made = joined(made, filling(None, _made_by(frame, factories)))
            continue
        made = joined(made, everything_in(values))
        made = joined(made, filling(None, ask_items(frame, values, site)))
        made = joined(made, filling(None, consume(frame, values, site)))
    made = Mapping(made.items, gather(map(second, made.others)))
    for name, values in arguments.keywords:
        made = joined(made, filling(name, values))
    if arguments.open:
        made = joined(made, Mapping((), (Unknown("item"),)))
    return (made,)


def _is_factory(frame: Frame, value: Value) -> bool:
    match value:
        case FunctionObject() | ClassObject() | Library() | Wrapper():
            return True
        case LibraryInstance(name=name):
            return frame.inference.catalog.method(name, "__call__") is not None
        case _:
            return False


def _made_by(frame: Frame, factory: Values) -> Values:
    """What a factory gives; its calls happen elsewhere."""
    with frame.deferring():
        return frame.inference.call(frame, factory, NO_ARGUMENTS, NOWHERE)


def _field(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``field(default_factory=…)``: what the attribute holds when nothing else is passed."""
    for keyword in ("default_factory", "factory"):
        factory = arguments.at(None, keyword)
        if factory:
            return _made_by(frame, factory)
    return arguments.at(None, "default") or None


def _replace(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``dataclasses.replace(x, name=…)``: x with some fields of its constructor changed."""
    changed = {name: kept for name, v in arguments.keywords if (kept := bounded(v))}
    return tuple(
        msgspec.structs.replace(value, fields=tuple({**dict(value.fields), **changed}.items()))
        if isinstance(value, Instance)
        else value
        for value in arguments.at(0, "obj")
    )


def _copied(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``copy.copy(x)``: another one like x."""
    return arguments.at(0, "x")


def _setattr(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    name = literal(arguments.at(1, None))
    if isinstance(name, str):
        assign(frame, arguments.at(0, None), name, arguments.at(2, None), site)
    return None


def _delattr(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    name = literal(arguments.at(1, None))
    if isinstance(name, str):
        delete(frame, arguments.at(0, None), name, site)
    return None


def _new(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``object.__new__(cls)``."""
    return tuple(
        Instance(value, True) if isinstance(value, ClassObject) else Unknown("instance")
        for value in arguments.at(0, None)
    )


def _in_threads(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``contextmanager_in_threadpool(x)``: entered and left in threads, its value comes out."""
    found = []
    for value in arguments.at(0, "cm"):
        if isinstance(value, Suspended):
            found.append(frame.inference.yields(value.activation))
    return (LibraryInstance("contextlib.AbstractAsyncContextManager", (gather(found),)),)


def _iterated_in_threads(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    with frame.deferring():
        items = element(frame, arguments.at(0, "iterator"), site, False)
    return (LibraryInstance("collections.abc.AsyncIterator", (items,)),)


FIELDS = (
    "dataclasses.field", "attrs.field", "attr.field", "attr.ib", "attr.attrib",
    "pydantic.Field", "pydantic.PrivateAttr", "sqlalchemy.Field", "sqlmodel.Field",
)  # fmt: skip

FUNCTIONS: dict[str, Special] = {
    "collections.deque": _deque,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.ChainMap": _dict,
    **dict.fromkeys(FIELDS, _field),
    "dataclasses.replace": _replace,
    "attrs.evolve": _replace,
    "copy.copy": _copied,
    "copy.deepcopy": _copied,
    "copy.replace": _replace,
    "builtins.setattr": _setattr,
    "builtins.delattr": _delattr,
    "builtins.object.__new__": _new,
    "fastapi.concurrency.contextmanager_in_threadpool": _in_threads,
    "starlette.concurrency.iterate_in_threadpool": _iterated_in_threads,
    "fastapi.concurrency.iterate_in_threadpool": _iterated_in_threads,
}  # fmt: skip
