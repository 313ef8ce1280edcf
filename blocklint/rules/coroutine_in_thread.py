"""LAG402: a coroutine function is handed to a thread, which makes a coroutine and awaits it never."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.loop_thread import stays
from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.conditions import text
from blocklint.flow.edges import CallSite
from blocklint.flow.handovers import COROUTINE, OFF_LOOP
from blocklint.flow.inference import Inference
from blocklint.model import Phase, Span, Via
from blocklint.project.uses import last_name
from blocklint.project.values import Activation, Suspended, Values
from blocklint.rules.chains import brief
from blocklint.rules.handing import Handing, Handings
from blocklint.rules.reporting import Located, Reporter, certainty_of

CODE = "LAG402"
HINT = "await it on the loop; where it has to leave that, hand over asyncio.run and the coroutine"


def find(
    inference: Inference, graph: CallGraph, phases: dict[Activation, Phase], handings: Handings
) -> list[Located]:
    """The findings in all code that runs in the loop's thread."""
    search = _Search(inference, graph, phases, handings)
    for activation in handings.makers():
        for handing in handings.of(activation) if activation in phases else ():
            if handing.edge.reason == COROUTINE and stays(handing.edge):
                search.judge(handing)
    return search.reporter.findings()


class _Search:
    def __init__(
        self,
        inference: Inference,
        graph: CallGraph,
        phases: dict[Activation, Phase],
        handings: Handings,
    ) -> None:
        self._inference = inference
        self._graph = graph
        self._phases = phases
        self._handings = handings
        self.reporter = Reporter(inference.project, CODE)

    def judge(self, handing: Handing) -> None:
        """Report a coroutine function where it is handed over, unless what comes back is awaited."""
        site = handing.edge.site
        made = list(self._made(handing.caller, site.span))
        written = text(handing.handed)
        name = brief(self._inference.project.show(made[0].key())) if made else written
        said = (
            f"{handing.hops[-1].callee}() is given {name or 'a coroutine function'}, a coroutine"
            " function: the thread makes a coroutine, which never runs"
        )
        for found in self._places(handing, made, {handing.caller}):
            where = CallSite(found.handed.span, found.handed, Via.CALLBACK)
            key, phase = found.caller.key(), self._phases[found.caller]
            sure, within = certainty_of(site), found.caller
            self.reporter.add(key, where, said, found.hops, phase, HINT, certainty=sure, within=within)

    def _places(
        self, handing: Handing, made: list[Activation], seen: set[Activation]
    ) -> Iterator[Handing]:
        """Where it is named: in the function itself, or where a caller gives it to this one.

        Not where the coroutine that comes back is awaited.
        """
        activation = handing.caller
        if self._awaits(activation, made):
            return
        found = False
        if self._handings.parameter(activation.function, handing.handed):
            for caller, edge in self._handings.callers(activation):
                if caller in self._phases and caller not in seen and stays(edge):
                    seen.add(caller)
                    for outer in self._handings.of(caller):
                        if outer.edge is edge:
                            found = True
                            yield from self._places(outer, made, seen)
        if not found and not self._is_awaited_by_callers(activation, made):
            yield handing

    def _made(self, activation: Activation, span: Span) -> Iterator[Activation]:
        """The coroutines that a thread makes of what is handed to it."""
        for edge in self._graph.edges[activation]:
            target, site = edge.target, edge.site
            if type(target) is Activation and site.switches_to in OFF_LOOP and site.span == span:
                if target.function.is_async:
                    yield target
                else:
                    yield from _coroutines(self._inference.returns(target))

    def _is_awaited_by_callers(self, activation: Activation, made: list[Activation]) -> bool:
        """Whether a coroutine that comes back is returned, and awaited by who gets it from here."""
        if set(_coroutines(self._inference.outcome(activation).returns)).isdisjoint(made):
            return False
        return any(
            self._awaits(caller, made)
            for caller, edges in self._graph.edges.items()
            if any(edge.target == activation for edge in edges)
        )

    def _awaits(self, activation: Activation, made: list[Activation]) -> bool:
        if any(edge.site.via is Via.AWAIT and edge.target in made for edge in self._graph.edges[activation]):
            return True
        # ``await future.result()``: whichever future it is, the result of one is a coroutine here.
        return any(
            type(each) is r.Await and type(each.value) is r.Call and last_name(each.value) == "result"
            for each in expressions(activation.function.body)
        )


def _coroutines(values: Values) -> Iterator[Activation]:
    for value in values:
        if isinstance(value, Suspended) and value.kind == "coroutine":
            yield value.activation
