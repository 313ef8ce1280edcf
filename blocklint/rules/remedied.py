"""Findings at the ``def`` of functions whose form is the fault: what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow.edges import CallSite
from blocklint.flow.inference import Inference
from blocklint.model import Certainty, Finding, Phase, Span, Via
from blocklint.project.values import Activation
from blocklint.rules.codes import BY_CODE
from blocklint.rules.reporting import Located, Reporter

WAITING = frozenset({"LAG101", "LAG102", "LAG103", "LAG104", "LAG105", "LAG106", "LAG107"})
"""What a thread may wait for in place of the loop."""


class Blocking(msgspec.Struct, frozen=True):
    """A function on the loop that blocks it while it serves, and by what most surely."""

    activation: Activation
    finding: Finding
    more: int


def blocking_functions(listed: Sequence[Located], codes: frozenset[str]) -> Iterator[Blocking]:
    """The functions in which the default output shows a finding of some codes."""
    found: dict[r.Function, list[tuple[Finding, Activation]]] = {}
    for finding, places in listed:
        shown = max(Certainty.LIKELY, BY_CODE[finding.code].shown_from)
        if finding.code in codes and finding.certainty >= shown and finding.phase is Phase.SERVING:
            for activation in places[:1]:
                found.setdefault(activation.function, []).append((finding, activation))
    for present in found.values():
        finding, activation = min(present, key=lambda item: (-item[0].certainty, item[0].site))
        yield Blocking(activation, finding, len(present) - 1)


def report(
    inference: Inference, code: str, found: Iterator[Blocking], said: Callable[[str], str], hint: str
) -> list[Located]:
    """The findings of one code, each at the header of its function, with the way to what blocks."""
    reporter = Reporter(inference.project, code)
    for each in found:
        finding, key = each.finding, each.activation.key()
        name = key.name
        more = f" (+{each.more} more)" if each.more else ""
        text = f"{said(name)}: {finding.culprit}, line {finding.site.line}{more}"
        site = CallSite(header(each.activation.function), None, Via.CALL)
        reporter.add(
            key, site, text, finding.chain, finding.phase, hint, finding.category,
            finding.certainty, each.activation,
        )  # fmt: skip
    return reporter.findings()


def header(function: r.Function) -> Span:
    """From ``def``, or ``async def``, to the end of the name."""
    line, column, _, _ = function.span
    word = "async def " if function.is_async else "def "
    return line, column, line, column + len(word) + len(function.name.rpartition(".")[2])
