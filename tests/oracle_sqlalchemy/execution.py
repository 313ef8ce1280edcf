"""Executes one entry in every state of its receiver and says what the DBAPI saw and what came out."""

from __future__ import annotations

import contextlib
import functools
import gc
import inspect
import json
import logging
import os
import shutil
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from tests.oracle_sqlalchemy.arguments import for_parameters, recipe
from tests.oracle_sqlalchemy.entries import ASYNC_BOUND, CATALOG, OWN, Entry, imported, paths, runtime_classes
from tests.oracle_sqlalchemy.helpers import HELPERS, begun
from tests.oracle_sqlalchemy.observations import MISSING_GREENLET, Observation, Seen
from tests.oracle_sqlalchemy.receivers import STATES
from tests.oracle_sqlalchemy.recording import RECORDER, summary
from tests.oracle_sqlalchemy.returning import declared, fits
from tests.oracle_sqlalchemy.world import World

NO_RECEIVER = "no receiver"
How = Callable[[World, Callable[[], Any]], Any]
"""Where something is called: right here, in a coroutine, or inside ``run_sync``."""
OURS = ASYNC_BOUND | {
    "sqlalchemy.orm.SessionScope", "sqlalchemy.ext.asyncio.BufferedResult", "sqlalchemy.FunctionGenerator",
}  # fmt: skip
"""Names of ours: there is no class of theirs, only the object that a recipe makes."""


def observe(entry: Entry) -> Observation:
    """What the installed version shows of an entry, in a process of its own: some calls change classes."""
    _warm_up()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as pipe:
                json.dump(_observed(entry), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        raise RuntimeError(f"{entry.name} cannot be observed")
    exists, seen = json.loads(text)
    return Observation(exists, [Seen(*each) for each in seen])


@functools.cache
def _warm_up() -> None:
    """Do once what every process would do again: fill the database, configure the mappers, compile queries."""
    world = World()
    session = begun(world)
    session.close()
    world.engine.dispose()
    shutil.rmtree(world.folder)
    del session, world
    gc.collect()
    gc.freeze()  # what is not touched by the collector is shared with the processes


def _observed(entry: Entry) -> Observation:
    warnings.simplefilter("ignore")
    logging.disable()  # the pool reports what it cannot reset outside the bridge
    gc.disable()  # a session that is collected while something else is recorded would send a ROLLBACK
    if not entry.in_class:
        places = (imported(f"{path}.{entry.member}") for path in paths(entry.owner))
        found = next((each for each in places if each is not None), None)
        return Observation(found is not None, [] if found is None else [_executed(entry, "called", found)])
    classes = runtime_classes(entry.owner)
    if not classes and entry.owner not in OURS:
        return Observation(exists=False, seen=[])
    if entry.member == "__init__":
        return Observation(True, [_executed(entry, "called", cls) for cls in classes[:1]])
    exists = bool(classes) and (entry.member == "*" or any(_has(cls, entry.member) for cls in classes))
    seen = [_executed(entry, state) for state in STATES.get(entry.owner, {})]
    # What has no `__bool__` or `__contains__` can be tested and searched all the same.
    seen = [each for each in seen if each.error != "no such name"]
    made = any(not each.error.startswith(NO_RECEIVER) for each in seen)
    return Observation(exists or made, seen)


def _executed(entry: Entry, state: str, function: Any = None) -> Seen:
    if entry.owner not in ASYNC_BOUND:
        return _in_new_world(entry, state, _directly, function)
    if entry.member == "*":
        return _all_bound(entry, state)
    outside = _in_new_world(entry, state, World.in_coroutine)
    if outside.error and not outside.is_refused:
        return outside
    inside = _in_new_world(entry, state, World.in_run_sync)
    shown = inside if outside.fits else outside
    return Seen(state, outside.events, outside.error, shown.result, shown.fits, inside.events, inside.error)


def _directly(world: World, call: Callable[[], Any]) -> Any:
    return call()


def _in_new_world(entry: Entry, state: str, how: How, function: Any = None) -> Seen:
    world = World()
    try:
        return _executed_in(world, entry, state, how, function)
    finally:
        shutil.rmtree(world.folder, ignore_errors=True)


def _executed_in(world: World, entry: Entry, state: str, how: How, function: Any) -> Seen:
    world.names.update(HELPERS)
    if function is not None:
        return _called(entry, state, function, world, how, is_function=True)
    make = STATES[entry.owner][state]
    try:
        receiver = eval(make, world.names) if isinstance(make, str) else make(world)
    except Exception as error:
        return Seen(state, [], f"{NO_RECEIVER}: {type(error).__name__}")
    if entry.member == "*":
        return Seen(state, _all_of(receiver, world), "")
    if not _has(receiver, entry.member) and entry.member not in ("__bool__", "__contains__", "__iter__"):
        return Seen(state, [], "no such name")
    return _called(entry, state, receiver, world, how, is_function=False)


def _called(entry: Entry, state: str, receiver: Any, world: World, how: How, *, is_function: bool) -> Seen:
    world.names["it"] = receiver
    world.names.setdefault("user", world.names["User"](id=3))
    expression, prepared = _expression(entry, receiver, is_function)
    if expression is None:
        return Seen(state, [], "no recipe for its arguments")
    if prepared is not None:
        try:
            ready = how if how is _directly else World.in_run_sync
            world.names["prepared"] = ready(world, lambda: eval(prepared, world.names))
        except Exception as error:
            return Seen(state, [], f"cannot be prepared: {type(error).__name__}")
    events, fault, result = _evaluated(expression, world, how)
    if fault:
        return Seen(state, events, fault)
    union = declared(entry, is_read=expression == f"it.{entry.member}")
    if entry.member == "__init__" or (union and union[0].name == "collections.abc.Awaitable"):
        given = union[0].arguments[0] if union and union[0].arguments else ()
        return Seen(state, events, "", _shown(result), fits(result, given, receiver))
    raw = world.names.get("raw", result)
    return Seen(state, events, "", _shown(raw), fits(raw, union, receiver) or fits(result, union, receiver))


def _shown(value: Any) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _has(receiver: Any, name: str) -> bool:
    """Whether an object has an attribute, without reading properties: these may be what waits."""
    if inspect.getattr_static(receiver, name, None) is not None:
        return True
    try:
        return hasattr(receiver, name)
    except Exception:
        return True


def _evaluated(expression: str, world: World, how: How) -> tuple[list[str], str, Any]:
    """The kinds of driver calls of an expression, its error, and its result."""
    with RECORDER.recording(every_thread=how is World.in_run_sync):
        try:
            result = how(world, lambda: _read_out(eval(expression, world.names), world))
        except Exception as error:
            return summary(RECORDER.events), f"{type(error).__name__}: {error}"[:200], None
        return summary(RECORDER.events), "", result


def _read_out(result: Any, world: World) -> Any:
    """What is awaited gives its result; what is read lazily is read; a generator's manager is entered."""
    world.names["raw"] = result
    if isinstance(result, Iterator) and type(result).__module__ in ("builtins", "itertools"):
        list(result)
    elif hasattr(result, "__await__") and not isinstance(result, AsyncIterator):

        async def awaited() -> Any:
            return await result

        result = world.run(awaited())
    elif isinstance(result, contextlib._GeneratorContextManager) or type(result).__name__ == "_trans_ctx":
        result = result.__enter__()
    return result


def _expression(entry: Entry, receiver: Any, is_function: bool) -> tuple[str | None, str | None]:
    """What is evaluated, and what is before; None if it is not known how."""
    arguments, call, prepared = recipe(entry.owner, entry.member)
    if call is not None:
        return call, prepared
    target = "it" if is_function else f"it.{entry.member}"
    known = CATALOG.function(entry.name) if is_function else CATALOG.member(entry.owner, entry.member).method
    if entry.in_class and (known is None or CATALOG.member(entry.owner, entry.member).effect is not None):
        return target, prepared
    value = receiver
    if not is_function:
        if isinstance(inspect.getattr_static(receiver, entry.member, None), property):
            return target, prepared
        value = getattr(receiver, entry.member)
    if not callable(value) or (is_function and CATALOG.variable(entry.name)):
        return target, prepared
    if arguments is None:
        try:
            arguments = for_parameters(inspect.signature(value).parameters.values())
        except (TypeError, ValueError):
            arguments = ""
    return None if arguments is None else f"{target}({arguments})", prepared


def _all_of(receiver: Any, world: World) -> list[str]:
    """The driver calls of all public methods together, those of them for which there are arguments."""
    found: set[str] = set()
    for name in dir(receiver):
        if name.startswith("_") or name in ("execute", "scalar"):
            continue
        try:
            method = getattr(receiver, name)
            arguments = for_parameters(inspect.signature(method).parameters.values())
        except Exception:
            continue
        if arguments is not None and callable(method):
            world.names["it"] = receiver
            found.update(_evaluated(f"it.{name}({arguments})", world, _directly)[0])
    return sorted(found)


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name in ("__enter__", "__exit__")


def _all_bound(entry: Entry, state: str) -> Seen:
    """Which of the public members without an entry of their own are refused, each with a receiver of its own."""
    world = World()
    make: Any = STATES[entry.owner][state]
    try:
        members = [name for name in dir(make(world)) if name not in OWN[entry.owner] and _is_public(name)]
    except Exception as error:
        return Seen(state, [], f"{NO_RECEIVER}: {type(error).__name__}")
    seen = {name: _in_new_world(Entry(entry.owner, name, True), state, World.in_coroutine) for name in members}
    refused = ", ".join(name for name, each in seen.items() if each.is_refused)
    if not any(not each.error for each in seen.values()):
        return Seen(state, [], "no member can be called")
    events = summary(event for each in seen.values() for event in each.events)
    return Seen(state, events, f"{MISSING_GREENLET}: {refused}" if refused else "")
