"""Where the event loop enters a project, and in which phase of its life."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from blocklint.callgraph.closures import activations_by_makers
from blocklint.callgraph.graph import CallGraph, Edges, Entry, declared, explore
from blocklint.facts import records as r
from blocklint.flow.binding import default, of_definition
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.frameworks.fastapi import startup_handler
from blocklint.frameworks.served import served
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Phase, Runs, Via
from blocklint.project.definitions import Definition
from blocklint.project.values import Activation, FunctionObject

_INTERESTING = frozenset({"asyncio", "anyio", "uvloop", "trio", "fastapi", "starlette"})
"""Modules that import none of these neither start a loop nor make an application."""

CONCURRENT = frozenset(
    {
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.gather",
        "asyncio.as_completed",
        "asyncio.wait",
        "asyncio.start_server",
        "asyncio.start_unix_server",
        "asyncio.AbstractEventLoop.create_task",
        "asyncio.TaskGroup.create_task",
        "anyio.abc.TaskGroup.start_soon",
        "anyio.create_task_group",
        "trio.open_nursery",
    }
)
"""Calls after which several tasks share the loop: one that blocks holds up the others."""


IMPLICIT = frozenset({"__aenter__", "__aexit__", "__aiter__", "__anext__"})


def build(inference: Inference) -> CallGraph:
    """The call graph of a project from all its entry points."""
    entries = [*_coroutines(inference), *_surroundings(inference)]
    by_endpoint = served(inference)
    entries += [Entry(each, Phase.SERVING) for entered in by_endpoint.values() for each in entered]
    places = declared(inference.project)
    elsewhere = {function for function, runs in places.items() if runs != Runs.EVENT_LOOP}
    edges, needed = explore(inference, entries, elsewhere)
    return CallGraph(edges, _on_loop(edges, needed), by_endpoint)


def _coroutines(inference: Inference) -> list[Entry]:
    """Every coroutine function of the project, and the ``def`` functions that run on the loop, too."""
    project, found = inference.project, []
    called, handlers = project.called(), inference.handlers
    for file in project.modules:
        for definition in project.definitions[file]:
            function = definition.function
            if not function.is_async and handlers.runs(definition) is Runs.EVENT_LOOP:
                found.append(Entry(of_definition(definition), Phase.SERVING, 0))
                continue
            if not function.is_async and not function.decorators:
                continue
            is_startup = _is_startup(inference, definition)
            if function.is_async or is_startup:
                phase = Phase.STARTUP if is_startup else Phase.SERVING
                name = function.name.rpartition(".")[2]
                # `async with` and `async for` call without naming what they call.
                is_called = name in called or name in IMPLICIT
                order = 1 if is_called and not function.decorators else 0
                made = activations_by_makers(inference, definition) if not is_startup else []
                found += [Entry(activation, phase) for activation in made]
                if not made:
                    found.append(Entry(of_definition(definition), phase, order))
    return found


def _is_startup(inference: Inference, definition: Definition) -> bool:
    if not definition.function.decorators:
        return False
    scopes = [scope for scope in definition.enclosing if isinstance(scope, r.Function)]
    closure = of_definition(definition).closure if scopes else None
    frame = ScopeFrame(inference, definition.file, closure)
    return any(startup_handler(frame, d) for d in definition.function.decorators)


def _surroundings(inference: Inference) -> list[Entry]:
    """Module bodies and functions that make applications, register hooks or start a loop."""
    project, found = inference.project, []
    wanted = inference.registering
    interesting = _INTERESTING.union(owner.partition(".")[0] for owner in inference.catalog.handlers)
    for file, facts in project.modules.items():
        if not interesting.intersection(name.partition(".")[0] for name in facts.imported):
            continue  # subprocess.run and its like
        if wanted.intersection(facts.body.called):
            found.append(Entry(default(FunctionObject(file, facts.body)), None, 2))
        for definition in project.definitions[file]:
            function = definition.function
            if not function.is_async and wanted.intersection(function.called):
                found.append(Entry(of_definition(definition), None, 2))
    return found


def _on_loop(edges: Edges, entries: Sequence[Entry]) -> dict[Activation, Phase]:
    """Every activation whose body runs on the loop of its own accord, with its phase.

    Coroutines are among them wherever they are called from; they serve, unless all that leads to
    them is startup code that waits for them.
    """
    calls = {
        activation: [(edge, edge.target) for edge in listed if type(edge.target) is Activation]
        for activation, listed in edges.items()
    }
    startup = _startup(edges, calls, entries)
    registered = {activation.function for activation in startup}
    before_serving = _closure(calls, startup, _is_waited_for)
    roots = [
        entry.activation
        for entry in entries
        if entry.phase is Phase.SERVING
        and (entry.activation not in before_serving or entry.activation.function.decorators)
        and entry.activation.function not in registered
    ]
    started = [
        target
        for activation in before_serving
        for edge, target in calls.get(activation, ())
        if not _is_waited_for(edge)
        and not any(other == target and _is_waited_for(each) for each, other in calls[activation])
    ]
    switched = [
        (edge, target)
        for listed in calls.values()
        for edge, target in listed
        if edge.site.switches_to is Runs.EVENT_LOOP
    ]
    callbacks = [target for edge, target in switched if _is_callback(edge)]
    serving = _closure(calls, [*roots, *started, *callbacks])
    entered = {entry.activation for entry in entries if entry.phase is Phase.SERVING}
    entered.update(target for _, target in switched)
    return {
        activation: Phase.SERVING if activation in serving else Phase.STARTUP
        for activation in edges
        if activation.function.is_async or activation in startup or activation in entered
    }


_Calls = dict[Activation, list[tuple[Edge, Activation]]]
"""The edges that lead to functions of the project, with those."""


def _startup(edges: Edges, calls: _Calls, entries: Sequence[Entry]) -> dict[Activation, None]:
    """What runs before or after serving: registered handlers, and programs with a single task."""
    found = {entry.activation: None for entry in entries if entry.phase is Phase.STARTUP}
    for listed in calls.values():
        for edge, target in listed:
            if edge.site.phase is Phase.STARTUP:
                if edge.site.via is not Via.AWAIT or _is_alone(edges, calls, target):
                    found[target] = None
    return found


def _is_alone(edges: Edges, calls: _Calls, main: Activation) -> bool:
    """Whether a program's main coroutine shares the loop with no task of its own.

    A library that nobody knows may start tasks: then it counts as sharing.
    """
    return not any(
        _shares(edge)
        for activation in _closure(calls, [main], _is_waited_for)
        for edge in edges.get(activation, ())
    )


def _shares(edge: Edge) -> bool:
    if isinstance(edge.target, LibraryCallable):
        return edge.target.name in CONCURRENT
    return edge.target is None and edge.reason.startswith("library ") and not _is_server(edge)


def _is_server(edge: Edge) -> bool:
    """Serving is what the startup code leads to; the handlers answer for themselves."""
    return edge.reason.startswith(("library uvicorn.", "library hypercorn."))


def _is_waited_for(edge: Edge) -> bool:
    """Whether the caller goes on only when the target is done: not for a task it starts."""
    return not (
        isinstance(edge.target, Activation)
        and (_is_callback(edge) or (edge.target.function.is_async and edge.site.via is Via.CALL))
    )


def _is_callback(edge: Edge) -> bool:
    """Whether the loop calls the target on its own, when it comes to it: mostly while it serves."""
    site = edge.site
    return site.via is Via.CALLBACK and site.switches_to is Runs.EVENT_LOOP and site.phase is None


def _closure(
    calls: _Calls, roots: Iterable[Activation], follows: Callable[[Edge], bool] | None = None
) -> dict[Activation, None]:
    """What is reached from the roots over the edges that are followed, by default over all."""
    found: dict[Activation, None] = {}
    pending = list(roots)
    while pending:
        activation = pending.pop()
        if activation not in found:
            found[activation] = None
            pending += [
                target
                for edge, target in calls.get(activation, ())
                if target not in found and (follows is None or follows(edge))
            ]
    return found
