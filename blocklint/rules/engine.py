"""All rules over one project: the pipeline from facts to findings."""

from __future__ import annotations

import msgspec

from blocklint.callgraph.effects import Sites, effects
from blocklint.callgraph.entries import CONCURRENT, build
from blocklint.callgraph.graph import CallGraph
from blocklint.facts import records as r
from blocklint.flow.inference import Inference
from blocklint.frameworks.registry import HOOKS
from blocklint.knowledge.catalog import Catalog
from blocklint.model import Finding
from blocklint.project.index import Project
from blocklint.rules import blocking_call
from blocklint.rules.blocking_call import Located
from blocklint.rules.entry_points import EntryPoints, with_entry_points


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
    findings = [with_entry_points(each, ways.of(places)) for each, places in located(project, graph)]
    findings.sort(key=lambda f: (f.site.file, f.site.line, f.site.column, f.code))
    return EngineResult(tuple(findings), *_resolved(inference, graph))


def located(project: Project, graph: CallGraph) -> list[Located]:
    """What all rules find in a call graph, with the activations in which it is."""
    sites = Sites(graph)
    return blocking_call.find(project, graph, sites, effects(graph, sites))


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
