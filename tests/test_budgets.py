"""Budgets of docs and style: small files, small functions, every package says what goes in and out."""

from __future__ import annotations

import ast
import math
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "blocklint"
FILE_LINES = 300
FUNCTION_LINES = 60
FUNCTION_LINES_95TH = 35


@cache
def sources() -> dict[str, str]:
    """The text of every module, by its path in the package."""
    return {path.relative_to(PACKAGE).as_posix(): path.read_text() for path in sorted(PACKAGE.rglob("*.py"))}


def lengths(path: str, source: str) -> dict[str, int]:
    """Lines of every function, from `def` to its last line."""
    return {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@cache
def functions() -> dict[str, int]:
    """Lines of every function of the package."""
    return {name: size for path, source in sources().items() for name, size in lengths(path, source).items()}


def test_lengths_are_counted_from_def_to_end() -> None:
    assert lengths("a.py", "@x\ndef f():\n    '''Doc.'''\n    async def g():\n        pass\n") == {
        "a.py:2 f": 4,
        "a.py:4 g": 2,
    }


def test_files_are_short() -> None:
    # Tables of data are excepted: a file that holds declarations and not one function.
    counts = {path: source.count("\n") for path, source in sources().items() if lengths(path, source)}
    assert {path: count for path, count in counts.items() if count > FILE_LINES} == {}


def test_functions_are_short() -> None:
    assert {name: size for name, size in functions().items() if size > FUNCTION_LINES} == {}


def test_the_tail_of_the_functions_is_short() -> None:
    sizes = sorted(functions().values())
    assert sizes[math.ceil(len(sizes) * 0.95) - 1] <= FUNCTION_LINES_95TH


def test_every_package_says_what_goes_in_and_out() -> None:
    silent = []
    for path, source in sources().items():
        docstring = ast.get_docstring(ast.parse(source)) or ""
        if path.endswith("/__init__.py") and not (docstring.startswith("In: ") and "\nOut: " in docstring):
            silent.append(path)
    assert silent == []
