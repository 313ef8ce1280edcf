"""LAG405: a decorator moves a ``def`` onto the loop that its framework would call in a thread.

Its wrapper is a coroutine function that calls the ``def`` itself, so that is what FastAPI sees.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.callgraph.effects import Effect, Effects, Kind, through
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.loop_thread import stays
from blocklint.facts import records as r
from blocklint.flow.edges import CallSite, Edge
from blocklint.flow.handlers import Handlers
from blocklint.flow.inference import Inference
from blocklint.model import Certainty, Hop, Phase, Runs, Via
from blocklint.project.definitions import Definition
from blocklint.project.uses import last_name
from blocklint.project.values import Activation, FunctionObject
from blocklint.rules.chains import Chains, brief
from blocklint.rules.codes import BY_BLOCKS, BY_CODE
from blocklint.rules.reporting import Located, Reporter

CODE = "LAG405"
HINT = "let the wrapper of a def be a def, or call it by run_in_threadpool"


class Moved(msgspec.Struct, frozen=True, gc=False):
    """A ``def`` that the wrapper of a decorator calls on the loop, and what then blocks that."""

    wrapper: Activation
    wrapped: FunctionObject
    edge: Edge
    kind: Kind
    effect: Effect


def find(inference: Inference, graph: CallGraph, found: dict[Kind, Effects]) -> list[Located]:
    """The findings at the decorators of functions that a framework is given."""
    listed = list(_all_moved(graph, found))
    if not listed:
        return []
    reporter, handlers = Reporter(inference.project, CODE), inference.handlers
    dependencies = {
        edge.target for edges in graph.edges.values() for edge in edges if edge.site.via is Via.DEPENDS
    }
    for moved in listed:
        definition = _definition(inference, moved.wrapped)
        decorator = _mover(moved.wrapper, definition.function) if definition is not None else None
        if definition is None or decorator is None:
            continue
        if moved.wrapper in dependencies or _runs_in_thread(handlers, definition, decorator):
            _report(inference, graph, found, reporter, moved, decorator)
    return reporter.findings()


def _all_moved(graph: CallGraph, found: dict[Kind, Effects]) -> Iterator[Moved]:
    for wrapper in graph.on_loop:
        if wrapper.closure is None or not wrapper.function.is_async:
            continue
        wrapped = {each.function: each for each in _given(wrapper.closure)}
        for edge in graph.edges[wrapper] if wrapped else ():
            target = edge.target
            if type(target) is Activation and target.function in wrapped and stays(edge):
                function = _innermost(wrapped[target.function])
                worst = _worst(edge, found)
                if function.function.decorators and not function.function.is_async and worst is not None:
                    yield Moved(wrapper, function, edge, *worst)


def _given(closure: Activation | None) -> Iterator[FunctionObject]:
    """The functions that a decorator is given."""
    while closure is not None:
        for _, values in closure.arguments:
            yield from (value for value in values if type(value) is FunctionObject)
        closure = closure.closure


def _innermost(function: FunctionObject) -> FunctionObject:
    """What a function wraps that is no wrapper itself."""
    while all(last_name(decorator) == "wraps" for decorator in function.function.decorators):
        inner = next(_given(function.closure), None)
        if inner is None:
            break
        function = inner
    return function


def _worst(edge: Edge, found: dict[Kind, Effects]) -> tuple[Kind, Effect] | None:
    """How a call blocks most surely, among what is shown by default."""
    listed = []
    for kind, effects in found.items():
        effect, row = through(edge, kind, effects), BY_CODE[BY_BLOCKS[kind.blocks]]
        if effect is not None and row.on and effect.certainty >= max(row.shown_from, Certainty.LIKELY):
            listed.append((-effect.certainty, effect.distance, effect.culprit, kind, effect))
    return min(listed)[3:] if listed else None


def _definition(inference: Inference, function: FunctionObject) -> Definition | None:
    return next(
        (d for d in inference.project.definitions[function.file] if d.function is function.function), None
    )


def _mover(wrapper: Activation, function: r.Function) -> r.Expression | None:
    """The decorator of a function that has made its wrapper: by the names of who made that."""
    makers: set[str] = set()
    maker = wrapper.closure
    while maker is not None:
        makers.update(maker.function.name.split("."))
        maker = maker.closure
    return next((each for each in function.decorators if last_name(each) in makers), None)


def _runs_in_thread(handlers: Handlers, definition: Definition, mover: r.Expression) -> bool:
    """Whether a framework is given what a decorator makes, and would run a ``def`` in a thread."""
    listed = definition.function.decorators
    for decorator in listed[: listed.index(mover)]:
        handler = handlers.registering(definition, decorator)
        if handler is not None:
            return handler.runs is Runs.WORKER_THREAD
    return False


def _report(
    inference: Inference,
    graph: CallGraph,
    found: dict[Kind, Effects],
    reporter: Reporter,
    moved: Moved,
    decorator: r.Expression,
) -> None:
    show = inference.project.show
    key = Activation(moved.wrapped.file, moved.wrapped.function).key()
    called = decorator.callee if type(decorator) is r.Call else decorator
    site = CallSite(decorator.span, called, Via.DECORATOR)
    first = Hop(show(key), show(moved.wrapper.key()), key.file, *site.place, Via.DECORATOR)
    hops = (first, *Chains(found[moved.kind], show).of(moved.wrapper, moved.edge))
    said = (
        f"{last_name(decorator)} moves {brief(show(key))} from a thread onto the event loop, where"
        f" {moved.effect.culprit}() blocks"
    )
    phase: Phase = graph.on_loop[moved.wrapper]
    category = moved.kind.blocks.value
    certainty = moved.effect.certainty
    reporter.add(key, site, said, hops, phase, HINT, category, certainty, moved.wrapper)
