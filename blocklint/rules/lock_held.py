"""LAG302: a coroutine waits while it holds a lock of threads or processes."""

from __future__ import annotations

from collections.abc import Iterable

from blocklint.callgraph.held_records import Wait
from blocklint.flow.inference import Inference
from blocklint.project.values import Activation
from blocklint.rules.reporting import Located, Reporter
from blocklint.rules.waiting import report

CODE = "LAG302"
HINT = "use the asyncio form of it with async with, or release it before"


def find(inference: Inference, waits: Iterable[tuple[Activation, Wait]]) -> list[Located]:
    """The findings at the first ``await`` after the lock is taken, one a lock and function."""
    reporter = Reporter(inference.project, CODE)
    for activation, wait in waits:
        if wait.holding.what == "lock":
            since = f"since {wait.taken.culprit}() on line {{line}}"
            said = f"the lock {{name}} is held across this await, {since}"
            report(reporter, inference.project, activation, wait, said, "wait", HINT)
    return reporter.findings()
