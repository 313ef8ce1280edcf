"""What a function reads only if an argument lets it: behind a test of a parameter that is a bool."""

from __future__ import annotations

from collections.abc import Iterable

from blocklint.facts import records as r
from blocklint.facts.walk import expressions, with_suites
from blocklint.model import Span


def may_be_switched_off(function: r.Function, site: Span) -> bool:
    """Whether a place in a function is reached or not as a caller says: ``if not force and user.items:``."""
    return any(_switch(parameter) for parameter in function.parameters) and site in _switched(function)


def _switch(parameter: r.Parameter) -> bool:
    default = parameter.default
    return type(default) is r.Constant and (default.value is True or default.value is False)


def _switched(function: r.Function) -> frozenset[Span]:
    """The places of the attributes that are read behind such a test."""
    switches = frozenset(parameter.name for parameter in function.parameters if _switch(parameter))
    behind: list[object] = []

    def note(suite: tuple[r.Statement, ...]) -> tuple[r.Statement, ...]:
        for statement in suite:
            if type(statement) is r.If and _name(switches, [branch.test for branch in statement.branches]):
                behind.extend((*(branch.body for branch in statement.branches), statement.orelse))
            with_suites(statement, note)
        return suite

    note(function.body)
    for each in expressions(function.body):
        if type(each) is r.BooleanOperation:
            for index, operand in enumerate(each.operands):
                if _name(switches, [operand]):
                    behind.extend(each.operands[index + 1 :])
                    break
        elif type(each) is r.Conditional and _name(switches, [each.test]):
            behind.extend((each.body, each.orelse))
    return frozenset(each.span for each in expressions(behind) if type(each) is r.Attribute)


def _name(names: frozenset[str], tests: Iterable[r.Expression]) -> bool:
    return any(type(each) is r.Name and each.name in names for each in expressions(tuple(tests)))
