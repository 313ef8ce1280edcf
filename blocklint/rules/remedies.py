"""The rules that name a remedy. They look at what the others have found, or at what threads were given."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from blocklint.callgraph.graph import CallGraph
from blocklint.flow.inference import Inference
from blocklint.knowledge.words import Words
from blocklint.rules import async_twin, def_on_loop, fake_async, lazy_import, make_it_def
from blocklint.rules.loop_needs import LoopNeeds
from blocklint.rules.reporting import Located


def find(
    inference: Inference,
    graph: CallGraph,
    words: Words,
    needs: LoopNeeds,
    listed: Sequence[Located],
    wanted: Collection[str],
) -> list[Located]:
    """The findings of the wanted ones. ``listed`` is what blocks."""
    found = list[Located]()
    for rule in (make_it_def, def_on_loop, fake_async):
        if rule.CODE in wanted:
            found += rule.find(inference, needs, listed)
    if async_twin.CODE in wanted:
        found += async_twin.find(inference, graph)
    if lazy_import.CODE in wanted:
        found += lazy_import.find(inference, graph, words)
    return found
