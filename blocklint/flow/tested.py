"""Tests: whether something is true is asked of the object itself, by ``__bool__`` or ``__len__``."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.narrowing import narrowing
from blocklint.flow.protocols import ask_truth, site
from blocklint.model import Via
from blocklint.project.values import Instance, Values


def tested(frame: Frame, test: r.Expression, values: Values) -> None:
    """Ask the values of a test whether they are true: ``__bool__`` or ``__len__`` may run.

    What ``not``, ``and`` and ``or`` ask themselves has been asked where these were evaluated.
    """
    if not frame.inference.project.truth_methods:
        return
    if type(test) is r.Operator and test.operators == ("not",):
        return
    if type(test) is r.BooleanOperation:
        last = test.operands[-1]
        if test.operator == "or":
            values = _last_alternative(frame, test)
        return tested(frame, last, values)
    for value in values:
        if type(value) is Instance:  # what else is asked has no method of the project
            return ask_truth(frame, values, site(test, Via.OPERATOR))


def _last_alternative(frame: Frame, node: r.BooleanOperation) -> Values:
    """The values of the last operand of ``or``; its calls have been noted already."""
    assumed = narrowing(frame, node.operands[-2], False)
    with frame.deferring(), frame.assuming(assumed):
        return frame.inference.evaluate(frame, node.operands[-1])
