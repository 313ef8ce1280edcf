"""One line explained: where its function runs, what is on it, what is called, and what blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import msgspec

from blocklint.callgraph.complete import Complete
from blocklint.callgraph.contexts import Contexts
from blocklint.callgraph.description import callee_of, certainty_of
from blocklint.callgraph.effects import Sites, effects, through
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.probing import Probed, covers, is_on, probe
from blocklint.callgraph.spoken import Spoken
from blocklint.callgraph.unresolved import Reasons
from blocklint.callgraph.words import words
from blocklint.facts import records as r
from blocklint.flow.edges import NOWHERE, Edge
from blocklint.knowledge.records import LibraryCallable
from blocklint.knowledge.words import Words
from blocklint.model import Blocks, Certainty, FunctionKey, Hop, Runs, Span, Via
from blocklint.project.definitions import Definition
from blocklint.project.values import Activation, Instance, LibraryInstance, Unknown, Values, known
from blocklint.rules.chains import Chains
from blocklint.rules.comments import allowed_lines
from blocklint.rules.ways_in import Context, WaysIn

MOST_CHAINS = 3


class Callee(msgspec.Struct, frozen=True):
    """One meaning of a call. ``name`` is None and ``why`` the reason where nothing is known.

    ``chains`` are the ways down to what blocks in the caller's thread, by kind.
    """

    name: str | None
    via: Via
    certainty: Certainty | None
    why: str
    elsewhere: Runs | None
    chains: tuple[tuple[Blocks, Certainty, tuple[Hop, ...]], ...]


class Call(msgspec.Struct, frozen=True):
    """A call on the line, written or not, with all that it may mean."""

    span: Span
    via: Via
    callees: tuple[Callee, ...]


class Shown(msgspec.Struct, frozen=True):
    """An expression on the line and its values in words."""

    span: Span
    text: str


class FunctionExplained(msgspec.Struct, frozen=True):
    """A function whose body holds the line. ``callers`` are given if there are no contexts."""

    name: str
    line: int
    is_async: bool
    contexts: tuple[Context, ...]
    callers: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    values: tuple[Shown, ...]
    calls: tuple[Call, ...]


def explain(graph: Complete, said: Words, file: str, line: int) -> list[FunctionExplained]:
    """The functions whose bodies cover a line: the innermost, and lambdas on the line."""
    return list(_Explainer(graph, said).functions(file, line))


class _Explainer:
    def __init__(self, graph: Complete, said: Words) -> None:
        self._graph = graph
        self._ways = WaysIn(graph, Contexts(graph))
        self._show = graph.inference.project.show
        self._reasons = Reasons(graph.inference)
        spoken = Spoken(graph.inference, said.allow, allowed_lines(graph.inference.project))
        self._edges = spoken.over(graph.edges)
        called = CallGraph(self._edges, {})
        self._effects = effects(called, Sites(called))
        self._activations: defaultdict[FunctionKey, list[Activation]] = defaultdict(list)
        for activation in graph.edges:
            self._activations[activation.key()].append(activation)

    def functions(self, file: str, line: int) -> Iterator[FunctionExplained]:
        """Each function with what there is to say of the line."""
        for definition in _covering(self._graph, file, line):
            function = definition.function
            key = FunctionKey(file, function.name, function.ordinal)
            activations = self._activations[key]
            probed = probe(self._graph.inference, self._graph.inference.queries, activations, line)
            contexts = tuple(self._ways.of(activations))
            yield FunctionExplained(
                self._show(key),
                function.span[0],
                function.is_async,
                contexts,
                () if contexts else self._ways.at_import(activations),
                tuple(self._parameters(function, activations)) if line == function.span[0] else (),
                tuple(self._values(probed, activations)),
                tuple(self._calls(activations, line, {p.expression: p.values for p in probed})),
            )

    # ------------------------------------------------------------------ values

    def _parameters(
        self, function: r.Function, activations: list[Activation]
    ) -> Iterator[tuple[str, str]]:
        for parameter in function.parameters:
            values: dict[str, None] = {}
            for activation in activations:
                found = self._graph.inference.outcome(activation).names.get(parameter.name, ())
                name = r.Name(*function.span[:2], parameter.name)
                reason = partial(self._reasons.text, activation=activation, expression=name)
                values[words(found, reason)] = None
            yield parameter.name, " or ".join(values)

    def _values(self, probed: list[Probed], activations: list[Activation]) -> Iterator[Shown]:
        called = {p.expression.callee for p in probed if isinstance(p.expression, r.Call)}
        for item in probed:
            if item.expression not in called or isinstance(item.expression, r.Name):
                reason = partial(
                    self._reasons.text, activation=activations[0], expression=item.expression
                )
                yield Shown(item.expression.span, words(item.values, reason))

    # ------------------------------------------------------------------- calls

    def _calls(
        self, activations: list[Activation], line: int, values: dict[r.Expression, Values]
    ) -> Iterator[Call]:
        found: defaultdict[tuple[Span, Via], dict[Callee, None]] = defaultdict(dict)
        for activation in activations:
            edges = self._edges[activation] or self._graph.edges[activation]
            for edge in edges:
                span, via = edge.site.span, edge.site.via
                if line not in (edge.site.place[0], span[0]) or span == NOWHERE.span:
                    continue
                if via is Via.CALL and _is_awaited(edge, edges):
                    continue
                callee = self._callee(activation, edge, values)
                if callee is not None:
                    found[span, via][callee] = None
        for (span, via), callees in sorted(found.items()):
            yield Call(span, via, tuple(callees))

    def _callee(
        self, activation: Activation, edge: Edge, values: dict[r.Expression, Values]
    ) -> Callee | None:
        name = callee_of(edge, self._graph)
        if isinstance(edge.target, LibraryCallable) and name is None:
            return None  # a marker of the engine
        if edge.target is None:
            why = self._reasons.of(activation, edge).reason
            return Callee(name, edge.site.via, None, why, None, ())
        chains = [
            (kind.blocks, effect.certainty, Chains(found, self._show).of(activation, edge))
            for kind, found in self._effects.items()
            if (effect := through(edge, kind, found)) is not None
        ]
        chains.sort(key=lambda item: (-item[1], item[0]))
        return Callee(
            name,
            edge.site.via,
            certainty_of(edge),
            self._why(edge, values),
            edge.site.switches_to,
            tuple(chains[:MOST_CHAINS]),
        )

    def _why(self, edge: Edge, values: dict[r.Expression, Values]) -> str:
        """Why a call is taken to mean this, as surely as it is."""
        site = edge.site
        if site.weak:
            return "by the types of all callers together"
        if site.candidates > 1:
            return f"one of {site.candidates} things that may be meant"
        if site.via is not Via.CALL:
            return "the one thing that is meant"
        receiver = _receiver(site.called)
        of = _origin(values.get(receiver, ())) if receiver is not None else ""
        return of or "the one thing that is meant"


def _receiver(called: r.Expression | None) -> r.Expression | None:
    while isinstance(called, r.Call):
        called = called.callee
    return called.value if isinstance(called, r.Attribute) else None


def _origin(values: Values) -> str:
    """What the type of a receiver rests on."""
    kinds = [value for value in known(values) if isinstance(value, Instance | LibraryInstance)]
    if not kinds or any(isinstance(value, Unknown) for value in values):
        return ""
    if all(isinstance(value, Instance) and value.exact for value in kinds):
        return "the receiver's construction is known"
    if any(isinstance(value, Instance) for value in kinds):
        return "by the receiver's declared class; no subclass in the project says otherwise"
    return "by the receiver's type"


def _is_awaited(edge: Edge, edges: tuple[Edge, ...]) -> bool:
    """Whether a coroutine that is made at a site is awaited in the same line."""
    line = edge.site.place[0]
    return any(
        e.site.via is Via.AWAIT and e.target == edge.target and e.site.place[0] == line for e in edges
    )


def _covering(graph: Complete, file: str, line: int) -> list[Definition]:
    """The innermost function whose span covers a line, and the lambdas that are on it."""
    found = [d for key, d in graph.functions.items() if key.file == file]
    body, *others = found
    inner = [d for d in others if covers(d.function.span, line)]
    lambdas = [d for d in inner if d.function.name.endswith(">") and is_on_line(d.function, line)]
    named = [d for d in inner if not d.function.name.endswith(">")]
    innermost = max(named, key=lambda d: d.function.span[0], default=body)
    return [innermost, *lambdas]


def is_on_line(function: r.Function, line: int) -> bool:
    """Whether a lambda has something on a line."""
    return any(is_on(s.value, line) for s in function.body if isinstance(s, r.Return) and s.value)
