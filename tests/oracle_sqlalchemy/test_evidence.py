"""The evidence about SQLAlchemy speaks of the catalogue as it is, and the page of the docs of the evidence."""

from __future__ import annotations

import importlib.util

import pytest

from blocklint.knowledge.evidence import Run, evidence_for
from blocklint.model import Certainty
from tests.oracle_sqlalchemy.entries import Entry, entries
from tests.oracle_sqlalchemy.evidence import FILE, PAGE, document, page, release
from tests.oracle_sqlalchemy.judging import believed, executed, faults
from tests.oracle_sqlalchemy.observations import Observation, Seen

QUERY_ALL = Entry("sqlalchemy.orm.Query", "all", in_class=True)
FILTER = Entry("sqlalchemy.orm.Query", "filter", in_class=True)
BRIDGED = Entry("sqlalchemy.ext.asyncio.BridgedSession", "execute", in_class=True)
ADD = Entry("sqlalchemy.ext.asyncio.BridgedSession", "add", in_class=True)
REFUSED = "MissingGreenlet: greenlet_spawn has not been called"
WRAPPED = "StatementError: (sqlalchemy.exc.MissingGreenlet) greenlet_spawn has not been called"


def run() -> Run:
    found = evidence_for("sqlalchemy")
    assert found is not None
    return found


def test_every_name_of_the_catalogue_was_looked_up() -> None:
    assert {entry.name for entry in entries()} == set(run().names)


def test_what_is_believed_was_seen() -> None:
    """A certain entry waits always or in some state, a likely one too, and what never waits was never seen to."""
    told = run().names
    wrong = []
    for entry in entries():
        certainty, verdict = believed(entry), told[entry.name].verdict
        if certainty is None:
            agrees = verdict in ("", "never")
        else:
            agrees = certainty is Certainty.POSSIBLE or verdict in ("", "always", "may")
        if not agrees:
            wrong.append((entry.name, certainty, verdict))
    assert wrong == []


def test_hardly_anything_is_left_unverified() -> None:
    told = run().names
    assert sum(not each.verdict for each in told.values()) < len(told) / 20


def test_the_files_are_as_they_are_written() -> None:
    assert FILE.read_text(encoding="utf-8") == document(run())
    assert PAGE.read_text(encoding="utf-8") == page(run())


@pytest.mark.parametrize(
    ("entry", "seen", "fault"),
    [
        (QUERY_ALL, Seen("begun", ["execute"], "", "list"), []),
        (QUERY_ALL, Seen("begun", [], "", "list"), ["does not wait in the ordinary state 'begun'"]),
        (QUERY_ALL, Seen("begun", ["execute"], "", "int", fits=False), ["is a int in state 'begun'"]),
        (QUERY_ALL, Seen("begun", [], "TypeError: no"), []),
        (FILTER, Seen("begun", [], "", "Query"), []),
        (FILTER, Seen("begun", ["execute"], "", "Query"), ["waits in state 'begun': execute"]),
        (BRIDGED, Seen("begun", [], REFUSED, bridged=["execute"]), []),
        (BRIDGED, Seen("begun", [], WRAPPED, bridged=["execute"]), []),
        (BRIDGED, Seen("begun", [], ""), ["does not wait in the ordinary state 'begun'"]),
        (BRIDGED, Seen("begun", [], REFUSED), ["does not reach the database inside run_sync in state 'begun'"]),
        (
            BRIDGED,
            Seen("begun", [], REFUSED, bridged=["execute"], failure="X: no"),
            ["fails inside run_sync in state 'begun': X: no"],
        ),
        (
            BRIDGED,
            Seen("begun", ["execute"], ""),
            ["reaches the database outside run_sync in state 'begun': execute"],
        ),
        (ADD, Seen("begun", [], ""), []),
        (ADD, Seen("begun", [], REFUSED, bridged=["execute"]), [f"waits in state 'begun': {REFUSED}"]),
        (QUERY_ALL, Seen("begun", [], REFUSED, "list"), ["is refused in state 'begun'"]),
    ],
)
def test_faults(entry: Entry, seen: Seen, fault: list[str]) -> None:
    assert faults(entry, Observation(True, [seen])) == fault


@pytest.mark.oracle
def test_the_installed_version_is_as_believed_and_as_recorded() -> None:
    assert importlib.util.find_spec("sqlalchemy"), "this is for tox -e sqlalchemy20 and its like"
    from tests.oracle_sqlalchemy.execution import observe
    from tests.oracle_sqlalchemy.world import VERSION

    told, wrong = run(), []
    calls = executed_names = there = 0
    number = tuple(map(int, release(VERSION).split(".")))
    for entry in entries():
        observation, recorded = observe(entry), told.names[entry.name]
        wrong += [(entry.name, fault) for fault in faults(entry, observation)]
        first = tuple(map(int, (recorded.since or "99").split(".")))
        last = tuple(map(int, (recorded.until or "99").split(".")))
        if observation.exists is not (first <= number <= last):
            wrong.append((entry.name, f"is {'there' if observation.exists else 'not there'}"))
        there += observation.exists
        calls += len(executed(observation))
        executed_names += bool(executed(observation))
    print(
        f"\n== SQLAlchemy {VERSION}: {len(told.names)} names looked up, {there} there, {executed_names} executed"
        f" in {calls} states, {len(wrong)} differences"
    )
    assert wrong == []
