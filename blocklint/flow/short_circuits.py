"""Expressions of which a part is only evaluated where another has come out right."""

from __future__ import annotations

from contextlib import ExitStack

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.narrowing import narrowing
from blocklint.flow.readiness import READY_TESTS, also
from blocklint.flow.tested import tested
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    FunctionObject,
    Values,
    gather,
    union,
    without_none,
)


def conditional(frame: Frame, node: r.Conditional) -> Values:
    """``a if test else b``: either where the test allows it."""
    tested(frame, node.test, frame.inference.evaluate(frame, node.test))
    body = _evaluate_if(frame, node.test, True, node.body)
    return union(body, _evaluate_if(frame, node.test, False, node.orelse))


def _evaluate_if(frame: Frame, test: r.Expression, truth: bool, expression: r.Expression) -> Values:
    """The values of an expression where a test has come out as ``truth``."""
    assumed, outer = narrowing(frame, test, truth), frame.ready
    if not all(assumed.values()):
        return NOTHING  # no value lets the test come out so
    if type(test) in READY_TESTS:
        frame.ready = also(frame, outer, test, truth)
    if assumed:
        with frame.assuming(assumed):
            values = frame.inference.evaluate(frame, expression)
    else:
        values = frame.inference.evaluate(frame, expression)
    frame.ready = outer
    return values


def _are_functions(operand: r.Expression, values: Values) -> bool:
    """Whether a name can only be a function or class, which is always true."""
    if type(operand) is not r.Name or not values:
        return False
    return all(type(value) is FunctionObject or type(value) is ClassObject for value in values)


def boolean(frame: Frame, node: r.BooleanOperation) -> Values:
    """``a or b``: a where it is true, else b; what follows ``and`` may rely on what stands before."""
    found = [frame.inference.evaluate(frame, node.operands[0])]
    truth, outer = node.operator == "and", frame.ready
    if not truth and _are_functions(node.operands[0], found[0]):
        return found[0]
    if len(node.operands) == 2:  # by far the most
        tested(frame, node.operands[0], found[0])
        found.append(_evaluate_if(frame, node.operands[0], truth, node.operands[1]))
    else:
        with ExitStack() as earlier:
            for test, operand in zip(node.operands, node.operands[1:], strict=False):
                tested(frame, test, found[-1])
                found.append(_evaluate_if(frame, test, truth, operand))
                assumed = narrowing(frame, test, truth)
                if not all(assumed.values()):
                    break
                earlier.enter_context(frame.assuming(assumed))
                frame.ready = also(frame, frame.ready, test, truth)
        frame.ready = outer
    if truth:
        return gather([found[-1], *(v for v in found[:-1] if NONE in v)])
    return gather([*map(without_none, found[:-1]), found[-1]])
