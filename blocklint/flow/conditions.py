"""Arguments with which a library call does not block, as the knowledge base's ``unless`` says."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.edges import Arguments
from blocklint.knowledge.records import Condition
from blocklint.project.values import LibraryInstance, without_none


def holds(condition: Condition, arguments: Arguments) -> bool:
    """Whether a call is written with, or given, the argument of a condition."""
    if condition.type:
        given = without_none(arguments.at(condition.position, condition.keyword))
        return bool(given) and all(
            isinstance(value, LibraryInstance) and value.name == condition.type for value in given
        )
    node = arguments.node
    if node is None:
        return False
    found: r.Expression | None = None
    if condition.position is not None and condition.position < len(node.arguments):
        found = node.arguments[condition.position]
    if found is None and condition.keyword is not None:
        found = next((k.value for k in node.keywords if k.name == condition.keyword), None)
    if found is None:
        return not condition.equals and not any(k.name is None for k in node.keywords)
    return bool(condition.equals) and any(text(part) == condition.equals for part in _flags(found))


def _flags(expression: r.Expression) -> tuple[r.Expression, ...]:
    """The parts of ``a | b | c``: each of them is set."""
    if isinstance(expression, r.Operator) and set(expression.operators) == {"|"}:
        return expression.operands
    return (expression,)


def text(expression: r.Expression) -> str:
    """The source text of a constant or dotted name, "" for anything else."""
    match expression:
        case r.Constant(kind="None"):
            return "None"
        case r.Constant(kind="str", value=str() as value):
            return repr(value)
        case r.Constant(value=value):
            return str(value)
        case r.Name(name=name):
            return name
        case r.Attribute(value=value, name=name):
            inner = text(value)
            return f"{inner}.{name}" if inner else ""
        case _:
            return ""
