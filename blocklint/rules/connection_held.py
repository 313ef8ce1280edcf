"""LAG301: a coroutine waits while a session or connection of it holds a connection of the pool."""

from __future__ import annotations

from collections.abc import Iterable

from blocklint.callgraph.held_records import Wait
from blocklint.flow.inference import Inference
from blocklint.project.values import Activation
from blocklint.rules.pools import pool_of
from blocklint.rules.reporting import Located, Reporter
from blocklint.rules.waiting import report

CODE = "LAG301"
HINT = "commit or close it before, or keep its work in one function that opens and closes it"


def find(inference: Inference, waits: Iterable[tuple[Activation, Wait]]) -> list[Located]:
    """The findings at the first ``await`` after the first SQL, one a connection and function."""
    listed = [(activation, wait) for activation, wait in waits if wait.holding.what == "connection"]
    if not listed:
        return []
    reporter, pool = Reporter(inference.project, CODE), pool_of(inference)
    for activation, wait in listed:
        said = f"{{name}} holds a connection across this await, since {wait.taken.culprit}() on line {{line}}"
        report(reporter, inference.project, activation, wait, f"{said}{pool}", "database", HINT)
    return reporter.findings()
