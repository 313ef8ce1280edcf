"""Every shape of call in the table of the fixtures has a loud and a silent coroutine, and the table has every one."""

from __future__ import annotations

import ast
import re

import pytest

from tests.fixtures_runner.cases import FIXTURES, Case, decode, expectations, load_cases

CASES = {case.name: case for case in load_cases() if case.name.startswith("shapes/")}


def indexed() -> list[tuple[str, str]]:
    """The rows of the table: fixture and name of the shape."""
    text = (FIXTURES / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^\|[^|]+\| `(shapes/\w+)` \| `(\w+)` \|$", text, flags=re.MULTILINE)


def coroutines(case: Case) -> dict[str, tuple[str, int, int]]:
    """The coroutines of a fixture by name, with file and lines."""
    found: dict[str, tuple[str, int, int]] = {}
    for path, source in case.sources.items():
        for node in ast.parse(decode(source)).body:
            if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith(("loud_", "quiet_")):
                assert node.name not in found, f"{case.name}: {node.name} is defined twice"
                found[node.name] = path, node.lineno, node.end_lineno or node.lineno
    return found


def kinds(case: Case, place: tuple[str, int, int]) -> set[str]:
    """The kinds of expectations and claims between two lines."""
    path, first, last = place
    comments = expectations(case)[path]
    return {each.kind for each in (*comments.expected, *comments.claims) if first <= each.line <= last}


def test_the_table_has_every_shape_once() -> None:
    rows = indexed()
    assert len(rows) > 100
    assert len(set(rows)) == len(rows)
    named = {(name, coroutine) for name, case in CASES.items() for coroutine in coroutines(case)}
    assert named == {(name, f"{kind}_{shape}") for name, shape in rows for kind in ("loud", "quiet")}


@pytest.mark.parametrize("name", sorted(CASES))
def test_loud_ones_are_reported_and_both_say_what_they_call(name: str) -> None:
    case = CASES[name]
    for coroutine, place in coroutines(case).items():
        found = kinds(case, place)
        assert ("error" in found) is coroutine.startswith("loud_"), coroutine
        assert "calls" in found, coroutine
        assert "miss" not in found, coroutine
