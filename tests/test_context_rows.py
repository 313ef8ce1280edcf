"""Every row of the tables of FastAPI, Starlette and asyncio names a loud and a silent function of a fixture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from tests.fixtures_runner.cases import FIXTURES, decode, expectations, load_cases

TOPICS = ("fastapi", "asyncio")
ROW = re.compile(r"^\| (.+?) \| [^|]+ \| [^|]+ \| `(\w+/\w+):([\w.]+)` \| `(\w+/\w+):([\w.]+)` \|$", re.MULTILINE)


class Row(NamedTuple):
    """A construct, with the case and the qualified name of its two functions."""

    construct: str
    loud: tuple[str, str]
    silent: tuple[str, str]


def rows() -> list[Row]:
    texts = [(FIXTURES / topic / "README.md").read_text(encoding="utf-8") for topic in TOPICS]
    return [
        Row(construct, (loud, function), (silent, other))
        for text in texts
        for construct, loud, function, silent, other in ROW.findall(text)
    ]


every_row = pytest.mark.parametrize("row", rows(), ids=lambda row: row.construct)


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, range]]:
    """The lines of every function by its qualified name, without ``<locals>``."""
    for node in ast.iter_child_nodes(tree):
        name = prefix
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}{node.name}."
            if not isinstance(node, ast.ClassDef):
                yield name[:-1], range(node.lineno, (node.end_lineno or node.lineno) + 1)
        yield from functions(node, name)


@cache
def faults(name: str) -> dict[str, int]:
    """How many faults are expected in every function of a case, by its qualified name."""
    case = next(case for case in load_cases() if case.name == name)
    found = {}
    for path, comments in expectations(case).items():
        loud = {each.line for each in comments.expected if each.kind == "error"}
        for function, lines in functions(ast.parse(decode(case.sources[path]))):
            found[function] = len(loud.intersection(lines))
    return found


@every_row
def test_the_loud_function_is_loud(row: Row) -> None:
    case, function = row.loud
    assert faults(case)[function] > 0


@every_row
def test_the_silent_function_is_silent(row: Row) -> None:
    case, function = row.silent
    assert faults(case)[function] == 0


def test_every_row_of_the_tables_is_read_and_none_stands_twice() -> None:
    texts = [(FIXTURES / topic / "README.md").read_text(encoding="utf-8") for topic in TOPICS]
    written = sum(line.startswith("| ") for text in texts for line in text.splitlines()) - len(TOPICS)
    constructs = [row.construct for row in rows()]
    assert len(constructs) == len(set(constructs)) == written


@pytest.mark.parametrize("topic", ["fastapi", "starlette", "asyncio"])
def test_every_fixture_has_a_row(topic: str) -> None:
    named = {case for row in rows() for case, _ in (row.loud, row.silent)}
    assert {case.name for case in load_cases() if case.name.startswith(f"{topic}/")} <= named
