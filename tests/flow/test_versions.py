"""Tests of the Python version come out one way for all versions that code is taken to run on, or are left open."""

from __future__ import annotations

import pytest

from blocklint.facts import records as r
from blocklint.facts.lower import lower
from blocklint.project.scopes import Step, places
from blocklint.project.versions import decided


@pytest.mark.parametrize(
    ("test", "answer"),
    [
        ("sys.version_info >= (3, 11)", True),
        ("sys.version_info >= (3, 8, 1)", True),
        ("sys.version_info < (3, 8)", False),
        ("version_info[0] == 2", False),
        ("sys.version_info[:2] > (3, 6)", True),
        ("sys.version_info >= (3, 12)", None),
        ("sys.version_info[:2] == (3, 11)", None),
        ("sys.version_info[1] >= 9", True),
        ("sys.version_info >= wanted", None),
        ("sys.version_info >= 3", None),
        ("sys.version_info[where] >= 3", None),
        ("(3, 8) <= sys.version_info < (3, 9)", None),
        ("sys.version_info in ((3, 8),)", None),
        ("sys.platform >= (3, 8)", None),
        ("sys.version_info", None),
    ],
)
def test_decided(test: str, answer: bool | None) -> None:
    statement = lower(f"if {test}:\n    pass\n".encode(), False).body.body[0]
    assert isinstance(statement, r.If)
    assert decided(statement.branches[0].test) is answer


@pytest.mark.parametrize(
    ("starred", "expected"),
    [
        ([], []),
        ([False, False], [0, 1]),
        ([True], [(0, 0)]),
        ([False, True, False, False], [0, (1, 2), -2, -1]),
        ([True, False], [(0, 1), -1]),
    ],
)
def test_places(starred: list[bool], expected: list[Step]) -> None:
    assert places(starred) == expected
