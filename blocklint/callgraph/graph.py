"""From entry points to the graph of activations that they reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Edge
from blocklint.flow.binding import of_definition
from blocklint.flow.frames import ScopeFrame
from blocklint.flow.inference import Inference
from blocklint.frameworks.fastapi import startup_handler
from blocklint.model import FunctionKey, Phase, Runs, Via
from blocklint.project.index import Definition
from blocklint.project.values import (
    Activation,
    FunctionObject,
    Values,
    Wrapper,
)


class Entry(msgspec.Struct, frozen=True):
    """A function that the event loop runs without being called by the project."""

    activation: Activation
    phase: Phase


class CallGraph(msgspec.Struct, frozen=True):
    """Activations with their edges, in the order in which they were reached.

    ``entries`` are the activations that run on the event loop, with their phase.
    """

    edges: dict[Activation, tuple[Edge, ...]]
    entries: dict[Activation, Phase]


def build(inference: Inference, entries: Sequence[Entry]) -> CallGraph:
    """Interpret everything the entries reach, until nothing changes any more."""
    before = -1
    edges: dict[Activation, tuple[Edge, ...]] = {}
    while before != inference.queries.evaluations:
        before = inference.queries.evaluations
        edges = _reach(inference, [entry.activation for entry in entries])
        inference.queries.solve()
    return CallGraph(edges, _on_loop(edges, entries))


def _reach(inference: Inference, roots: list[Activation]) -> dict[Activation, tuple[Edge, ...]]:
    found: dict[Activation, tuple[Edge, ...]] = {}
    pending = list(reversed(roots))
    while pending:
        activation = pending.pop()
        if activation in found:
            continue
        found[activation] = inference.outcome(activation).edges
        pending += [e.target for e in reversed(found[activation]) if isinstance(e.target, Activation)]
    return found


def _on_loop(
    edges: dict[Activation, tuple[Edge, ...]], entries: Sequence[Entry]
) -> dict[Activation, Phase]:
    """Every activation whose body runs on the loop of its own accord, with its phase.

    Coroutines are among them wherever they are called from; they serve, unless all that leads to
    them is startup code that awaits them.
    """
    startup = [entry.activation for entry in entries if entry.phase is Phase.STARTUP]
    before_serving = _closure(edges, startup, _is_waited_for)
    roots = [
        entry.activation
        for entry in entries
        if entry.phase is Phase.SERVING
        and (entry.activation not in before_serving or entry.activation.function.decorators)
    ]
    started = [
        edge.target
        for activation in before_serving
        for edge in edges.get(activation, ())
        if isinstance(edge.target, Activation) and not _is_waited_for(edge)
        and not _awaits(edges[activation], edge.target)
    ]
    serving = _closure(edges, [*roots, *started], lambda edge: True)
    scheduled = {
        edge.target
        for listed in edges.values()
        for edge in listed
        if edge.site.switches_to is Runs.EVENT_LOOP
    }
    return {
        activation: Phase.SERVING if activation in serving else Phase.STARTUP
        for activation in edges
        if activation.function.is_async or activation in startup or activation in scheduled
    }


def _is_waited_for(edge: Edge) -> bool:
    """Whether the caller goes on only when the target is done: not for a task it starts."""
    return not (
        isinstance(edge.target, Activation)
        and edge.target.function.is_async
        and edge.site.via is Via.CALL
    )


def _awaits(listed: tuple[Edge, ...], target: Activation) -> bool:
    return any(edge.target == target and _is_waited_for(edge) for edge in listed)


def _closure(
    edges: dict[Activation, tuple[Edge, ...]],
    roots: Iterable[Activation],
    follows: Callable[[Edge], bool],
) -> set[Activation]:
    """What is reached from the roots over the edges that are followed."""
    found: set[Activation] = set()
    pending = list(roots)
    while pending:
        activation = pending.pop()
        if activation not in found:
            found.add(activation)
            pending += [
                edge.target
                for edge in edges.get(activation, ())
                if isinstance(edge.target, Activation) and follows(edge)
            ]
    return found


# --------------------------------------------------------------------- entries


def entries(inference: Inference) -> list[Entry]:
    """Every coroutine function of the project, and the ``def`` functions the loop calls."""
    project = inference.project
    startup = _lifespans(inference)
    found = []
    for file in project.modules:
        for definition in project.definitions(file):
            function = definition.function
            if not function.is_async and not function.decorators:
                continue
            is_startup = _is_startup(inference, definition)
            if function.is_async or is_startup:
                key = FunctionKey(file, function.name, function.ordinal)
                phase = Phase.STARTUP if is_startup or key in startup else Phase.SERVING
                found.append(Entry(of_definition(definition), phase))
    return found


def _is_startup(inference: Inference, definition: Definition) -> bool:
    if not definition.function.decorators:
        return False
    frame = ScopeFrame(inference, definition.file)
    return any(startup_handler(frame, d) for d in definition.function.decorators)


def _lifespans(inference: Inference) -> set[FunctionKey]:
    """The functions passed as ``lifespan=`` when an application is made."""
    found: set[FunctionKey] = set()
    for file, facts in inference.project.modules.items():
        if not {"FastAPI", "Starlette", "APIRouter"} & set(facts.body.called):
            continue
        frame = ScopeFrame(inference, file)
        for listed in inference.project.bindings(file).values():
            for binding in listed:
                match binding.value:
                    case r.Call(keywords=keywords):
                        for keyword in keywords:
                            if keyword.name == "lifespan":
                                found |= _keys(inference.evaluate(frame, keyword.value))
                    case _:
                        pass
    return found


def _keys(values: Values) -> set[FunctionKey]:
    found = set()
    for value in values:
        if isinstance(value, Wrapper):
            found |= _keys(value.target)
        elif isinstance(value, FunctionObject):
            found.add(FunctionKey(value.file, value.function.name, value.function.ordinal))
    return found
