"""Calls that hand a callable to another thread or process: a library's, and helpers around those.

``async def in_thread(function, *args): return await asyncio.to_thread(function, *args)`` hands over
its parameter, so a call of it does so, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from blocklint.callgraph.graph import CallGraph
from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.classes import is_static
from blocklint.flow.edges import Edge
from blocklint.flow.handovers import NOTES
from blocklint.flow.origins import assigned, handed_at
from blocklint.knowledge.records import LibraryCallable
from blocklint.memo import Memo
from blocklint.model import Hop, Span, Via
from blocklint.project.index import Project
from blocklint.project.values import Activation


class Handing(msgspec.Struct, frozen=True, gc=False):
    """A call that hands over what is written as ``handed``.

    ``edge`` leads to a library's callable that takes it to another thread, and notes what it is
    (``flow.handovers``), or to a helper around one. ``hops`` lead from here to that callable.
    """

    caller: Activation
    edge: Edge
    handed: r.Expression
    hops: tuple[Hop, ...]


class Handings:
    """All such calls of a project."""

    def __init__(self, project: Project, graph: CallGraph) -> None:
        self._project = project
        self._graph = graph
        self._calls: Memo[r.Function, dict[Span, r.Call]] = Memo(_calls)
        self._found: defaultdict[Activation, list[Handing]] = defaultdict(list)
        self._callers: defaultdict[r.Function, list[tuple[Activation, Edge]]] = defaultdict(list)
        self._fill()

    def of(self, activation: Activation) -> list[Handing]:
        """Those that one activation makes."""
        return self._found.get(activation, [])

    def makers(self) -> Iterator[Activation]:
        """The activations that make any."""
        return iter(self._found)

    def callers(self, activation: Activation) -> Iterator[tuple[Activation, Edge]]:
        """Who calls an activation of a function that hands over a parameter."""
        for caller, edge in self._callers[activation.function]:
            if edge.target == activation:
                yield caller, edge

    def parameter(self, function: r.Function, handed: r.Expression | None) -> str:
        """The parameter of a function that it hands over, as it is or wrapped; "" for none."""
        while True:
            match handed:
                case r.Name(name=name):
                    if any(parameter.name == name for parameter in function.parameters):
                        return name
                    handed = assigned(self._project, function, name)
                case r.Call(callee=r.Name(name="partial") | r.Attribute(name="partial")):
                    handed = handed.arguments[0] if handed.arguments else None
                case r.Lambda(function=r.Function(body=(r.Return(value=r.Call(callee=callee)),))):
                    handed = callee
                case _:
                    return ""

    def _fill(self) -> None:
        pending = list(self._direct())
        seen: set[tuple[r.Function, str]] = set()
        while pending:
            helpers: dict[r.Function, tuple[str, Handing]] = {}
            for handing in pending:
                self._found[handing.caller].append(handing)
                function = handing.caller.function
                name = self.parameter(function, handing.handed)
                if name and (function, name) not in seen:
                    seen.add((function, name))
                    helpers[function] = name, handing
            pending = list(self._through_helpers(helpers)) if helpers else []

    def _direct(self) -> Iterator[Handing]:
        show = self._project.show
        for activation, edges in self._graph.edges.items():
            for edge in edges:
                target, handed = edge.target, edge.site.called
                if edge.reason in NOTES and type(target) is LibraryCallable and handed is not None:
                    key = activation.key()
                    site = next(
                        (e.site for e in edges if e.site.span == edge.site.span and not e.reason), edge.site
                    )
                    hop = Hop(show(key), target.name, key.file, *site.place, Via.CALL)
                    yield Handing(activation, edge, handed, (hop,))

    def _through_helpers(
        self, helpers: dict[r.Function, tuple[str, Handing]]
    ) -> Iterator[Handing]:
        """The calls of functions that hand over a parameter."""
        for activation, edges in self._graph.edges.items():
            for edge in edges:
                target = edge.target
                if type(target) is Activation and target.function in helpers:
                    if edge.site.via is Via.CALL:
                        self._callers[target.function].append((activation, edge))
                        yield from self._through(activation, edge, *helpers[target.function])

    def _through(self, caller: Activation, edge: Edge, name: str, inner: Handing) -> Iterator[Handing]:
        """A call of a helper, which hands over its parameter of a name."""
        node = self._calls[caller.function].get(edge.site.span)
        helper = inner.caller.function
        positional = [p.name for p in helper.parameters if p.kind in ("positional", "normal")]
        if helper.owner and not is_static(helper):
            positional = positional[1:]
        position = positional.index(name) if name in positional else None
        handed = handed_at(node, position, name)
        if handed is not None:
            key, show = caller.key(), self._project.show
            hop = Hop(show(key), show(inner.caller.key()), key.file, *edge.site.place, Via.CALL)
            yield Handing(caller, edge, handed, (hop, *inner.hops))


def _calls(function: r.Function) -> dict[Span, r.Call]:
    return {each.span: each for each in expressions(function.body) if type(each) is r.Call}
