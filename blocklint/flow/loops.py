"""Calls that start an event loop: what they run is startup, unless it turns out to serve."""

from __future__ import annotations

from collections.abc import Callable

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.flow.iteration import awaited
from blocklint.flow.origins import handed_at, origin_of
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks, Phase, Runs, Via
from blocklint.project.values import (
    ClassObject,
    Instance,
    Library,
    LibraryInstance,
    Literal,
    Value,
    Values,
    gather,
)


def run_coroutine(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``asyncio.run(main())``: a program's main coroutine."""
    return awaited(frame, arguments.at(0, "main"), _starting(site))


def run_function(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``anyio.run(main, 1)``: a coroutine function with its arguments."""
    given = Arguments(arguments.positional[1:], (), arguments.open)
    main = frame.inference.call(frame, arguments.at(0, "func"), given, _starting(site))
    return awaited(frame, main, _starting(site))


def future_of(frame: Frame, tasks: Values, arguments: Arguments) -> Values:
    """``run_coroutine_threadsafe(c, loop)``: a future, for which threads other than the loop's may wait."""
    results = gather(task.arguments[0] for task in tasks if isinstance(task, LibraryInstance))
    loop = handed_at(arguments.node, 1, "loop")
    origin = origin_of(frame, loop) if loop is not None else None
    made_by = frame.inference.evaluate(frame, origin.callee) if isinstance(origin, r.Call) else ()
    if made_by in OWN_LOOP:
        return (LibraryInstance(OWN_FUTURE, (results,)),)
    return (LibraryInstance("concurrent.futures.Future", (results,)),)


def _wait_for_itself(name: str) -> Callable[[Frame, Arguments, CallSite], None]:
    """``future.result()`` of one's own loop: that would have to run on, to bring it."""
    waits = LibraryCallable(f"concurrent.futures.Future.{name}", Blocks.LOOP)

    def run(frame: Frame, arguments: Arguments, site: CallSite) -> None:
        if arguments.at(0, "timeout") != (Literal(0),):
            frame.record(Edge(site, waits))

    return run


OWN_FUTURE = "asyncio.OwnLoopFuture"
"""What ``run_coroutine_threadsafe`` gives for the loop that runs where it is called."""

OWN_LOOP = frozenset(
    {(Library("asyncio.get_running_loop"),), (Library("asyncio.get_event_loop"),)}
)


def on_signal(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``signal.signal(SIGTERM, stop)``: it runs in the main thread, the loop's, whenever the signal comes."""
    called = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP)
    frame.inference.call(frame, arguments.at(1, "handler"), Arguments(open=True), called)
    return None


def _starting(site: CallSite) -> CallSite:
    return CallSite(site.span, site.called, Via.AWAIT, Runs.EVENT_LOOP, phase=Phase.STARTUP)


def in_executor(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``run_in_executor(executor, f)``: a class of the project says itself how it submits, here."""
    found: list[Value] = []
    for executor in arguments.at(0, "executor"):
        if not isinstance(executor, Instance):
            return None
        submit = frame.inference.find_member(executor.cls, "submit")
        if submit is None or not isinstance(submit[0], ClassObject):
            return None
        given = Arguments((arguments.at(1, "func"), *arguments.positional[2:]))
        method = frame.inference.instance_member(executor, "submit").values
        found += frame.inference.call(frame, method, given, site)
    results = [v.arguments[0] for v in found if isinstance(v, LibraryInstance) and v.arguments]
    return (LibraryInstance("asyncio.Future", (gather(results),)),) if found else None


def run_application(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``web.run_app(make())``: a coroutine that makes the application is awaited before it serves."""
    awaited(frame, arguments.at(0, "app"), _starting(site))
    return None


STARTS_A_LOOP = frozenset({"run", "run_app", "run_sync", "run_until_complete"})
"""The last parts of their names."""

FUNCTIONS = {
    "aiohttp.web.run_app": run_application,
    "asyncio.run": run_coroutine,
    "signal.signal": on_signal,
    "uvloop.run": run_coroutine,
    "anyio.run": run_function,
    "trio.run": run_function,
}
METHODS = {
    "asyncio.AbstractEventLoop.run_in_executor": in_executor,
    "asyncio.AbstractEventLoop.run_until_complete": run_coroutine,
    "asyncio.Runner.run": run_coroutine,
    "tornado.ioloop.IOLoop.run_sync": run_function,
    **{f"{OWN_FUTURE}.{name}": _wait_for_itself(name) for name in ("exception", "result")},
}
