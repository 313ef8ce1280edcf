"""In which phase of its life the event loop gets to code: before and after serving, or while it serves.

A program that waits for one coroutine after the other keeps nobody waiting. One that starts a server is
startup up to there, and again when that is done; one that only starts tasks is ordinary code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec

from blocklint.callgraph.graph import Edges, Entry, Place
from blocklint.callgraph.private_loops import private
from blocklint.callgraph.waiting import Calls, closure, is_callback, is_waited_for
from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.edges import Edge
from blocklint.knowledge.records import LibraryCallable
from blocklint.memo import Memo
from blocklint.model import Phase, Runs, Span, Starts, Via
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation

LAST: Place = (1 << 30, 0)


class Phases(msgspec.Struct, frozen=True):
    """The phase of every activation that runs on the loop of its own accord.

    ``serving`` are the places within startup code, from and up to, at which the loop serves: what stands
    behind the call that starts the server. ``ends`` are the places from which on a body is left to another
    thread: the first ``yield`` of a generator that the loop only enters.
    """

    on_loop: dict[Activation, Phase]
    serving: dict[Activation, tuple[Place, Place]]
    ends: dict[Activation, Place]


def phases(
    edges: Edges,
    entries: Sequence[Entry],
    is_replaced: Callable[[Activation], bool],
    is_threaded: Callable[[Activation], bool],
) -> Phases:
    """The phases of everything on the loop.

    Coroutines are among it wherever they are called from; they serve, unless all that leads to them is
    startup code that waits for them. ``is_replaced``: whether nothing but its decorators calls a function;
    ``is_threaded``: whether it is called in worker threads only.
    """
    calls: Calls = {
        activation: [(edge, edge.target) for edge in listed if type(edge.target) is Activation]
        for activation, listed in edges.items()
    }
    startup, ordinary, serving_from = _startup(edges, calls, entries)

    def is_before(activation: Activation, edge: Edge) -> bool:
        return is_waited_for(edge) and not within(serving_from.get(activation), edge)

    registered = {activation.function for activation in startup}
    # Whatever arguments it is interpreted for: nobody else may call it.
    before_serving = closure(calls, [a for a in edges if a.function in registered], is_before)
    switched = [
        (edge, target)
        for listed in calls.values()
        for edge, target in listed
        if edge.site.switches_to is Runs.EVENT_LOOP
    ]
    entered = {entry.activation for entry in entries if entry.phase is Phase.SERVING}
    entered.update(target for _, target in switched)
    roots = [
        activation
        for activation in edges
        if (activation.function.is_async or activation in entered)
        and activation.function not in registered
        and (activation not in before_serving or _may_be_registered(activation, is_replaced))
    ]
    started = [
        target
        for activation in before_serving
        for edge, target in calls.get(activation, ())
        if not is_before(activation, edge)
        and not any(other == target and is_before(activation, each) for each, other in calls[activation])
    ]
    callbacks = [target for edge, target in switched if is_callback(edge)]
    serving = closure(_on_same_loop(calls, startup), [*roots, *ordinary, *started, *callbacks])
    unseen = private(calls, startup, entries, is_threaded)
    on_loop = {
        activation: Phase.SERVING if activation in serving else Phase.STARTUP
        for activation in edges
        if (activation.function.is_async or activation in startup or activation in entered)
        and (activation in serving or activation not in unseen)
    }
    ends = {target: first_yield(target.function) for edge, target in switched if edge.site.to_yield}
    return Phases(on_loop, serving_from, ends)


def first_yield(function: r.Function) -> Place:
    """Where a body gives its first element, behind all of it if it does not."""
    yields = (each.span[:2] for each in expressions(function.body) if type(each) is r.Yield)
    return min(yields, default=LAST)


def _on_same_loop(calls: Calls, startup: Collection[Activation]) -> Calls:
    """The calls without those that start a loop, or a hook around serving, of their own.

    In a thread serving code may run a coroutine on a loop of its own, where nobody else waits for it.
    """
    found = dict(calls)
    for activation, listed in calls.items():
        own = {target for edge, target in listed if edge.site.phase is not None and target in startup}
        if own:
            found[activation] = [(edge, target) for edge, target in listed if target not in own]
    return found


def _may_be_registered(activation: Activation, is_replaced: Callable[[Activation], bool]) -> bool:
    """Whether what decorates a function may call it, beside what is seen to."""
    return not activation.arguments and not is_replaced(activation)


def within(part: tuple[Place, Place] | None, edge: Edge) -> bool:
    """Whether an edge is taken in a part of a body."""
    return part is not None and part[0] <= edge.site.place < part[1]


def _startup(
    edges: Edges, calls: Calls, entries: Sequence[Entry]
) -> tuple[dict[Activation, None], list[Activation], dict[Activation, tuple[Place, Place]]]:
    """What runs before or after serving: registered handlers, and programs.

    Beside it the programs that are ordinary code, and the parts of the others that serve.
    """
    found: dict[Activation, None] = {}
    ordinary: list[Activation] = []
    for entry in entries:
        if entry.phase is Phase.STARTUP:
            if entry.alone and not _Program(edges, calls, entry.activation).is_startup:
                ordinary.append(entry.activation)
            else:
                found[entry.activation] = None
    parts: dict[Activation, tuple[Place, Place]] = {}
    for listed in calls.values():
        for edge, target in listed:
            if edge.site.phase is Phase.STARTUP and edge.site.switches_to is Runs.EVENT_LOOP:
                program = _Program(edges, calls, target) if edge.site.via is Via.AWAIT else None
                if program is not None and not program.is_startup:
                    ordinary.append(target)
                    continue
                found[target] = None
                if program is not None:
                    parts |= program.parts
    return found, ordinary, parts


class _Program:
    """A program's main coroutine with all that it waits for.

    ``is_startup``: it starts no tasks, or a server: then ``parts`` are where, in the bodies on the
    way to it, the server runs. What is awaited of a library that nobody knows may start tasks.
    """

    def __init__(self, edges: Edges, calls: Calls, main: Activation) -> None:
        self._edges = edges
        self._inside = closure(calls, [main], lambda _, edge: is_waited_for(edge))
        self._waits = Memo(waits)
        self._ways: dict[Activation, Starts | None] = {}
        self.parts: dict[Activation, tuple[Place, Place]] = {}
        started = {
            starts
            for each in self._inside
            for edge in edges.get(each, ())
            if (starts := starts_of(edge) or self._perhaps(each.function, edge))
        }
        serves = bool(started & {Starts.SERVER, Starts.SERVING})
        self.is_startup = serves or not started
        if serves:
            self._way(main)

    def _perhaps(self, function: r.Function, edge: Edge) -> Starts | None:
        """What a library may set going that nobody knows, where something of it is awaited or entered."""
        if edge.target is not None or not edge.reason.startswith("library "):
            return None
        return Starts.TASKS if edge.site.span in self._waits[function] else None

    def _way(self, activation: Activation) -> Starts | None:
        """What running a body starts; notes the part of it from there on."""
        if activation in self._ways:
            return self._ways[activation]
        self._ways[activation] = None  # a body that gets to itself has been there before
        first: Place = LAST
        last: Place = (0, 0)
        is_done = False
        for edge in self._edges.get(activation, ()):
            starts = starts_of(edge)
            if starts is None and edge.target in self._inside and is_waited_for(edge):
                assert isinstance(edge.target, Activation)
                starts = self._way(edge.target)
            if starts is not None:
                begin, end = _places(activation.function, edge)
                first = min(first, begin)
                if end >= last:
                    last, is_done = end, starts is Starts.SERVING
        if first == LAST:
            return None
        self.parts[activation] = first, last if is_done else LAST
        found = Starts.SERVING if is_done else Starts.SERVER
        self._ways[activation] = found
        return found


def _places(function: r.Function, edge: Edge) -> tuple[Place, Place]:
    """From where and up to where a call counts: a loop as a whole, for it comes round again."""
    place = edge.site.place
    for statement in scope_statements(function.body):
        if type(statement) is r.Loop and statement.span[0] <= place[0] <= statement.span[2]:
            return statement.span[:2], statement.span[2:]
    return place, place


def starts_of(edge: Edge) -> Starts | None:
    """What a library call is known to set going on the loop."""
    return edge.target.starts if type(edge.target) is LibraryCallable else None


def waits(function: r.Function) -> frozenset[Span]:
    """The places of the calls whose results a body awaits or enters."""
    waited = [each.value for each in expressions(function.body) if type(each) is r.Await]
    for statement in scope_statements(function.body):
        if type(statement) is r.With and statement.is_async:
            waited += [item.context for item in statement.items]
    return frozenset(each.span for each in waited if type(each) is r.Call)
