"""LAG401: the result of a call is handed to a thread, not the callable: the call is made on the loop."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.loop_thread import stays
from blocklint.facts import records as r
from blocklint.flow.annotations import from_library
from blocklint.flow.conditions import text
from blocklint.flow.edges import CallSite
from blocklint.flow.handovers import CALLED, UNSEEN, is_data
from blocklint.flow.inference import Inference
from blocklint.flow.origins import assigned
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Hop, Phase, Via
from blocklint.project.index import Project
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation
from blocklint.rules.handing import Handings
from blocklint.rules.reporting import Located, Reporter

CODE = "LAG401"


def find(
    inference: Inference, graph: CallGraph, phases: dict[Activation, Phase], handings: Handings
) -> list[Located]:
    """The findings in all code that runs in the loop's thread."""
    reporter = Reporter(inference.project, CODE)
    for activation in handings.makers():
        phase = phases.get(activation)
        if phase is None:
            continue
        for site, call, hops in _mistakes(inference, graph, activation, handings):
            written = text(call.callee)
            name = f"{written.rpartition('.')[2]}()" if written else "a call"
            said = f"{hops[-1].callee}() is given the result of {name}, which is made here, on the event loop"
            hint = f"pass {written or 'the callable'} itself, and its arguments behind it"
            reporter.add(activation.key(), site, said, hops, phase, hint, within=activation)
    return reporter.findings()


def _mistakes(
    inference: Inference, graph: CallGraph, activation: Activation, handings: Handings
) -> Iterator[tuple[CallSite, r.Call, tuple[Hop, ...]]]:
    """Where what is handed over cannot be called, the call that has made it, and the way there."""
    for handing in handings.of(activation):
        edge = handing.edge
        call = _call_behind(inference.project, activation.function, handing.handed)
        if call is not None and stays(edge):
            # Of what a helper is given, and of what returns nothing, no value says what it is.
            is_open = edge.reason == UNSEEN or type(edge.target) is Activation
            if edge.reason == CALLED or (is_open and _gives_data(inference, graph, activation, call)):
                given = edge.site
                site = CallSite(
                    handing.handed.span, handing.handed, given.via, None, given.candidates, given.weak
                )
                yield site, call, handing.hops


def _gives_data(inference: Inference, graph: CallGraph, activation: Activation, call: r.Call) -> bool:
    """Whether what a call enters is certain to give nothing that can be called: not what makes objects."""
    targets = [
        edge.target
        for edge in graph.edges[activation]
        if edge.site.span == call.span and edge.site.via in (Via.CALL, Via.AWAIT)
    ]
    return bool(targets) and all(_is_data(inference, target) for target in targets)


def _is_data(inference: Inference, target: Activation | LibraryCallable | None) -> bool:
    if type(target) is Activation:
        if _returns_nothing(target.function):
            return True
        values = inference.returns(target) if not target.function.name.endswith("__init__") else ()
    else:
        values = from_library(target.returns, None, ()) if type(target) is LibraryCallable else ()
    return bool(values) and all(is_data(inference, value) for value in values)


def _returns_nothing(function: r.Function) -> bool:
    if function.name.rpartition(".")[2].startswith("__"):
        return False
    if function.returns is not None:
        return type(function.returns) is r.Constant and function.returns.kind == "None"
    return not (
        function.is_generator
        or function.is_stub
        or any(
            type(each) is r.Return and each.value is not None for each in scope_statements(function.body)
        )
    )


def _call_behind(
    project: Project, function: r.Function, handed: r.Expression | None
) -> r.Call | None:
    """The call, awaited or not, whose result an argument is; None for anything else."""
    if type(handed) is r.Name:
        handed = assigned(project, function, handed.name)
    if type(handed) is r.Await:
        handed = handed.value
    return handed if type(handed) is r.Call else None
