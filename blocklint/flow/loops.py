"""Calls that start an event loop: what they run is startup, unless it turns out to serve."""

from __future__ import annotations

from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.iteration import awaited
from blocklint.model import Phase, Runs, Via
from blocklint.project.values import Values


def run_coroutine(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``asyncio.run(main())``: a program's main coroutine."""
    return awaited(frame, arguments.at(0, "main"), _starting(site))


def run_function(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``anyio.run(main, 1)``: a coroutine function with its arguments."""
    given = Arguments(arguments.positional[1:], (), arguments.open)
    main = frame.inference.call(frame, arguments.at(0, "func"), given, _starting(site))
    return awaited(frame, main, _starting(site))


def on_signal(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``signal.signal(SIGTERM, stop)``: it runs in the main thread, the loop's, mostly when all is over."""
    stops = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP, phase=Phase.STARTUP)
    frame.inference.call(frame, arguments.at(1, "handler"), Arguments(open=True), stops)
    return None


def _starting(site: CallSite) -> CallSite:
    return CallSite(site.span, site.called, Via.AWAIT, Runs.EVENT_LOOP, phase=Phase.STARTUP)


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
    "asyncio.AbstractEventLoop.run_until_complete": run_coroutine,
    "asyncio.Runner.run": run_coroutine,
    "tornado.ioloop.IOLoop.run_sync": run_function,
}
