"""Builtins and library functions that go through what they are given, at once or later."""

from __future__ import annotations

from collections.abc import Callable

from blocklint.flow.attributes import read
from blocklint.flow.base import Frame
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite
from blocklint.flow.iteration import element
from blocklint.model import Via
from blocklint.project.values import (
    NONE,
    NOTHING,
    Deferred,
    Instance,
    LibraryInstance,
    Tuple,
    Unknown,
    Values,
    gather,
)


def awaitable(values: Values) -> Values:
    """Something that gives ``values`` when awaited."""
    return (LibraryInstance("collections.abc.Awaitable", (values,)),)


Special = Callable[[Frame, Arguments, CallSite], Values | None]
"""What a library function gives, None where the call is an ordinary one after all."""


def _first(arguments: Arguments) -> Values:
    return arguments.at(0, "iterable")


def collected(kind: str) -> Special:
    """``list(x)``, ``sorted(x)``: x is iterated here."""

    def collect(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        values = _first(arguments)
        items = element(frame, values, site, False) if values else NOTHING
        _keyed(frame, arguments, items, site)
        return (LibraryInstance(f"builtins.{kind}", (items,)),)

    return collect


def _keyed(frame: Frame, arguments: Arguments, items: Values, site: CallSite) -> None:
    """``key=`` is called with every element."""
    key = arguments.at(None, "key")
    if key:
        inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
        frame.inference.call(frame, key, Arguments((items,)), inner)


def reduced(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``sum``, ``any``, ``max``: the argument is iterated, an element or number comes out."""
    values = _first(arguments)
    items = element(frame, values, site, False) if len(arguments.positional) == 1 else values
    _keyed(frame, arguments, items, site)
    return items or (Unknown("number"),)


def iterator(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``iter`` and ``reversed``: what is iterated later."""
    values = _first(arguments)
    return values if len(arguments.positional) == 1 else None


def following(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``next``: one step of an iterator, here."""
    return gather([element(frame, _first(arguments), site, False), arguments.at(1, None)])


def following_async(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``anext``: one step, when it is awaited."""
    return awaitable(element(frame, _first(arguments), site, True))


def enumerated(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``enumerate``: pairs, later."""
    with frame.deferring() as edges:
        items = element(frame, _first(arguments), site, False)
    pair = Tuple(((LibraryInstance("builtins.int"),), items))
    return (Deferred((pair,), tuple(edge.target for edge in edges)),)


def zipped(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``zip``: tuples, later."""
    with frame.deferring() as edges:
        columns = tuple(element(frame, v, site, False) for v in arguments.positional)
    return (Deferred((Tuple(columns),), tuple(edge.target for edge in edges)),)


def mapped(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``map`` iterates its arguments and calls its function when it is consumed itself."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        columns = tuple(element(frame, v, site, False) for v in arguments.positional[1:])
        result = frame.inference.call(frame, arguments.at(0, None), Arguments(columns), inner)
    return (Deferred(result, tuple(edge.target for edge in edges)),)


def filtered(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``filter`` calls its function when it is consumed."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        items = element(frame, arguments.at(1, None), site, False)
        if arguments.at(0, None) != (NONE,):
            frame.inference.call(frame, arguments.at(0, None), Arguments((items,)), inner)
    return (Deferred(items, tuple(edge.target for edge in edges)),)


def folded(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``reduce`` calls its function here, with the elements."""
    items = element(frame, arguments.at(1, None), site, False)
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    given = Arguments((gather([arguments.at(2, None), items]), items))
    return frame.inference.call(frame, arguments.at(0, None), given, inner)


def passed_on(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``enumerate``, ``islice`` and others that pass on what they go through, later."""
    with frame.deferring() as edges:
        items = [element(frame, v, site, False) for v in arguments.positional[:1]]
    return (Deferred(gather(items), tuple(edge.target for edge in edges)),)


def chained(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``chain`` goes through all of its arguments, later."""
    with frame.deferring() as edges:
        items = [element(frame, v, site, False) for v in arguments.positional]
    return (Deferred(gather(items), tuple(edge.target for edge in edges)),)


def special_method(name: str, result: str) -> Special:
    """``len(x)`` and its like: a special method of a project's class is called."""

    def run(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        for value in arguments.at(0, None):
            if isinstance(value, Instance):
                member = read(frame, (value,), name, site)
                if not any(isinstance(v, Unknown) for v in member):
                    frame.inference.call(frame, member, NO_ARGUMENTS, site)
        return (LibraryInstance(f"builtins.{result}"),)

    return run
