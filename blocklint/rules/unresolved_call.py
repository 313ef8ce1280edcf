"""LAG902: a call in async code of which it is not known what it enters."""

from __future__ import annotations

from collections import Counter

from blocklint.callgraph.description import library_of
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.unresolved import Reasons, called_name
from blocklint.digest import digest
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.model import UNRESOLVED, Certainty, Finding, FunctionKey, Hop, Runs, Site, Span
from blocklint.project.values import Activation
from blocklint.rules.chains import brief
from blocklint.rules.codes import UNRESOLVED_CALL


def find(inference: Inference, graph: CallGraph) -> list[Finding]:
    """The unresolved calls of coroutines, one finding a site."""
    reasons = Reasons(inference)
    found: dict[tuple[FunctionKey, Span], tuple[Activation, Edge]] = {}
    for activation, edges in graph.edges.items():
        if activation.function.is_async and inference.project.is_own(activation.file):
            for edge in edges:
                # What runs elsewhere cannot block the loop, whatever it does.
                if edge.target is None and edge.site.switches_to in (None, Runs.EVENT_LOOP):
                    found.setdefault((activation.key(), edge.site.span), (activation, edge))
    ordinals: Counter[tuple[str, ...]] = Counter()
    return [
        _finding(graph, reasons, activation, edge, ordinals)
        for _, (activation, edge) in sorted(found.items(), key=lambda item: item[0])
    ]


def _finding(
    graph: CallGraph,
    reasons: Reasons,
    activation: Activation,
    edge: Edge,
    ordinals: Counter[tuple[str, ...]],
) -> Finding:
    call, (line, column) = reasons.of(activation, edge), edge.site.place
    name = library_of(edge) or called_name(edge.site) or "this call"
    identity = (UNRESOLVED_CALL, activation.function.name, brief(name))
    ordinals[identity] += 1
    return Finding(
        code=UNRESOLVED_CALL,
        site=call.site,
        expression=Site(activation.file, *edge.site.span),
        function=call.function,
        message=f"{UNRESOLVED_CALL} it is not known what {name} does: {call.reason}",
        category=UNRESOLVED,
        culprit=name,
        also=(),
        certainty=Certainty.CERTAIN,
        phase=graph.phase_at(activation, edge.site.place),
        chain=(Hop(call.function, name, activation.file, line, column, edge.site.via),),
        entry_points=(),
        entry_points_total=0,
        hint="",
        fingerprint=digest("\0".join((*identity, str(ordinals[identity]))).encode(), 8).hex(),
    )
