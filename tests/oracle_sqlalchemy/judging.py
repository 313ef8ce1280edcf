"""What is believed of an entry beside what a version showed, and why the two differ if they do."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.model import Certainty
from tests.oracle_sqlalchemy.entries import ASYNC_BOUND, CATALOG, Entry
from tests.oracle_sqlalchemy.observations import Observation, Seen


def executed(observation: Observation) -> list[Seen]:
    """The calls that say something: those that ended, and those that an asynchronous engine refused."""
    return [each for each in observation.seen if not each.error or each.is_refused]


def believed(entry: Entry) -> Certainty | None:
    """How sure it is that one ordinary call waits; None if it never does."""
    if not entry.in_class:
        told = CATALOG.function(entry.name)
    elif entry.member == "*":
        cls = CATALOG.find_class(entry.owner)
        told = cls.wildcards.get("") if cls is not None else None
    else:
        member = CATALOG.member(entry.owner, entry.member)
        told = member.effect or member.method
    return None if told is None or told.blocks is None else told.certainty


def faults(entry: Entry, observation: Observation) -> list[str]:
    """Every difference between an entry and an observation.

    ``certain`` has to wait in the ordinary state, the first; ``never`` in none. That ``likely`` waits in
    some state of some version is seen when all are put together. What comes out has to be of the type that
    is given; an attribute may be unset in some state. What is bound to an async engine waits nowhere: to be
    refused in a coroutine stands for it, and inside ``run_sync`` the same call has to reach the database.
    """
    seen = executed(observation)
    if not seen:
        return []
    certainty = believed(entry)
    found = [
        f"is a {each.result} in state {each.state!r}" for each in seen if not each.fits and each.result != "NoneType"
    ]
    if certainty is None:
        found += [
            f"waits in state {each.state!r}: {', '.join(each.events) or each.error}" for each in seen if each.needs_database
        ]
    elif certainty is Certainty.CERTAIN and not seen[0].needs_database:
        found.append(f"does not wait in the ordinary state {seen[0].state!r}")
    return found + [fault for each in seen for fault in _faults_of_bridge(entry, each)]


def _faults_of_bridge(entry: Entry, seen: Seen) -> Iterator[str]:
    if entry.owner not in ASYNC_BOUND:
        if seen.is_refused:
            yield f"is refused in state {seen.state!r}"
        return
    if seen.events:
        yield f"reaches the database outside run_sync in state {seen.state!r}: {', '.join(seen.events)}"
    if seen.is_refused and seen.failure:
        yield f"fails inside run_sync in state {seen.state!r}: {seen.failure}"
    elif seen.is_refused and entry.member != "*" and not seen.bridged:
        yield f"does not reach the database inside run_sync in state {seen.state!r}"
