"""LAG503: a coroutine function that is awaited, awaits nothing itself, and blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from blocklint.facts import records as r
from blocklint.flow.inference import Inference
from blocklint.project.values import Activation
from blocklint.rules.loop_needs import LoopNeeds
from blocklint.rules.remedied import WAITING, Blocking, blocking_functions, report
from blocklint.rules.reporting import Located

CODE = "LAG503"
HINT = "make it a def, and call it as await asyncio.to_thread(…): awaiting it does not give up the loop"


def find(inference: Inference, needs: LoopNeeds, listed: Sequence[Located]) -> list[Located]:
    """The findings at the definitions of such functions."""

    def found() -> Iterator[Blocking]:
        for each in blocking_functions(listed, WAITING):
            function = each.activation.function
            if not function.is_async or function.is_generator or function.decorators:
                continue
            if needs.is_only_awaited(function) and not _is_of_interface(each.activation):
                if not needs.needs(each.activation):
                    yield each

    return report(inference, CODE, found(), lambda name: f"{name} awaits nothing and blocks", HINT)


def _is_of_interface(activation: Activation) -> bool:
    """Whether a base of its class may want a coroutine function."""
    definition: r.Class | None = activation.owner.definition if activation.owner is not None else None
    return definition is not None and bool(definition.bases)
