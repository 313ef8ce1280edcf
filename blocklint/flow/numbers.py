"""Whole numbers that the text tells: ``10**8``, ``ROUNDS``, ``1000 * 1000``."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.binding import literal
from blocklint.flow.origins import origin_of

MOST_BITS = 256
"""No number that is worked out is longer: what is said of a loop does not change beyond."""

_DEPTH = 8


def number(frame: Frame, expression: r.Expression, depth: int = _DEPTH) -> int | None:
    """The whole number that an expression is here, None if it is none or not known."""
    if type(expression) is r.Constant:
        return expression.value if type(expression.value) is int else None
    if depth == 0:
        return None
    if type(expression) is r.Operator:
        return _worked_out(frame, expression, depth - 1)
    if type(expression) is not r.Name and type(expression) is not r.Attribute:
        return None
    value = literal(frame.inference.evaluate(frame, expression))
    if type(value) is int:
        return value
    origin = origin_of(frame, expression)
    if origin is expression:
        origin = _of_module(frame, expression)
    return number(frame, origin, depth - 1) if origin is not expression else None


def _of_module(frame: Frame, expression: r.Expression) -> r.Expression:
    """What a name of the module is set to, if it is bound once there; else the expression."""
    if type(expression) is not r.Name or frame.activation is None:
        return expression
    if expression.name in frame.activation.function.bound:
        return expression
    found = frame.inference.project.bindings[frame.file].get(expression.name, ())
    if len(found) != 1 or found[0].kind != "assign" or found[0].path or found[0].value is None:
        return expression
    return found[0].value


def _worked_out(frame: Frame, node: r.Operator, depth: int) -> int | None:
    found = [number(frame, operand, depth) for operand in node.operands]
    result = found[0]
    if len(found) == 1:
        return -result if result is not None and node.operators == ("-",) else None
    for operator, right in zip(node.operators, found[1:], strict=True):
        if result is None or right is None:
            return None
        result = _applied(result, operator, right)
    return result


def _applied(left: int, operator: str, right: int) -> int | None:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right if left.bit_length() + right.bit_length() <= MOST_BITS else None
        case "//" if right:
            return left // right
        case "**" if right >= 0 and left.bit_length() * right <= MOST_BITS:
            return int(left**right)
        case "<<" if right >= 0 and left.bit_length() + right <= MOST_BITS:
            return left << right
        case _:
            return None
