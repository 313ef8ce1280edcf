"""Tests of ``sys.version_info``: which way the Python versions go that this runs on."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from blocklint.facts import records as r

OLDEST = 11
"""The second number of the oldest Python that code is taken to run on: 3.11."""

_NEWEST = 99

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


_NAMED = frozenset({r.Attribute, r.Name})


def decided(test: r.Expression) -> bool | None:
    """How a test of the version comes out for all of them, None for any other test."""
    if type(test) is not r.Comparison:
        return None
    left = test.operands[0]
    asked = left.value if type(left) is r.Subscript else left
    if type(asked) not in _NAMED or asked.name != "version_info" or len(test.operators) > 1:  # type: ignore[union-attr]
        return None
    right = test.operands[1]
    if test.operators[0] not in _COMPARISONS:
        return None
    wanted = _constant(right)
    compare = _COMPARISONS[test.operators[0]]
    if wanted is None:
        return None
    answers = set()
    for minor in range(OLDEST, _NEWEST):
        actual = _part((3, minor, 0, "final", 0), left)
        if type(actual) is not type(wanted):
            return None
        answers.add(compare(actual, wanted))
    return answers.pop() if len(answers) == 1 else None


def _constant(expression: r.Expression) -> int | tuple[object, ...] | None:
    if type(expression) is r.Constant and isinstance(expression.value, int):
        return expression.value
    if type(expression) is r.Collection and all(type(item) is r.Constant for item in expression.items):
        return tuple(getattr(item, "value", None) for item in expression.items)
    return None


def _part(version: tuple[object, ...], asked: r.Expression) -> object:
    """``sys.version_info``, ``sys.version_info[0]`` or ``sys.version_info[:2]`` of a version."""
    if type(asked) is not r.Subscript:
        return version
    index = asked.index
    if type(index) is r.Constant and isinstance(index.value, int) and index.value < len(version):
        return version[index.value]
    if type(index) is r.Collection and index.kind == "slice" and len(index.items) == 2:
        end = getattr(index.items[1], "value", None)
        return version[:end] if isinstance(end, int) else version
    return None


def taken(statement: r.If) -> list[tuple[Sequence[r.Statement], bool]] | None:
    """The suites of an ``if`` that some version runs, None where it does not ask for versions."""
    if decided(statement.branches[0].test) is None:
        return None
    suites: list[tuple[Sequence[r.Statement], bool]] = []
    for branch in statement.branches:
        answer = decided(branch.test)
        if answer is not False:
            suites.append((branch.body, True))
        if answer:
            return suites
    return [*suites, (statement.orelse, True)]
