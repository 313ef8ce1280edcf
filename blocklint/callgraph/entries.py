"""Where the event loop enters a project, and in which phase of its life."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from blocklint.callgraph.closures import activations_by_makers
from blocklint.callgraph.graph import CallGraph, Entry, explore
from blocklint.callgraph.phases import phases
from blocklint.callgraph.places import is_off_loop, runs_on
from blocklint.facts import records as r
from blocklint.flow.binding import default, of_definition
from blocklint.flow.edges import NOWHERE, Arguments
from blocklint.flow.handlers import kept_in_classes
from blocklint.flow.inference import Inference
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.frameworks.fastapi import startup_handler
from blocklint.frameworks.served import served
from blocklint.knowledge.records import Handler
from blocklint.model import Phase, Runs
from blocklint.project.definitions import Definition
from blocklint.project.uses import last_name
from blocklint.project.values import Activation, FunctionObject, Wrapper

_INTERESTING = frozenset({"asyncio", "anyio", "uvloop", "trio", "fastapi", "starlette"})
"""Modules that import none of these neither start a loop nor make an application."""

IMPLICIT = frozenset({"__aenter__", "__aexit__", "__aiter__", "__anext__"})


def build(inference: Inference) -> CallGraph:
    """The call graph of a project from all its entry points."""
    places = runs_on(inference.project)
    entries = [*_coroutines(inference, places), *_surroundings(inference)]
    by_endpoint = served(inference)
    entries += [Entry(each, Phase.SERVING) for entered in by_endpoint.values() for each in entered]
    elsewhere = {function for function, runs in places.items() if is_off_loop(function, runs)}
    edges, needed = explore(inference, entries, elsewhere)
    found = phases(edges, needed, _Replaced(inference).is_replaced, _threaded(inference))
    return CallGraph(edges, found.on_loop, found.serving, by_endpoint, found.ends)


def _threaded(inference: Inference) -> Callable[[Activation], bool]:
    """Asks whether a function is called in worker threads only."""

    def is_threaded(activation: Activation) -> bool:
        from blocklint.callgraph.only_threads import OnlyThreads  # few programs start loops in functions

        return OnlyThreads(inference).calls(activation.file, activation.function)

    return is_threaded


def _coroutines(inference: Inference, places: Mapping[r.Function, Runs]) -> list[Entry]:
    """Every coroutine function of the project, and the ``def`` functions that run on the loop, too."""
    project, found = inference.project, []
    called, handlers = project.called(), inference.handlers
    kept = kept_in_classes(inference)
    for file in project.modules:
        for definition in project.definitions[file]:
            function = definition.function
            runs = places.get(function)
            if runs is not None:
                if function.is_async or runs is Runs.EVENT_LOOP:
                    found.append(Entry(of_definition(definition), Phase.SERVING))
                continue
            handler = kept.get(function) or handlers.of(definition)
            if function.is_async:
                found += _of_coroutine(inference, definition, handler, called)
            elif handler is not None and handler.runs is Runs.EVENT_LOOP:
                found.append(Entry(of_definition(definition), handler.phase or Phase.SERVING))
            elif handler is None and _is_startup(inference, definition):
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
    order = 2 if is_called and _is_called_only(function.decorators) else 0
    return [Entry(of_definition(definition), Phase.SERVING, order)]


def _is_called_only(decorators: tuple[r.Expression, ...]) -> bool:
    """Whether nobody is told of a function by its decorators."""
    return not decorators or all(last_name(each) == "asynccontextmanager" for each in decorators)


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
            found.append(Entry(default(FunctionObject(file, facts.body)), None, 1))
        for definition in project.definitions[file]:
            function = definition.function
            if not function.is_async and registering.is_in(function):
                made = activations_by_makers(inference, definition) if definition.enclosing else []
                found += [Entry(activation, None, 1) for activation in made or [of_definition(definition)]]
    return found


class _Replaced:
    """Asks whether a function's name stands for something else, which calls it: a decorator's wrapper.

    What nobody knows of a decorator may be that it registers the function with someone who calls it.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def is_replaced(self, activation: Activation) -> bool:
        """Whether the innermost decorator is known to give something else, or there is no decorator."""
        decorators = activation.function.decorators
        if not decorators:
            return True
        definition = self._inference.project.definition_of[activation.file].get(activation.function)
        if definition is None:
            return False
        scopes = [scope for scope in definition.enclosing if isinstance(scope, r.Function)]
        frame = ScopeFrame(self._inference, definition.file, activation.closure if scopes else None)
        found = self._inference.evaluate(frame, decorators[-1])
        own = FunctionObject(activation.file, activation.function, activation.closure, None, activation.owner)
        given = self._inference.call(frame, found, Arguments(((own,),)), NOWHERE)
        return bool(given) and all(
            isinstance(v, Wrapper) or (isinstance(v, FunctionObject) and v.function is not own.function)
            for v in given
        )
