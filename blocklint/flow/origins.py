"""Where a value comes from, as it is written: the argument of a call, the assignment of a local name."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.project.index import Project


def handed_at(node: r.Call | None, position: int | None, keyword: str | None) -> r.Expression | None:
    """One argument of a call, None if it is not given or not written by itself."""
    if node is None:
        return None
    if position is not None and position < len(node.arguments):
        before = node.arguments[: position + 1]
        return None if any(type(each) is r.Starred for each in before) else before[-1]
    return next((each.value for each in node.keywords if each.name == keyword), None)


def origin_of(frame: Frame, expression: r.Expression) -> r.Expression:
    """What a name stands for that is bound once in the function around it, else the expression."""
    activation = frame.activation
    while type(expression) is r.Name and activation is not None:
        found = assigned(frame.inference.project, activation.function, expression.name)
        if found is None:
            break
        expression = found
    return expression


def assigned(project: Project, function: r.Function, name: str) -> r.Expression | None:
    """What a function's local name is set to, if it is bound once and as a whole; else None."""
    if any(parameter.name == name for parameter in function.parameters):
        return None
    found = project.function_bindings[function].get(name, ())
    if len(found) != 1 or found[0].kind not in ("assign", "walrus") or found[0].path:
        return None
    value = found[0].value
    return None if type(value) is r.Name and value.name == name else value
