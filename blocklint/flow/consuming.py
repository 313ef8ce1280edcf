"""Builtins and library functions that go through what they are given, at once or later."""

from __future__ import annotations

from collections.abc import Callable

from blocklint.flow.base import Frame
from blocklint.flow.comparisons import order
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite, deferred
from blocklint.flow.iteration import consume, element, iterators, step
from blocklint.flow.protocols import ask_truth
from blocklint.flow.sequences import listed, positions
from blocklint.model import Via
from blocklint.project.values import (
    NONE,
    NOTHING,
    LibraryInstance,
    Tuple,
    Unknown,
    Values,
    gather,
    without_none,
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
        if len(values) == 1 and kind in ORDERED and (parts := positions(values[0])) is not None:
            return (listed(parts) if kind == "list" else Tuple(parts),)
        items = element(frame, values, site, False) if values else NOTHING
        return (LibraryInstance(f"builtins.{kind}", (items,)),)

    return collect


ORDERED = frozenset({"list", "tuple"})


def ordered(position: int, operator: str = "<") -> Special:
    """``sorted(x, key=…)``: x is iterated here, and its elements or their keys are compared."""

    def run(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        values = arguments.at(position, "iterable")
        items = element(frame, values, site, False) if values else NOTHING
        order(frame, _keyed(frame, arguments, items, site), operator, site)
        return (LibraryInstance("builtins.list", (items,)),)

    return run


def _keyed(frame: Frame, arguments: Arguments, items: Values, site: CallSite) -> Values:
    """What is compared: ``key=`` is called with every element."""
    key = without_none(arguments.at(None, "key"))
    if not key:
        return items
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    return frame.inference.call(frame, key, Arguments((items,)), inner)


def extreme(operator: str) -> Special:
    """``min`` and ``max``: the elements of the only argument or the arguments are compared."""

    def run(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        single = len(arguments.positional) == 1 and not arguments.unpacked
        items = gather((*arguments.positional, arguments.unpacked))
        items = element(frame, items, site, False) if single else items
        order(frame, _keyed(frame, arguments, items, site), operator, site)
        return items or (Unknown("number"),)

    return run


def quantified(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``any`` and ``all``: the elements are asked whether they are true."""
    items = element(frame, _first(arguments), site, False)
    ask_truth(frame, items, site)
    return items or (Unknown("number"),)


def consumed(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``",".join(x)`` and its like: x is gone through here; the rest is in the catalogue."""
    for values in arguments.positional:
        consume(frame, values, site)
    return None


def summed(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``sum``: the argument is iterated, an element or number comes out."""
    values = _first(arguments)
    items = element(frame, values, site, False) if len(arguments.positional) == 1 else values
    return items or (Unknown("number"),)


def iterator(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``iter`` and ``reversed``: what is iterated later; ``iter(f, end)`` calls f at every step."""
    values = _first(arguments)
    if len(arguments.positional) != 2:
        return iterators(frame, values, site) if len(arguments.positional) == 1 else None
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        result = frame.inference.call(frame, values, NO_ARGUMENTS, inner)
    return (deferred(result, edges, site),)


def awaited_later(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``aiter``: what is iterated later."""
    return _first(arguments)


def following(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``next``: one step of an iterator, here."""
    return gather([step(frame, _first(arguments), site), arguments.at(1, None)])


def following_async(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``anext``: one step, when it is awaited."""
    return awaitable(element(frame, _first(arguments), site, True))


def stepped(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``generator.send(x)``: one step, here."""
    return element(frame, _first(arguments), site, False)


def enumerated(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``enumerate``: pairs, later."""
    with frame.deferring() as edges:
        items = element(frame, _first(arguments), site, False)
    pair = Tuple(((LibraryInstance("builtins.int"),), items))
    return (deferred((pair,), edges, site),)


def zipped(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``zip``: tuples, later."""
    with frame.deferring() as edges:
        columns = tuple(element(frame, v, site, False) for v in arguments.positional)
    return (deferred((Tuple(columns),), edges, site),)


def mapped(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``map`` iterates its arguments and calls its function when it is consumed itself."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        columns = tuple(element(frame, v, site, False) for v in arguments.positional[1:])
        result = frame.inference.call(frame, arguments.at(0, None), Arguments(columns), inner)
    return (deferred(result, edges, site),)


def filtered(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``filter`` calls its function when it is consumed."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        items = element(frame, arguments.at(1, None), site, False)
        if arguments.at(0, None) == (NONE,):
            ask_truth(frame, items, inner)
        else:
            frame.inference.call(frame, arguments.at(0, None), Arguments((items,)), inner)
    return (deferred(items, edges, site),)


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
    return (deferred(gather(items), edges, site),)


def chained(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``chain`` goes through all of its arguments, later."""
    with frame.deferring() as edges:
        given = (*arguments.positional, arguments.unpacked)
        items = [element(frame, v, site, False) for v in given]
    return (deferred(gather(items), edges, site),)


def chained_from(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``chain.from_iterable(x)`` goes through what x gives, later."""
    with frame.deferring() as edges:
        items = element(frame, element(frame, _first(arguments), site, False), site, False)
    return (deferred(items, edges, site),)


def star_mapped(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``starmap`` calls its function with the parts of each element, when it is consumed."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        items = element(frame, arguments.at(1, None), site, False)
        parts = [v.items for v in items if isinstance(v, Tuple)]
        given = Arguments(parts[0]) if len(parts) == len(items) == 1 else Arguments(open=True)
        result = frame.inference.call(frame, arguments.at(0, None), given, inner)
    return (deferred(result, edges, site),)


def accumulated(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``accumulate(x, f)`` calls f with the elements, when it is consumed."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        items = element(frame, _first(arguments), site, False)
        function = without_none(arguments.at(1, "func"))
        if function:
            items = frame.inference.call(frame, function, Arguments((items, items)), inner)
    return (deferred(items, edges, site),)


def grouped(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``groupby(x, key)`` calls its key with every element, when it is consumed."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        items = keys = element(frame, _first(arguments), site, False)
        function = without_none(arguments.at(1, "key"))
        if function:
            keys = frame.inference.call(frame, function, Arguments((items,)), inner)
    group = (LibraryInstance("collections.abc.Iterator", (items,)),)
    return (deferred((Tuple((keys, group)),), edges, site),)


def keyed_by(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``dict.fromkeys(x, value)``: x is gone through here."""
    consume(frame, _first(arguments), site)
    return None


FUNCTIONS: dict[str, Special] = {
    **{f"builtins.{kind}": collected(kind) for kind in ("list", "set", "frozenset", "tuple")},
    "builtins.sorted": ordered(0),
    "heapq.nlargest": ordered(1),
    "heapq.nsmallest": ordered(1),
    "builtins.min": extreme("<"),
    "builtins.max": extreme(">"),
    "builtins.sum": summed,
    "builtins.any": quantified,
    "builtins.all": quantified,
    "builtins.iter": iterator,
    "builtins.next": following,
    "builtins.anext": following_async,
    "builtins.aiter": awaited_later,
    "types.GeneratorType.send": stepped,
    "types.AsyncGeneratorType.asend": following_async,
    "builtins.enumerate": enumerated,
    "builtins.zip": zipped,
    "builtins.map": mapped,
    "builtins.filter": filtered,
    "itertools.islice": passed_on,
    "itertools.cycle": passed_on,
    "itertools.takewhile": filtered,
    "itertools.dropwhile": filtered,
    "itertools.filterfalse": filtered,
    "itertools.starmap": star_mapped,
    "itertools.accumulate": accumulated,
    "itertools.groupby": grouped,
    "itertools.chain": chained,
    "itertools.chain.from_iterable": chained_from,
    "functools.reduce": folded,
    "builtins.bytearray": consumed,
    "collections.Counter": consumed,
}

METHODS: dict[str, Special] = {
    "builtins.str.join": consumed,
    "builtins.bytes.join": consumed,
    "builtins.dict.fromkeys": keyed_by,
    **{
        f"builtins.{kind}.{name}": consumed
        for kind in ("set", "frozenset")
        for name in ("union", "intersection", "difference", "symmetric_difference", "isdisjoint")
    },
    "itertools.chain.from_iterable": chained_from,
}
