"""LAG502: a ``def`` that a framework calls on the event loop, where it blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blocklint.flow.inference import Inference
from blocklint.model import Runs
from blocklint.rules.loop_needs import LoopNeeds
from blocklint.rules.remedied import WAITING, Blocking, blocking_functions, report
from blocklint.rules.reporting import Located

CODE = "LAG502"
BLOCKING = WAITING | {"LAG108", "LAG109"}
HINT = "make it an async def that hands its work to a thread: here a def is called on the loop"


def find(inference: Inference, needs: LoopNeeds, listed: Sequence[Located]) -> list[Located]:
    """The findings at functions that their framework does not call in a thread."""

    def found() -> Iterator[Blocking]:
        for each in blocking_functions(listed, BLOCKING):
            definition = needs.definition(each.activation)
            if definition is not None and not each.activation.function.is_async:
                if inference.handlers.runs(definition) is Runs.EVENT_LOOP:
                    yield each

    return report(inference, CODE, found(), lambda name: f"{name} runs on the event loop and blocks", HINT)
