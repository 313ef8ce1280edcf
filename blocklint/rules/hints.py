"""What helps against a blocking call: the one remedy that applies, as the ``hint`` of its finding.

In this order: a process, where the processor is busy, not waiting; ``def`` in place of ``async def``, where
nothing needs the loop; a thread for the function that does all of the work; the library's asynchronous form.
A single call on a session that the function was given is never sent to a thread: that shares the session.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from blocklint.callgraph.graph import CallGraph
from blocklint.flow.binding import parameter_values
from blocklint.flow.inference import Inference
from blocklint.flow.scope_frames import LazyFrame
from blocklint.memo import Memo
from blocklint.model import Blocks, Finding, Phase, Span
from blocklint.project.values import Activation, LibraryInstance, Values
from blocklint.rules.chains import brief
from blocklint.rules.loop_needs import LoopNeeds
from blocklint.rules.remedied import WAITING
from blocklint.rules.reporting import Located

PROCESS = "compute in another process (ProcessPoolExecutor): a thread still takes its turns from the loop"
MAKE_IT_DEF = "make {name} a def: it awaits nothing, and as a def it is run in a thread"
ONE_HOP = "hand {name} to a thread as a whole: it opens and closes its own session"
OWN_SESSION = "open, use and close the session in one function, and hand that to a thread; or use {instead}"
THREAD = "use {instead}, or hand {name} to a thread as a whole"

BURNING = frozenset({"LAG108", "LAG109"})


def with_hints(
    inference: Inference, graph: CallGraph, needs: LoopNeeds, listed: Sequence[Located]
) -> list[Located]:
    """The findings with what helps, those of LAG1xx only."""
    hints = _Hints(inference, graph, needs)
    return [
        (msgspec.structs.replace(finding, hint=hint), places)
        if finding.code.startswith("LAG1") and (hint := hints.of(finding, places))
        else (finding, places)
        for finding, places in listed
    ]


class _Hints:
    def __init__(self, inference: Inference, graph: CallGraph, needs: LoopNeeds) -> None:
        self._inference = inference
        self._graph = graph
        self._needs = needs
        self._could_be_def: Memo[Activation, bool] = Memo(self._can_be_def)
        self._targets: Memo[Activation, dict[Span, Activation]] = Memo(self._targets_of)
        self._takes_session: Memo[Activation, bool] = Memo(self._is_given_session)

    def of(self, finding: Finding, places: tuple[Activation, ...]) -> str:
        """The hint of one finding, "" if it keeps the one it has."""
        if finding.code in BURNING:
            return PROCESS
        if finding.code in WAITING and finding.phase is Phase.SERVING and places:
            function = places[0].function
            if function.is_async and not function.awaits and self._could_be_def[places[0]]:
                return MAKE_IT_DEF.format(name=brief(finding.function))
        instead = finding.hint.removeprefix("use ")
        called = self._called(finding, places)
        if finding.category == Blocks.DATABASE.value:
            if called is not None and not self._takes_session[called]:
                return ONE_HOP.format(name=brief(finding.chain[0].callee))
            return OWN_SESSION.format(instead=instead or "an asynchronous driver")
        if called is not None and instead:
            return THREAD.format(instead=instead, name=brief(finding.chain[0].callee))
        return ""

    def _called(self, finding: Finding, places: tuple[Activation, ...]) -> Activation | None:
        """The function of the project that a finding's site calls."""
        if len(finding.chain) < 2 or not places:
            return None
        site = finding.expression
        span = site.line, site.column, site.end_line, site.end_column
        return self._targets[places[0]].get(span)

    def _targets_of(self, activation: Activation) -> dict[Span, Activation]:
        edges = self._graph.edges.get(activation, ())
        return {edge.site.span: edge.target for edge in edges if type(edge.target) is Activation}

    def _can_be_def(self, activation: Activation) -> bool:
        return self._needs.runs_in_thread_as_def(activation) and not self._needs.needs(activation)

    def _is_given_session(self, activation: Activation) -> bool:
        """Whether a function is called with what talks to a database."""
        frame = LazyFrame(self._inference, activation)
        return any(self._talks(values) for _, values in parameter_values(frame, activation))

    def _talks(self, values: Values) -> bool:
        catalog = self._inference.catalog
        for value in values:
            if type(value) is LibraryInstance:
                for name in ("execute", "commit", "__iter__"):
                    method = catalog.method(value.name, name)
                    if method is not None and method.blocks is Blocks.DATABASE:
                        return True
        return False
