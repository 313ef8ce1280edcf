"""LAG501: an endpoint or dependency that awaits nothing and blocks should be a ``def``."""

from __future__ import annotations

from collections.abc import Sequence

from blocklint.flow.inference import Inference
from blocklint.rules.loop_needs import LoopNeeds
from blocklint.rules.remedied import WAITING, blocking_functions, report
from blocklint.rules.reporting import Located

CODE = "LAG501"
HINT = "make it a def: it awaits nothing, and as a def it is run in a thread"


def find(inference: Inference, needs: LoopNeeds, listed: Sequence[Located]) -> list[Located]:
    """The findings at the functions that could be a ``def`` as they are."""
    found = (
        each
        for each in blocking_functions(listed, WAITING)
        if each.activation.function.is_async
        and needs.runs_in_thread_as_def(each.activation)
        and not needs.needs(each.activation)
    )
    return report(inference, CODE, found, lambda name: f"{name} awaits nothing and blocks", HINT)
