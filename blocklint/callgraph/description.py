"""The call graph by function, as data: what ``blocklint graph`` shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from blocklint.callgraph.complete import Complete
from blocklint.callgraph.contexts import Contexts
from blocklint.callgraph.effects import FEW
from blocklint.facts import records as r
from blocklint.flow.edges import NOWHERE, Edge
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks, Certainty, FunctionKey, Runs, Via
from blocklint.project.values import Activation

OURS = "blocklint."
"""Markers of the engine among the library names: no calls."""

LIBRARY = "library "
"""How the reason of a call begins that goes to a library's name which the catalogue lacks."""


class DescribedFunction(msgspec.Struct, frozen=True):
    """A function of the project: where its ``def`` stands and in which threads it is reached."""

    path: str
    line: int
    is_async: bool = msgspec.field(name="async")
    runs: tuple[Runs, ...]


class DescribedEdge(msgspec.Struct, frozen=True, order=True):
    """One way from one function to another; ``runs`` is where the callee runs because of it."""

    caller: str
    callee: str
    path: str
    line: int
    via: Via
    runs: tuple[Runs, ...]
    certainty: str


class Description(msgspec.Struct, frozen=True):
    """A project's call graph: functions by shown name in the order of the text, sorted edges."""

    functions: dict[str, DescribedFunction]
    edges: tuple[DescribedEdge, ...]


def description(graph: Complete) -> Description:
    """The graph by functions in place of activations."""
    contexts = Contexts(graph)
    places: defaultdict[FunctionKey, set[Runs]] = defaultdict(set)
    for activation in graph.edges:
        places[activation.key()] |= contexts.of(activation)
    show = graph.inference.project.show
    functions = {
        show(key): DescribedFunction(
            key.file, d.function.span[0], d.function.is_async, tuple(sorted(places[key]))
        )
        for key, d in graph.functions.items()
    }
    return Description(functions, tuple(sorted(_edges(graph, contexts))))


def _edges(graph: Complete, contexts: Contexts) -> Iterator[DescribedEdge]:
    """One edge for each (caller, callee, path, line, via), by whatever activations."""
    show = graph.inference.project.show
    runs: defaultdict[tuple[str, str, str, int, Via], set[Runs]] = defaultdict(set)
    certainty: dict[tuple[str, str, str, int, Via], Certainty] = {}
    for activation, edges in graph.edges.items():
        caller = show(activation.key())
        awaited = {(e.site.place[0], e.target) for e in edges if e.site.via is Via.AWAIT}
        for edge in edges:
            line, via = edge.site.place[0], edge.site.via
            callee = callee_of(edge, graph)
            if callee is None or (via is Via.CALL and (line, edge.target) in awaited):
                continue  # `await f()` is one step: the call that makes the coroutine is no other
            key = caller, callee, activation.file, line, via
            runs[key] |= contexts.behind(activation, edge)
            certainty[key] = max(certainty.get(key, Certainty.POSSIBLE), certainty_of(edge))
    for key, places in runs.items():
        yield DescribedEdge(*key, tuple(sorted(places)), certainty[key].name.lower())


def callee_of(edge: Edge, graph: Complete) -> str | None:
    """The shown name of what an edge enters, None if that is not known."""
    if edge.site.span == NOWHERE.span or (edge.reason and edge.target is not None):
        return None  # module bodies; notes on an argument
    match edge.target:
        case Activation():
            return graph.inference.project.show(edge.target.key())
        case LibraryCallable(name=name, blocks=blocks):
            return None if name.startswith(OURS) or blocks is Blocks.COMPUTATION else name
        case None:
            return library_of(edge)


def library_of(edge: Edge) -> str | None:
    """The dotted name of the library callable that a call goes to which the catalogue lacks.

    What a library's class gives is taken to be its instance: ``foo.Client.get`` for a method that
    is called on what ``foo.Client()`` has made.
    """
    name = edge.reason.removeprefix(LIBRARY)
    if name == edge.reason:
        return None
    made = name.removesuffix("()")
    if made == name:
        return name
    called = edge.site.called
    is_class = made.rpartition(".")[2][:1].isupper()
    return f"{made}.{called.name}" if is_class and isinstance(called, r.Attribute) else None


def certainty_of(edge: Edge) -> Certainty:
    """How sure it is that an edge is taken: by how many things may be meant where it begins."""
    if edge.site.weak:
        return Certainty.POSSIBLE
    if edge.site.candidates <= 1:
        return Certainty.CERTAIN
    return Certainty.LIKELY if edge.site.candidates <= FEW else Certainty.POSSIBLE
