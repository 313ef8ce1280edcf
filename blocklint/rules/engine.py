"""All rules over one project: the pipeline from facts to findings."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from blocklint.callgraph.effects import Effects, Kind, Links, Sites, effects, links
from blocklint.callgraph.entries import build
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.heavy_loops import with_heavy_loops
from blocklint.callgraph.loop_thread import in_loop_thread
from blocklint.callgraph.waits import waits
from blocklint.facts import records as r
from blocklint.flow.inference import Inference
from blocklint.flow.told import catalog_of, told_of
from blocklint.frameworks.registry import HOOKS
from blocklint.knowledge.words import NO_WORDS, Words
from blocklint.model import Finding
from blocklint.project.index import Project
from blocklint.rules import (
    blocking_call,
    called_not_passed,
    connection_held,
    coroutine_in_thread,
    failing_dependency,
    lock_held,
    moved_onto_loop,
)
from blocklint.rules.codes import REMEDIES, UNRESOLVED_CALL
from blocklint.rules.comments import allowed_lines, speaks, suppresses
from blocklint.rules.entry_points import EntryPoints, with_entry_points
from blocklint.rules.handing import Handings
from blocklint.rules.hints import with_hints
from blocklint.rules.lazy_result import LazyResults
from blocklint.rules.loop_needs import LoopNeeds
from blocklint.rules.reporting import Located


class EngineResult(msgspec.Struct, frozen=True):
    """The findings of a project, unfiltered, and how many calls in coroutines were resolved.

    ``failures``: the files in which an error of blocklint's own may have cost findings, each with the first.
    """

    findings: tuple[Finding, ...]
    calls: int
    unresolved_calls: int
    failures: tuple[tuple[str, Exception], ...] = ()


def find(
    project: Project, words: Words = NO_WORDS, *, on_demand: Collection[str] = frozenset()
) -> EngineResult:
    """Link a project and apply all rules. Sites are relative to the project's root.

    ``on_demand`` are the codes wanted of those that take time of their own (``codes.ON_DEMAND``).
    """
    inference = inference_of(project, words)
    graph = build(inference)
    ways = EntryPoints(inference, graph)
    resolved = _resolved(inference, graph)
    graph = with_words(inference, words, graph)
    sites = Sites(graph)
    linked = links(graph)
    found = effects(graph, sites, linked)
    graph, sites, found = with_heavy_loops(inference, graph, sites, linked, found)
    needs = LoopNeeds(inference, graph)
    everything = located(inference, graph, sites, linked, found)
    listed = [each for each in everything if project.is_own(each[0].site.file)]
    listed = with_hints(inference, graph, needs, listed)
    if not REMEDIES.isdisjoint(on_demand):
        from blocklint.rules import remedies

        listed += remedies.find(inference, graph, words, needs, listed, on_demand)
    asking = failing_dependency.CODE  # what fails does so for its routes, in whatever thread they run
    findings = [
        with_entry_points(each, ways.asking(places) if each.code == asking else ways.of(places))
        for each, places in listed
    ]
    if UNRESOLVED_CALL in on_demand:
        from blocklint.rules import unresolved_call

        findings += unresolved_call.find(inference, graph)
    if suppresses(project):
        from blocklint.rules import unused_suppression

        findings += unused_suppression.find(project, graph, found, findings)
    findings.sort(key=lambda f: (f.site.file, f.site.line, f.site.column, f.code))
    return EngineResult(tuple(findings), *resolved, _failures(inference))


def _failures(inference: Inference) -> tuple[tuple[str, Exception], ...]:
    """The first failure in each file: of the code that was evaluated, or the name that was asked for."""
    found: dict[str, Exception] = {}
    for cell, error in inference.queries.failures:
        files = (asked if type(asked) is str else getattr(asked, "file", "") for asked in cell.arguments)
        found.setdefault(next((file for file in files if file in inference.project.modules), "."), error)
    return tuple(found.items())


def located(
    inference: Inference, graph: CallGraph, sites: Sites, linked: Links, found: dict[Kind, Effects]
) -> list[Located]:
    """What all rules find in a call graph, with the activations in which it is."""
    handings = Handings(inference.project, graph)
    listed = _blocking(inference, graph, sites, found, handings)
    listed += moved_onto_loop.find(inference, graph, found)
    listed += failing_dependency.find(inference)
    waiting = waits(inference, graph, sites, linked.callers, found)
    listed += connection_held.find(inference, waiting) + lock_held.find(inference, waiting)
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


def inference_of(project: Project, words: Words = NO_WORDS) -> Inference:
    """What a project evaluates to, with the libraries and frameworks that it imports."""
    catalog, told = catalog_of(project, words.knowledge), told_of(project, words.knowledge)
    return Inference(project, catalog, HOOKS, told)


def with_words(inference: Inference, words: Words, graph: CallGraph) -> CallGraph:
    """The call graph with what comments and settings say of it."""
    if not (inference.told.functions or words.allow or speaks(inference.project)):
        return graph
    from blocklint.callgraph.spoken import Spoken

    said = Spoken(inference, words.allow, allowed_lines(inference.project))
    return msgspec.structs.replace(graph, edges=said.over(graph.edges))


def _resolved(inference: Inference, graph: CallGraph) -> tuple[int, int]:
    """How many call sites of coroutines there are, and how many lead nowhere that is known."""
    total, unresolved = set(), set()
    silent: dict[r.Function, int] = {}
    for activation, edges in graph.edges.items():
        function = activation.function
        if function.is_async and inference.project.is_own(activation.file):
            for edge in edges:
                site = (activation.file, edge.site.span)
                total.add(site)
                if edge.target is None:
                    unresolved.add(site)
            silent[function] = max(silent.get(function, 0), inference.outcome(activation).silent)
    return len(total) + sum(silent.values()), len(unresolved)
