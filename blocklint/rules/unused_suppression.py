"""LAG901: a ``noqa`` or ``allow`` comment that names codes of ours and suppresses nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from blocklint.callgraph.effects import Effects, Kind, kind_of, through
from blocklint.callgraph.graph import CallGraph
from blocklint.digest import digest
from blocklint.facts import records as r
from blocklint.flow.edges import Edge
from blocklint.model import SUPPRESSION, Blocks, Certainty, Finding, FunctionKey, Hop, Phase, Site, Via
from blocklint.project.index import Project
from blocklint.project.values import Activation
from blocklint.rules.codes import BY_BLOCKS, PREFIX, UNUSED_SUPPRESSION
from blocklint.rules.suppression import unused_codes


def find(
    project: Project, graph: CallGraph, found: Mapping[Kind, Effects], findings: Iterable[Finding]
) -> list[Finding]:
    """The comments that none of these findings, and no effect, needs."""
    directives = {file: facts.directives for file, facts in project.modules.items() if facts.directives}
    unused = [
        *unused_codes(findings, directives, PREFIX),
        *_unused_allowances(directives, graph, found),
    ]
    unused.sort(key=lambda item: (item[0], item[1].line, item[1].columns))
    ordinals: Counter[tuple[str, ...]] = Counter()
    return [
        _finding(project, file, directive, codes, ordinals)
        for file, directive, codes in unused
        if not all(UNUSED_SUPPRESSION.startswith(code) for code in codes)
    ]


def _unused_allowances(
    directives: Mapping[str, tuple[r.Directive, ...]], graph: CallGraph, found: Mapping[Kind, Effects]
) -> Iterator[tuple[str, r.Directive, tuple[str, ...]]]:
    """The ``allow`` comments that say something and let nothing pass. Others are errors already."""
    allowances = {
        (file, directive.line): directive
        for file, listed in directives.items()
        for directive in listed
        if directive.kind == "allow" and directive.reason and directive.codes
    }
    if not allowances:
        return
    files, passing = {file for file, _ in allowances}, dict[tuple[str, int], set[Blocks]]()
    for activation, edges in graph.edges.items():
        for edge in edges if activation.file in files else ():
            lines = range(edge.site.span[0], edge.site.span[2] + 1)
            places = [(activation.file, line) for line in lines if (activation.file, line) in allowances]
            if places:
                kinds = set(_kinds(edge, found))
                for place in places:
                    passing.setdefault(place, set()).update(kinds)
    for (file, line), directive in allowances.items():
        used = {BY_BLOCKS[kind] for kind in passing.get((file, line), ())}
        codes = tuple(c for c in directive.codes if not any(code.startswith(c) for code in used))
        if codes:
            yield file, directive, codes


def _kinds(edge: Edge, found: Mapping[Kind, Effects]) -> Iterator[Blocks]:
    """What an edge would pass to its caller if nothing were allowed."""
    bare = Edge(msgspec.structs.replace(edge.site, allowed=frozenset()), edge.target, edge.reason)
    if not isinstance(edge.target, Activation):
        kind = kind_of(bare)
        if kind is not None:
            yield kind.blocks
        return
    for kind, effects in found.items():
        if through(bare, kind, effects) is not None:
            yield kind.blocks


def _finding(
    project: Project,
    file: str,
    directive: r.Directive,
    codes: tuple[str, ...],
    ordinals: Counter[tuple[str, ...]],
) -> Finding:
    listed, is_allow = ", ".join(codes), directive.kind == "allow"
    shown = f"{'allow' if is_allow else 'noqa'}[{listed}]"
    written = f"# blocklint: {shown}" if is_allow else f"# noqa: {listed}"
    key = _around(project, file, directive.line)
    name, (begin, end) = project.show(key), directive.columns
    identity = (UNUSED_SUPPRESSION, key.name, shown)
    ordinals[identity] += 1
    site = Site(file, directive.line, begin, directive.line, end)
    return Finding(
        code=UNUSED_SUPPRESSION,
        site=site,
        expression=site,
        function=name,
        message=f'{UNUSED_SUPPRESSION} "{written}" suppresses nothing',
        category=SUPPRESSION,
        culprit=shown,
        also=(),
        certainty=Certainty.CERTAIN,
        phase=Phase.SERVING,
        chain=(Hop(name, shown, file, directive.line, begin, Via.CALL),),
        entry_points=(),
        entry_points_total=0,
        hint="remove it",
        fingerprint=digest("\0".join((*identity, str(ordinals[identity]))).encode(), 8).hex(),
    )


def _around(project: Project, file: str, line: int) -> FunctionKey:
    """The innermost function whose text holds a line, or the module's body."""
    functions = (definition.function for definition in project.definitions[file])
    around = [function for function in functions if function.span[0] <= line <= function.span[2]]
    inner = max(around, key=lambda function: function.span[0], default=project.modules[file].body)
    return FunctionKey(file, inner.name, inner.ordinal)
