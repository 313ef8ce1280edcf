"""What is gone through piece by piece: iteration, ``with``, ``await``, unpacking.

Bodies that were suspended (generators, context managers, coroutines) run here, and it is here
that their effects enter the caller.
"""

from __future__ import annotations

import msgspec

from blocklint.flow.annotations import from_library
from blocklint.flow.attributes import is_enumeration, read
from blocklint.flow.base import Frame, Inference
from blocklint.flow.containers import merged
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite, Edge
from blocklint.flow.protocols import ask_class, is_plain, method_of
from blocklint.flow.unpacking import ELEMENTS
from blocklint.model import Via
from blocklint.project.values import (
    CALLERS,
    NOTHING,
    ClassObject,
    Deferred,
    Instance,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Mapping,
    Suspended,
    Tuple,
    Unknown,
    Value,
    Values,
    gather,
    unknown,
    without_none,
)

CLOSING = "contextlib.closing"


def _at(site: CallSite, via: Via, candidates: int) -> CallSite:
    return CallSite(
        site.span, site.called, via, site.switches_to, candidates, site.weak, site.phase
    )


def _among(site: CallSite, via: Via, values: Values) -> CallSite:
    """The site with as many candidates as there are values."""
    if CALLERS not in values:
        return _at(site, via, len(values))
    return msgspec.structs.replace(site, via=via, candidates=len(values) - 1, weak=True)


def element(frame: Frame, values: Values, site: CallSite, is_async: bool) -> Values:
    """What iterating any of ``values`` gives, with the calls that it makes."""
    values = without_none(values)
    if len(values) > 1:
        values = merged(values)
    site = _among(site, Via.ITERATION, values)
    if len(values) == 1:
        return _element(frame, values[0], site, is_async)
    return gather(_element(frame, value, site, is_async) for value in values)


def consume(frame: Frame, values: Values, site: CallSite) -> Values:
    """What those of some values give that run code when they are gone through: generators and their like."""
    return element(frame, tuple(v for v in values if _is_lazy(frame.inference, v)), site, False)


def _is_lazy(inference: Inference, value: Value) -> bool:
    match value:
        case Suspended(kind=kind):
            return kind == "generator"
        case Instance(cls=cls):
            return inference.find_member(cls, "__iter__") is not None
        case LibraryInstance(name=name):
            return name not in ELEMENTS and inference.catalog.method(name, "__iter__") is not None
        case _:
            return isinstance(value, Deferred)


def _element(frame: Frame, value: Value, site: CallSite, is_async: bool) -> Values:
    if type(value) is Unknown:
        return unknown(value, "element")
    inference = frame.inference
    match value:
        case Suspended(kind="generator" | "async generator", activation=activation):
            frame.record(Edge(site, activation))
            return inference.yields(activation)
        case Tuple(items=items):
            return gather(items)
        case Deferred(items=found, calls=calls):
            for target, switches_to in calls:
                where = site
                if switches_to is not None:  # handed to a thread, whoever goes through it
                    where = msgspec.structs.replace(site, switches_to=switches_to)
                frame.record(Edge(where, target))
            return found
        case Mapping(items=items):
            return tuple(Literal(key) for key, _ in items) or (LibraryInstance("builtins.str"),)
        case LibraryInstance(name=name, arguments=arguments):
            if name in ELEMENTS:
                return arguments[0] if arguments else (Unknown("element"),)
            return _library_element(frame, value, site, is_async)
        case Instance():
            return _instance_element(frame, value, site, is_async)
        case ClassObject() if is_enumeration(inference, value):
            return (Instance(value, True),)
        case ClassObject():
            made = ask_class(frame, value, ("__iter__",), (), site)
            return _element(frame, made[0], site, is_async) if len(made) == 1 else unknown(value, "element")
        case LibraryMethod(receiver=receiver, path=path):
            return _implicit(frame, receiver, f"{path}.__iter__", site) or (Unknown("element"),)
        case _:
            return unknown(value, "element")


def _library_element(
    frame: Frame, value: LibraryInstance, site: CallSite, is_async: bool
) -> Values:
    """Iterating a library object: ``__iter__`` makes the call, its result tells the element."""
    if is_async and _is_synchronous(frame, value, "__aiter__", "__iter__"):
        frame.retract(site.span)
        return (Unknown("element"),)
    name = "__aiter__" if is_async else "__iter__"
    result = _implicit(frame, value, name, site)
    if not is_async and not result:
        result = _implicit(frame, value, "__next__", site)
        return result or (Unknown("element"),)
    found = [
        v.arguments[0] if isinstance(v, LibraryInstance) and v.name in ELEMENTS and v.arguments else (v,)
        for v in result
    ]
    return gather(found) or (Unknown("element"),)


def _is_synchronous(frame: Frame, value: LibraryInstance, wanted: str, instead: str) -> bool:
    """Whether a class is known to have only the synchronous one of two methods.

    ``async with`` and ``async for`` would raise: the value is not what it seems, but an engine made
    for asyncio by an option, an AsyncSession annotated as Session. Calls at that place are forgotten.
    """
    method = frame.inference.catalog.method
    return method(value.name, wanted) is None and method(value.name, instead) is not None


def _implicit(frame: Frame, value: LibraryInstance, name: str, site: CallSite) -> Values:
    """Call a special method of a library object, if the catalogue knows it."""
    method = frame.inference.catalog.method(value.name, name)
    if method is None:
        return NOTHING
    frame.record(Edge(site, method))
    return from_library(method.returns, value, NOTHING)


def _instance_element(frame: Frame, value: Instance, site: CallSite, is_async: bool) -> Values:
    name, following = ("__aiter__", "__anext__") if is_async else ("__iter__", "__next__")
    inference = frame.inference
    if not is_async and _has_old_protocol(inference, value):
        step = read(frame, (value,), "__getitem__", site)
        return inference.call(frame, step, Arguments(((LibraryInstance("builtins.int"),),)), site)
    iterators = inference.call(frame, read(frame, (value,), name, site), NO_ARGUMENTS, site)
    found = []
    for iterator in iterators:
        if isinstance(iterator, Instance):
            step = read(frame, (iterator,), following, site)
            result = inference.call(frame, step, NO_ARGUMENTS, site)
            found.append(awaited(frame, result, site) if is_async else result)
        else:
            found.append(_element(frame, iterator, site, is_async))
    return gather(found)


def iterators(frame: Frame, values: Values, site: CallSite) -> Values:
    """What ``iter(x)`` gives: ``__iter__`` runs at once, what it goes through later."""
    site = _among(site, Via.ITERATION, values)
    return gather(
        frame.inference.call(frame, read(frame, (value,), "__iter__", site), NO_ARGUMENTS, site)
        if isinstance(value, Instance) and method_of(frame.inference, value, ("__iter__",)) is not None
        else (value,)
        for value in values
    )


def step(frame: Frame, values: Values, site: CallSite) -> Values:
    """What ``next(x)`` gives: one step of iterators, ``__next__`` of an object."""
    site = _among(site, Via.ITERATION, values)
    return gather(
        frame.inference.call(frame, read(frame, (value,), "__next__", site), NO_ARGUMENTS, site)
        if isinstance(value, Instance)
        else _element(frame, value, site, False)
        for value in without_none(values)
    )


def _has_old_protocol(inference: Inference, value: Instance) -> bool:
    """Whether a class without ``__iter__`` is gone through by ``__getitem__`` of 0, 1, 2…"""
    if "__getitem__" not in inference.project.special_methods:
        return False
    if method_of(inference, value, ("__iter__", "__getitem__")) != "__getitem__":
        return False
    return is_plain(inference, value.cls)


def entered(frame: Frame, values: Values, site: CallSite, is_async: bool) -> Values:
    """What ``with value as x`` binds, with the calls that entering and leaving make."""
    values = without_none(values)
    site = _among(site, Via.CONTEXT_MANAGER, values)
    return gather(_entered(frame, value, site, is_async) for value in values)


def _entered(frame: Frame, value: Value, site: CallSite, is_async: bool) -> Values:
    match value:
        case Suspended(kind="context manager" | "async context manager", activation=activation):
            frame.record(Edge(site, activation))
            return frame.inference.yields(activation)
        case LibraryInstance(name=name, arguments=arguments):
            if name in ("contextlib.AbstractContextManager", "contextlib.AbstractAsyncContextManager"):
                return arguments[0] if arguments else (Unknown("context"),)
            if name == CLOSING:
                closer = read(frame, arguments[0], "close", site)
                frame.inference.call(frame, closer, NO_ARGUMENTS, site)
                return arguments[0]
            return _library_entered(frame, value, site, is_async)
        case Instance():
            return _instance_entered(frame, value, site, is_async)
        case _:
            return unknown(value, "context")


def _library_entered(
    frame: Frame, value: LibraryInstance, site: CallSite, is_async: bool
) -> Values:
    if is_async and _is_synchronous(frame, value, "__aenter__", "__enter__"):
        frame.retract(site.span)
        return (Unknown("context"),)
    enter, leave = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
    result = _implicit(frame, value, enter, site)
    _implicit(frame, value, leave, site)
    return awaited(frame, result, site) if is_async and result else result or (value,)


def _instance_entered(frame: Frame, value: Instance, site: CallSite, is_async: bool) -> Values:
    enter, leave = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
    call = frame.inference.call
    result = call(frame, read(frame, (value,), enter, site), NO_ARGUMENTS, site)
    call(frame, read(frame, (value,), leave, site), NO_ARGUMENTS, site)
    return awaited(frame, result, site) if is_async else result


def awaited(frame: Frame, values: Values, site: CallSite) -> Values:
    """What awaiting any of ``values`` gives."""
    if len(values) == 1:
        return _awaited(frame, values[0], site)
    return gather(_awaited(frame, value, site) for value in values)


def _awaited(frame: Frame, value: Value, site: CallSite) -> Values:
    if type(value) is Unknown:
        return unknown(value, "awaited")
    match value:
        case Suspended(kind="coroutine", activation=activation):
            frame.record(Edge(_at(site, Via.AWAIT, 1), activation))
            return frame.inference.returns(activation)
        case LibraryInstance(name="collections.abc.Awaitable" | "asyncio.Task", arguments=(result, *_)):
            return result
        case LibraryInstance():
            return _implicit(frame, value, "__await__", _at(site, Via.AWAIT, 1)) or (
                Unknown("awaited"),
            )
        case Instance():
            steps = read(frame, (value,), "__await__", site)
            called = frame.inference.call(frame, steps, NO_ARGUMENTS, site)
            return element(frame, called, site, False)
        case _:
            return unknown(value, "awaited")
