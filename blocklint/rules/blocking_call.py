"""LAG101-LAG108, LAG111 and, before serving, LAG110: a blocking call on the event loop.

A finding sits at every edge from code on the loop into a callee that still blocks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import msgspec

from blocklint.callgraph.effects import Culprits, Effect, Effects, Kind, Sites, at_site
from blocklint.callgraph.graph import CallGraph, Place
from blocklint.flow.edges import Edge
from blocklint.model import Blocks, Certainty, Finding, FunctionKey, Phase, Site, Span, Via
from blocklint.project.index import Project
from blocklint.project.uses import last_name
from blocklint.project.values import Activation
from blocklint.rules.chains import Chains, brief, message
from blocklint.rules.codes import BY_BLOCKS, BY_CODE, LAZY, STARTUP
from blocklint.rules.reporting import Located, fingerprint


class _Candidate(msgspec.Struct, frozen=True):
    """One way in which one site blocks, in one activation of its function."""

    activation: Activation
    phase: Phase
    kind: Kind
    effect: Effect
    culprits: frozenset[str]


_Place = tuple[FunctionKey, Span, str]


def find(
    project: Project,
    graph: CallGraph,
    sites: Sites,
    found: dict[Kind, Effects],
    is_lazy: Callable[[Activation, Edge], bool],
) -> list[Located]:
    """The findings of all functions that run on the loop, one per (site, code).

    ``is_lazy`` tells of an edge whether what it enters was made in a thread: that has its own code,
    which takes the place of a database call's.
    """
    chains = {kind: Chains(effects, project.show) for kind, effects in found.items()}
    candidates: dict[_Place, list[_Candidate]] = defaultdict(list)
    culprits = Culprits(graph, found)
    for activation in graph.on_loop:
        for span, candidate in _candidates(sites, found, culprits, activation, graph):
            phase = candidate.phase
            if candidate.kind.blocks is Blocks.LOOP and _may_run_without_loop(activation, graph):
                continue
            code = code_of(candidate.kind.blocks, phase)
            if phase is Phase.SERVING and is_lazy(activation, candidate.effect.edge):
                candidates[activation.key(), span, LAZY].append(candidate)
                if candidate.kind.blocks is Blocks.DATABASE:
                    continue
            candidates[activation.key(), span, code].append(candidate)
    both = {(key, span, candidate.kind.blocks) for (key, span, code), listed in candidates.items()
            if code != STARTUP for candidate in listed}  # fmt: skip
    ordinals: Counter[tuple[str, ...]] = Counter()
    read: set[tuple[FunctionKey, str]] = set()
    findings = []
    for (key, span, code), listed in sorted(candidates.items(), key=lambda item: item[0]):
        if code == STARTUP:  # code reached while serving as well keeps its ordinary code
            listed = [c for c in listed if (key, span, c.kind.blocks) not in both]
        if listed:
            finding = _finding(project, chains, key, span, code, listed, ordinals)
            if code == LAZY_LOAD:
                finding = _unless_read_before(finding, key, read)
            findings.append((finding, tuple([candidate.activation for candidate in listed])))
    return findings


def _unless_read_before(finding: Finding, key: FunctionKey, read: set[tuple[FunctionKey, str]]) -> Finding:
    """A lazy load; it is likely at most where its function has loaded the same attribute before.

    A session has one object for each row: what was read of it further up, by another name or in a
    function that was called, is there.
    """
    before = (key, finding.culprit) in read and finding.chain[-1].via is Via.ATTRIBUTE
    if finding.certainty is not Certainty.POSSIBLE:
        read.update((key, name) for name in (finding.culprit, *finding.also))
    if before and finding.certainty is Certainty.CERTAIN:
        return msgspec.structs.replace(finding, certainty=Certainty.LIKELY)
    return finding


LAZY_LOAD = BY_BLOCKS[Blocks.LAZY_LOAD]


def _may_run_without_loop(activation: Activation, graph: CallGraph) -> bool:
    """Whether it handles signals of a program which may also be doing something else than run its loop."""
    if activation.function.is_async or activation.function.decorators:
        return False
    callers = [
        (caller, edge.site.called)
        for caller, edges in graph.edges.items()
        for edge in edges
        if edge.site.via is Via.CALLBACK and edge.target == activation
    ]
    return bool(callers) and all(
        not caller.function.is_async and called is not None and last_name(called) == "signal"
        for caller, called in callers
    )


def code_of(blocks: Blocks, phase: Phase) -> str:
    """The code of a wait. What fails does so whenever it is: startup is no excuse for it."""
    return STARTUP if phase is Phase.STARTUP and blocks not in FAILING else BY_BLOCKS[blocks]


FAILING = frozenset({Blocks.LOOP, Blocks.ASYNC_BOUND})


def _candidates(
    sites: Sites,
    found: dict[Kind, Effects],
    culprits: Culprits,
    activation: Activation,
    graph: CallGraph,
) -> Iterator[tuple[Span, _Candidate]]:
    kinds = [(kind, effects) for kind, effects in found.items() if activation in effects]
    if not kinds:
        return
    end = graph.ends.get(activation)
    for (span, _), listed in sites.of(activation).items():
        edges = listed if end is None else [edge for edge in listed if _is_before(edge, end)]
        for kind, effects in kinds:
            effect = at_site(edges, kind, effects) if edges else None
            if effect is not None:
                names = culprits.of(edges, kind)
                phase = graph.phase_at(activation, effect.edge.site.place)
                yield span, _Candidate(activation, phase, kind, effect, names)


def _is_before(edge: Edge, end: Place) -> bool:
    """Whether something runs before a place; a context that is open there is left behind it."""
    target = edge.target
    name = target.function.name if type(target) is Activation else getattr(target, "name", "")
    return edge.site.place < end and not name.endswith(("__exit__", ".close"))


def _rank(candidate: _Candidate) -> tuple[int, int, str]:
    effect = candidate.effect
    return -effect.certainty, effect.distance, effect.culprit


def _finding(
    project: Project,
    chains: dict[Kind, Chains],
    key: FunctionKey,
    span: Span,
    code: str,
    listed: list[_Candidate],
    ordinals: Counter[tuple[str, ...]],
) -> Finding:
    chosen = min(listed, key=_rank)
    effect = chosen.effect
    hops = chains[chosen.kind].of(chosen.activation, effect.edge)
    end = chains[chosen.kind].end(effect.edge)
    instead, raises = (end.instead, end.raises) if end is not None else ("", "")
    also = tuple(sorted(frozenset().union(*(c.culprits for c in listed)) - {effect.culprit}))
    line, column = effect.edge.site.place
    name = project.show(key)
    first = brief(hops[0].callee)
    identity = (code, key.name, first)
    ordinals[identity] += 1
    return Finding(
        code=code,
        site=Site(key.file, line, column, span[2], span[3]),
        expression=Site(key.file, *span),
        function=name,
        message=message(code, effect.culprit, hops, len(also), raises),
        category=chosen.kind.blocks.value,
        culprit=effect.culprit,
        also=also,
        certainty=effect.certainty,
        phase=chosen.phase,
        chain=hops,
        entry_points=(),
        entry_points_total=0,
        hint=BY_CODE[code].hint or (f"use {instead}" if instead else ""),
        fingerprint=fingerprint((*identity, str(ordinals[identity]))),
    )
