"""Where the event loop enters a project, and in which phase of its life."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from blocklint.callgraph.closures import activations_by_makers
from blocklint.callgraph.graph import CallGraph, Edges, Entry, declared, explore
from blocklint.callgraph.handlers import Handlers
from blocklint.facts import records as r
from blocklint.flow.binding import default, of_definition
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.frameworks.fastapi import startup_handler
from blocklint.knowledge.records import Handler, LibraryCallable
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
    }
)
"""Calls after which several tasks share the loop: one that blocks holds up the others."""


IMPLICIT = frozenset({"__aenter__", "__aexit__", "__aiter__", "__anext__"})


def build(inference: Inference) -> CallGraph:
    """The call graph of a project from all its entry points."""
    places = declared(inference.project)
    entries = [*_coroutines(inference, places), *_surroundings(inference)]
    elsewhere = {function for function, runs in places.items() if runs != Runs.EVENT_LOOP}
    edges, needed = explore(inference, entries, elsewhere)
    return CallGraph(edges, _on_loop(edges, needed))


def _coroutines(inference: Inference, places: Mapping[r.Function, str]) -> list[Entry]:
    """Every coroutine function of the project, and the ``def`` functions that run on the loop, too."""
    project, found = inference.project, []
    called, handlers = project.called(), Handlers(inference)
    for file in project.modules:
        for definition in project.definitions[file]:
            handler = handlers.of(definition)
            if definition.function in places:
                if definition.function.is_async or places[definition.function] == Runs.EVENT_LOOP:
                    found.append(Entry(of_definition(definition), Phase.SERVING))
            elif definition.function.is_async:
                found += _of_coroutine(inference, definition, handler, called)
            elif handler is not None:
                if handler.runs is Runs.EVENT_LOOP:
                    found.append(Entry(of_definition(definition), handler.phase or Phase.SERVING))
            elif _is_startup(inference, definition):
                found.append(Entry(of_definition(definition), Phase.STARTUP))
    return found


def _of_coroutine(
    inference: Inference, definition: Definition, handler: Handler | None, called: Collection[str]
) -> list[Entry]:
    """The entries of a coroutine function, one for each way in which what it closes over is made."""
    function = definition.function
    if handler is not None and handler.own_loop:
        return [Entry(of_definition(definition), Phase.STARTUP, alone=True)]
    if (handler is not None and handler.phase) or _is_startup(inference, definition):
        return [Entry(of_definition(definition), Phase.STARTUP)]
    made = activations_by_makers(inference, definition)
    if made:
        return [Entry(activation, Phase.SERVING) for activation in made]
    name = function.name.rpartition(".")[2]
    # `async with` and `async for` call without naming what they call.
    is_called = name in called or name in IMPLICIT
    order = 1 if is_called and not function.decorators else 0
    return [Entry(of_definition(definition), Phase.SERVING, order)]


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
    registering = inference.registering
    interesting = _INTERESTING.union(owner.partition(".")[0] for owner in inference.handlers_by_owner)
    for file, facts in project.modules.items():
        if not interesting.intersection(name.partition(".")[0] for name in facts.imported):
            continue  # subprocess.run and its like
        if registering.is_in(facts.body):
            found.append(Entry(default(FunctionObject(file, facts.body)), None, 2))
        for definition in project.definitions[file]:
            function = definition.function
            if not function.is_async and registering.is_in(function):
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
        if (entry.phase is Phase.SERVING or (entry.alone and entry.activation not in startup))
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
    registered_elsewhere = [
        target
        for entry in entries
        if entry.phase is None
        for edge, target in calls.get(entry.activation, ())
        if edge.site.switches_to is Runs.EVENT_LOOP and edge.site.phase is None
    ]
    serving = _closure(_on_same_loop(calls, startup), [*roots, *started, *registered_elsewhere])
    entered = {entry.activation for entry in entries if entry.phase is Phase.SERVING}
    entered.update(
        target
        for listed in calls.values()
        for edge, target in listed
        if edge.site.switches_to is Runs.EVENT_LOOP
    )
    awaited = _awaited_startup(calls, startup, entries)
    private = _closure(calls, [each for each in startup if each not in awaited], _is_waited_for)
    delaying = _closure(calls, awaited, _is_waited_for) if private else {}
    return {
        activation: Phase.SERVING if activation in serving else Phase.STARTUP
        for activation in edges
        if (activation.function.is_async or activation in startup or activation in entered)
        and (activation in serving or activation not in private or activation in delaying)
    }


def _awaited_startup(
    calls: _Calls, startup: Collection[Activation], entries: Iterable[Entry]
) -> dict[Activation, None]:
    """What of the startup code delays a program: not what has a loop for itself in a thread.

    There, where a thread or a library such as Flask runs one coroutine, nobody waits for the loop.
    """
    listed = [(caller, edge, target) for caller, pairs in calls.items() for edge, target in pairs]
    handed = [target for _, edge, target in listed if edge.site.switches_to in _ELSEWHERE]
    threads = _closure(calls, handed, lambda edge: edge.site.switches_to is None and not _is_coroutine(edge))
    outside = {
        target for caller, edge, target in listed if edge.site.switches_to is None and caller not in threads
    }
    found = {entry.activation: None for entry in entries if entry.phase is Phase.STARTUP and not entry.alone}
    for caller, edge, target in listed:
        if edge.site.phase is Phase.STARTUP and target in startup:
            # In a coroutine it is a thread, too: a second loop in one thread is refused.
            off = caller.function.is_async or (caller in threads and caller not in outside)
            if edge.site.via is not Via.AWAIT or not off:
                found[target] = None
    return found


def _is_coroutine(edge: Edge) -> bool:
    return isinstance(edge.target, Activation) and edge.target.function.is_async


_ELSEWHERE = frozenset({Runs.WORKER_THREAD, Runs.OTHER_PROCESS})


_Calls = dict[Activation, list[tuple[Edge, Activation]]]
"""The edges that lead to functions of the project, with those."""


def _on_same_loop(calls: _Calls, startup: Collection[Activation]) -> _Calls:
    """The calls without those that start a loop, or a hook around serving, of their own.

    In a thread serving code may run a coroutine on a loop of its own, where nobody else waits for it.
    """
    found = dict(calls)
    for activation, listed in calls.items():
        own = {target for edge, target in listed if edge.site.phase is not None and target in startup}
        if own:
            found[activation] = [(edge, target) for edge, target in listed if target not in own]
    return found


def _startup(edges: Edges, calls: _Calls, entries: Sequence[Entry]) -> dict[Activation, None]:
    """What runs before or after serving: registered handlers, and programs with a single task."""
    found = {
        entry.activation: None
        for entry in entries
        if entry.phase is Phase.STARTUP and (not entry.alone or _is_alone(edges, calls, entry.activation))
    }
    for listed in calls.values():
        for edge, target in listed:
            if edge.site.phase is Phase.STARTUP and edge.site.switches_to is Runs.EVENT_LOOP:
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
        and edge.target.function.is_async
        and edge.site.via is Via.CALL
    )


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
