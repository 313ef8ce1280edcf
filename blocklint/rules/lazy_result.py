"""LAG403: something lazy is made in a thread and done on the loop: a generator, a query, ``map``."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.callgraph.graph import CallGraph
from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Span, Via
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation
from blocklint.rules.handing import Handings

CONSUMING = frozenset({Via.ITERATION, Via.CONTEXT_MANAGER})
MOST_HELPERS = 3
"""Through so many coroutines of the project a result is followed back to the thread it comes from."""


class LazyResults:
    """Tells of what blocks on the loop whether it is lazy work that was made in a thread."""

    def __init__(self, inference: Inference, graph: CallGraph, handings: Handings) -> None:
        self._inference = inference
        self._graph = graph
        self._handings = handings

    def is_lazy(self, activation: Activation, edge: Edge) -> bool:
        """Whether what an edge enters is done there, but has been made where its function was handed to."""
        if not self._does_work(edge):
            return False
        return any(
            self._is_made_elsewhere(activation, consumed, frozenset(), MOST_HELPERS)
            for consumed in _consumed(activation.function, edge)
        )

    def _does_work(self, edge: Edge) -> bool:
        """Whether an edge does the work that something lazy stands for."""
        target = edge.target
        if type(target) is LibraryCallable:
            owner, _, name = target.name.rpartition(".")
            if self._inference.catalog.is_lazy(owner):
                return True
        else:
            name = target.function.name.rpartition(".")[2] if type(target) is Activation else "__"
        return edge.site.via in CONSUMING and not name.startswith("__")

    def _is_made_elsewhere(
        self, activation: Activation, expression: r.Expression, seen: frozenset[str], depth: int
    ) -> bool:
        """Whether an expression is what has come back from a thread, or is built on that."""
        while True:
            match expression:
                case r.Call(callee=r.Attribute(value=inner)) | r.Attribute(value=inner):
                    expression = inner
                case r.Subscript(value=inner):
                    expression = inner
                case r.Call(callee=r.Name(name=name), arguments=arguments) if name in PASSING_ON:
                    return any(
                        self._is_made_elsewhere(activation, each, seen, depth) for each in arguments
                    )
                case r.Await(value=r.Call() as call):
                    return self._comes_back(activation, call, depth)
                case r.Name(name=name):
                    return name not in seen and self._is_bound_to_such(activation, name, seen, depth)
                case _:
                    return False

    def _is_bound_to_such(
        self, activation: Activation, name: str, seen: frozenset[str], depth: int
    ) -> bool:
        """Whether all that a local name is set to is made elsewhere, or built on what it was before."""
        function = activation.function
        bindings = self._inference.project.function_bindings[function].get(name, ())
        if not bindings or any(parameter.name == name for parameter in function.parameters):
            return False
        values = [each.value for each in bindings if each.kind in ("assign", "walrus") and not each.path]
        first = [value for value in values if value is not None and not _is_built_on(value, name)]
        return (
            len(values) == len(bindings)
            and bool(first)
            and all(self._is_made_elsewhere(activation, each, seen | {name}, depth) for each in first)
        )

    def _comes_back(self, activation: Activation, call: r.Call, depth: int) -> bool:
        """Whether a call that is awaited hands what it runs to a thread, or gives what one gave it."""
        spans = {handing.edge.site.span for handing in self._handings.of(activation)}
        if call.span in spans or (type(call.callee) is r.Call and call.callee.span in spans):
            return True
        helpers = [
            edge.target
            for edge in self._graph.edges[activation]
            if edge.site.span == call.span and edge.site.via is Via.AWAIT
        ]
        return bool(depth and helpers) and all(
            type(helper) is Activation and self._gives_such(helper, depth - 1) for helper in helpers
        )

    def _gives_such(self, helper: Activation, depth: int) -> bool:
        returned = [
            each.value for each in scope_statements(helper.function.body) if type(each) is r.Return
        ]
        return bool(returned) and all(
            value is not None and self._is_made_elsewhere(helper, value, frozenset(), depth)
            for value in returned
        )


PASSING_ON = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
"""Builtins whose result is as lazy as what they are given."""


def _is_built_on(expression: r.Expression, name: str) -> bool:
    """``query = query.filter(…)``: the name is set to something made of what it holds."""
    while True:
        match expression:
            case r.Call(callee=r.Attribute(value=inner)) | r.Attribute(value=inner):
                expression = inner
            case r.Name(name=found):
                return found == name
            case _:
                return False


def _consumed(function: r.Function, edge: Edge) -> Iterator[r.Expression]:
    """What is asked for its items at the site of an edge."""
    called, span = edge.site.called, edge.site.span
    if called is None:
        return
    if edge.site.via in CONSUMING and called.span != span:
        yield from _arguments(function, span)  # ``list(x)``
    elif type(called) is r.Attribute or type(called) is r.Subscript:
        yield called.value if edge.site.via not in CONSUMING else called
    else:
        yield called


def _arguments(function: r.Function, span: Span) -> Iterator[r.Expression]:
    for each in expressions(function.body):
        if type(each) is r.Call and each.span == span:
            yield from each.arguments
