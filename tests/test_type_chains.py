"""Every chain in the table has a coroutine that is reported and a twin that is not, and the table has every one."""

from __future__ import annotations

import ast
import re

import pytest

from tests.fixtures_runner.cases import FIXTURES, Case, decode, expectations, load_cases

CASES = {case.name: case for case in load_cases() if case.name.startswith("type_chains/")}
CHAINS = 120


def listed() -> list[tuple[str, str]]:
    """The rows of the table: fixture and name of the chain."""
    text = (FIXTURES / "type_chains" / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `.+` \| `(type_chains/\w+)` \| `(\w+)` \|$", text, flags=re.MULTILINE)


def coroutines(case: Case) -> list[ast.AsyncFunctionDef]:
    """The coroutines of a fixture, in order."""
    tree = ast.parse(decode(case.sources["main.py"]))
    return [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef)]


def test_the_table_has_every_chain_once() -> None:
    rows = listed()
    assert len(rows) >= CHAINS
    assert len(set(rows)) == len(rows)
    written = [(name, node.name) for name, case in CASES.items() for node in coroutines(case)]
    assert sorted(written) == sorted((name, f"{kind}_{row}") for name, row in rows for kind in ("loud", "quiet"))


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_loud_ones_are_reported_and_their_twins_are_not(name: str) -> None:
    case = CASES[name]
    comments = expectations(case)["main.py"].expected
    for node in coroutines(case):
        assert node.end_lineno is not None
        kinds = {each.kind for each in comments if node.lineno <= each.line <= node.end_lineno}
        assert kinds == ({"error"} if node.name.startswith("loud_") else set()), node.name
