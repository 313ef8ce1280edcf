"""All rules over one project: the pipeline from facts to findings."""

from __future__ import annotations

import msgspec

from blocklint.callgraph.effects import Effects, Kind, Sites, effects
from blocklint.callgraph.entries import CONCURRENT, build
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.loop_thread import in_loop_thread
from blocklint.facts import records as r
from blocklint.flow.inference import Inference
from blocklint.frameworks.registry import HOOKS
from blocklint.knowledge.catalog import Catalog
from blocklint.model import Finding
from blocklint.project.index import Project
from blocklint.rules import (
    blocking_call,
    called_not_passed,
    coroutine_in_thread,
    failing_dependency,
    moved_onto_loop,
)
from blocklint.rules.entry_points import EntryPoints, with_entry_points
from blocklint.rules.handing import Handings
from blocklint.rules.lazy_result import LazyResults
from blocklint.rules.reporting import Located


class EngineResult(msgspec.Struct, frozen=True):
    """The findings of a project, unfiltered, and how many calls in coroutines were resolved."""

    findings: tuple[Finding, ...]
    calls: int
    unresolved_calls: int


def find(project: Project) -> EngineResult:
    """Link a project and apply all rules. Sites are relative to the project's root."""
    inference = inference_of(project)
    graph = build(inference)
    ways = EntryPoints(inference, graph)
    findings = [with_entry_points(each, ways.of(places)) for each, places in located(inference, graph)]
    findings.sort(key=lambda f: (f.site.file, f.site.line, f.site.column, f.code))
    return EngineResult(tuple(findings), *_resolved(inference, graph))


def located(inference: Inference, graph: CallGraph) -> list[Located]:
    """What all rules find in a call graph, with the activations in which it is."""
    sites, handings = Sites(graph), Handings(inference.project, graph)
    found = effects(graph, sites)
    listed = _blocking(inference, graph, sites, found, handings)
    listed += moved_onto_loop.find(inference, graph, found)
    listed += failing_dependency.find(inference)
    phases = in_loop_thread(graph)
    for rule in (called_not_passed, coroutine_in_thread):
        listed += rule.find(inference, graph, phases, handings)
    return listed


def blocking(inference: Inference, graph: CallGraph) -> list[Located]:
    """What blocks the loop in a call graph, without the mistakes that do not."""
    sites = Sites(graph)
    return _blocking(inference, graph, sites, effects(graph, sites), Handings(inference.project, graph))


def _blocking(
    inference: Inference,
    graph: CallGraph,
    sites: Sites,
    found: dict[Kind, Effects],
    handings: Handings,
) -> list[Located]:
    is_lazy = LazyResults(inference, graph, handings).is_lazy
    return blocking_call.find(inference.project, graph, sites, found, is_lazy)


def inference_of(project: Project) -> Inference:
    """What a project evaluates to, with the libraries and frameworks that it imports."""
    return Inference(project, Catalog.for_packages(_packages(project)), HOOKS, CONCURRENT)


def _packages(project: Project) -> list[str]:
    names = {name.partition(".")[0] for facts in project.modules.values() for name in facts.imported}
    return sorted(names)


def _resolved(inference: Inference, graph: CallGraph) -> tuple[int, int]:
    """How many call sites of coroutines there are, and how many lead nowhere that is known."""
    total, unresolved = set(), set()
    silent: dict[r.Function, int] = {}
    for activation, edges in graph.edges.items():
        function = activation.function
        if function.is_async:
            for edge in edges:
                site = (activation.file, edge.site.span)
                total.add(site)
                if edge.target is None:
                    unresolved.add(site)
            silent[function] = max(silent.get(function, 0), inference.outcome(activation).silent)
    return len(total) + sum(silent.values()), len(unresolved)
