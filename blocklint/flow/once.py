"""Code that runs for the first caller only: ``if _engine is None: _engine = connect()``.

It blocks the loop once in the life of a process, not for every request: what it does is possible
at most. Names of modules and attributes of classes are remembered by the process; attributes of
instances are not taken for it, since every request may make an instance of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.chains import spelled_out
from blocklint.project.scopes import scope_statements
from blocklint.project.values import ClassObject, Module


def fills(frame: Frame, function: r.Function, test: r.Expression, body: Sequence[r.Statement]) -> bool:
    """Whether a branch is taken while something is missing that it makes and remembers."""
    missing = _tested(test, missing=True)
    return missing is not None and _is_remembered(frame, function, missing) and _sets(body, missing)


def filled(frame: Frame, function: r.Function, test: r.Expression) -> bool:
    """Whether a branch is taken when something is there already that the function else makes."""
    present = _tested(test, missing=False)
    return (
        present is not None
        and _is_remembered(frame, function, present)
        and _sets(function.body, present)
    )


def _tested(test: r.Expression, missing: bool) -> r.Name | r.Attribute | None:
    """What a test finds missing (or there): ``x is None``, ``not x``; ``x is not None``, ``x``."""
    match test:
        case r.Comparison(operators=(operator,), operands=(subject, r.Constant(kind="None"))):
            fits = operator in (("is", "==") if missing else ("is not", "!="))
        case r.Operator(operators=("not",), operands=(subject,)):
            fits = missing
        case subject:
            fits = not missing
    return subject if fits and isinstance(subject, r.Name | r.Attribute) else None


def _is_remembered(frame: Frame, function: r.Function, subject: r.Name | r.Attribute) -> bool:
    match subject:
        case r.Name(name=name):
            return name in function.declared_global
        case r.Attribute(value=r.Name(name=owner)):
            values = frame.lookup(owner)
            return bool(values) and all(isinstance(v, ClassObject | Module) for v in values)
        case _:
            return False


def _sets(body: Sequence[r.Statement], subject: r.Name | r.Attribute) -> bool:
    wanted = spelled_out(subject)
    return any(
        spelled_out(target) == wanted
        for statement in scope_statements(body)
        if isinstance(statement, r.Assign)
        for target in statement.targets
    )
