"""Every construct blocks where `check` says so, and nowhere else."""

from __future__ import annotations

import pytest

from tests.oracle.compare import HEAVY, Verdict, constructs, table, verdicts

LOOP, ELSEWHERE = ("loop",), ("elsewhere",)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.oracle_heavy if name in HEAVY else pytest.mark.oracle)
        for name in constructs()
    ],
)
def test_blocks_where_check_says_so(name: str) -> None:
    found = verdicts(name)
    shown = table(name, found)
    print(shown)
    assert found, f"{name} holds no blocking call"
    assert not any(verdict.fault for verdict in found), shown


@pytest.mark.parametrize(
    ("source", "places", "reported", "fault"),
    [
        ("time.sleep(1)", LOOP, True, ""),
        ("time.sleep(1)", ELSEWHERE, False, ""),
        ("time.sleep(1)", LOOP, False, "blocks the event loop, not reported"),
        ("time.sleep(1)", ELSEWHERE, True, "reported, does not block the event loop"),
        ("time.sleep(1)", (), False, "it never ran"),
        ("time.sleep(1)", (*ELSEWHERE, *LOOP), True, ""),
        ("time.sleep(1)  # miss: a reason", LOOP, False, ""),
        ("time.sleep(1)  # miss: a reason", LOOP, True, "it is not missed: the comment must go"),
        ("time.sleep(1)  # miss: a reason", ELSEWHERE, False, "it is not missed: the comment must go"),
        ("time.sleep(1)  # never runs: a reason", (), False, ""),
        ("time.sleep(1)  # never runs: a reason", LOOP, False, "it did run"),
    ],
)
def test_faults(source: str, places: tuple[str, ...], reported: bool, fault: str) -> None:
    assert Verdict(1, source, places, reported).fault == fault
