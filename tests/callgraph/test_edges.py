"""The fixtures under `graph` claim every call between functions of the project: no other one is made."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.fixtures_runner.cases import Case, expectations, load_cases
from tests.fixtures_runner.matching import has_name
from tests.fixtures_runner.pipeline import graph_of

CASES = [case for case in load_cases() if case.name.startswith("graph/") and case.runnable()]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_call_is_claimed(case: Case) -> None:
    graph = graph_of(case)
    found: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for edge in graph["edges"]:
        if edge["callee"] in graph["functions"] and not edge["callee"].endswith(":<module>"):
            found[edge["path"], edge["line"]].add(edge["callee"])
    claimed = {
        (path, claim.line): claim.words
        for path, comments in expectations(case).items()
        for claim in comments.claims
        if claim.kind == "calls"
    }
    wrong = []
    for place in sorted({*found, *claimed}):
        callees, words = found[place], claimed.get(place, ())
        missing = [word for word in words if not any(has_name(callee, word) for callee in callees)]
        extra = [callee for callee in callees if not any(has_name(callee, word) for word in words)]
        if missing or extra:
            wrong.append(f"{place[0]}:{place[1]}  missing {missing}, not claimed {sorted(extra)}")
    assert wrong == []


def test_there_are_claims() -> None:
    claims = [c for case in CASES for file in expectations(case).values() for c in file.claims]
    assert len(claims) > 300
