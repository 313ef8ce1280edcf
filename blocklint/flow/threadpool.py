"""Iterators and context managers that Starlette and FastAPI step through in worker threads.

What an ``async for`` or ``async with`` is made of runs there; its body stays on the loop. Verified with
Starlette 1.10 and FastAPI 0.163: only ``iter`` itself is called on the loop.
"""

from __future__ import annotations

from blocklint.flow.attributes import read
from blocklint.flow.base import Frame
from blocklint.flow.consuming import Special
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite
from blocklint.flow.iteration import element, entered
from blocklint.model import Runs, Via
from blocklint.project.values import Instance, LibraryInstance, Values


def _in_thread(site: CallSite) -> CallSite:
    return CallSite(site.span, site.called, Via.CALLBACK, Runs.WORKER_THREAD)


def _iterated(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``iterate_in_threadpool(x)``: ``iter(x)`` here, every step in a thread."""
    values = arguments.at(0, "iterator")
    own = tuple(value for value in values if isinstance(value, Instance))
    frame.inference.call(frame, read(frame, own, "__iter__", site), NO_ARGUMENTS, site)
    items = element(frame, values, _in_thread(site), False)
    return (LibraryInstance("collections.abc.AsyncIterator", (items,)),)


def _entered(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``contextmanager_in_threadpool(x)``: x is entered and left in threads."""
    values = entered(frame, arguments.at(0, "cm"), _in_thread(site), False)
    return (LibraryInstance("contextlib.AbstractAsyncContextManager", (values,)),)


FUNCTIONS: dict[str, Special] = {
    "starlette.concurrency.iterate_in_threadpool": _iterated,
    "fastapi.concurrency.contextmanager_in_threadpool": _entered,
}
