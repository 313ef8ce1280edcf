"""Loops that one coroutine has for itself, in a thread: what blocks there keeps nobody waiting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from blocklint.callgraph.graph import Entry
from blocklint.callgraph.waiting import Calls, closure, is_waited_for
from blocklint.flow.edges import Edge
from blocklint.flow.handovers import OFF_LOOP
from blocklint.model import Phase, Via
from blocklint.project.values import Activation

IsThreaded = Callable[[Activation], bool]


def private(
    calls: Calls, startup: Collection[Activation], entries: Iterable[Entry], is_threaded: IsThreaded
) -> frozenset[Activation]:
    """What of the startup code runs on such loops only, with all that it waits for.

    ``is_threaded``: whether a function is called in worker threads only.
    """
    awaited = _awaited(calls, startup, entries, is_threaded)
    alone = [each for each in startup if each not in awaited]
    if not alone:
        return frozenset()
    delaying = closure(calls, awaited, _is_followed)
    return frozenset(each for each in closure(calls, alone, _is_followed) if each not in delaying)


def _is_followed(_: Activation, edge: Edge) -> bool:
    return is_waited_for(edge)


def _awaited(
    calls: Calls, startup: Collection[Activation], entries: Iterable[Entry], is_threaded: IsThreaded
) -> dict[Activation, None]:
    """What of the startup code delays a program.

    Not what has a loop for itself: where a thread or a library such as Flask runs one coroutine.
    """
    listed = [(caller, edge, target) for caller, pairs in calls.items() for edge, target in pairs]
    started = [each for each in listed if each[1].site.phase is Phase.STARTUP and each[2] in startup]
    found = {entry.activation: None for entry in entries if entry.phase is Phase.STARTUP and not entry.alone}
    if all(edge.site.via is not Via.AWAIT for _, edge, _ in started):  # hooks only, by far the most
        return found | {target: None for _, _, target in started}
    handed = [target for _, edge, target in listed if edge.site.switches_to in OFF_LOOP]
    threads = closure(calls, handed, _stays_in_thread)
    outside = {
        target for caller, edge, target in listed if edge.site.switches_to is None and caller not in threads
    }
    for caller, edge, target in started:
        # In a coroutine it is a thread, too: a second loop in one thread is refused.
        off = caller.function.is_async or (caller in threads and caller not in outside)
        if edge.site.via is not Via.AWAIT or not (off or is_threaded(caller)):
            found[target] = None
    return found


def _stays_in_thread(_: Activation, edge: Edge) -> bool:
    if edge.site.switches_to is not None:
        return False
    return not (isinstance(edge.target, Activation) and edge.target.function.is_async)
