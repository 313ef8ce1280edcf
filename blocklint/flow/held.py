"""What the containers hold that attributes and module names keep, from all that fill them."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.binding import literal
from blocklint.flow.callers import NotingFrame
from blocklint.flow.containers import contents, filling, grown, is_container, is_parameter
from blocklint.flow.filling import put
from blocklint.flow.state import is_same
from blocklint.project.scopes import scope_statements
from blocklint.project.uses import Place
from blocklint.project.values import Activation, Mapping, Value, Values

MOST_FILLERS = 40
"""A name that more functions fill says nothing about any container."""


def with_module_fillings(inference: Inference, file: str, name: str, values: Values) -> Values:
    """A module name's values, with what is put into those that are containers."""
    if not any(map(is_container, values)):
        return values
    for where, function in _fillers(inference, name):
        if function.name == "<module>" and where == file:
            for added in _by_body(inference, file, name):
                values = grown(values, added)
        elif _means(inference, where, function, file, name):
            for receiver, filled, added in _filled(inference, where, function):
                if receiver is None and filled == name:
                    values = grown(values, added)
    return values


def with_attribute_fillings(
    inference: Inference, owner: Value, name: str, values: Values
) -> Values:
    """An attribute's values, with what is put into those that are containers."""
    if not any(map(is_container, values)):
        return values
    for where, function in _fillers(inference, f".{name}"):
        if function.name != "<module>":
            for receiver, filled, added in _filled(inference, where, function):
                if receiver is not None and filled == name and is_same(inference, receiver, owner):
                    values = grown(values, added)
    return values


def _fillers(inference: Inference, name: str) -> list[Place]:
    found = inference.project.uses.fillers(name)
    return found if len(found) <= MOST_FILLERS else []


def _means(inference: Inference, where: str, function: r.Function, file: str, name: str) -> bool:
    """Whether a name in a function is that of a module: its own, or imported from it."""
    if name in function.bound or function.name == "<module>":
        return False
    if where == file:
        return True
    return any(
        isinstance(binding.statement, r.Import)
        and inference.project.import_base(where, binding.statement.level, binding.statement.module)
        == file
        for binding in inference.project.bindings(where).get(name, ())
    )


def _filled(
    inference: Inference, file: str, function: r.Function
) -> Iterator[tuple[Value | None, str, Mapping]]:
    """What a function puts into containers; its callers are asked what its parameters are."""
    activations: tuple[Activation, ...] = inference.activations(file, function)
    listed = [item for activation in activations for item in inference.filled_by(activation)]
    if any(is_parameter(value) for _, _, added in listed for value in contents(added)):
        told = [
            item
            for activation in inference.activations_by_callers(file, function)
            for item in inference.filled_by(activation)
        ]
        listed = told or listed
    yield from listed


def _by_body(inference: Inference, file: str, name: str) -> Iterator[Mapping]:
    """What a module's body puts into one of its own containers."""
    frame = NotingFrame(inference, file)
    for statement in scope_statements(inference.project.modules[file].body.body):
        match statement:
            case r.Evaluate(value=r.Call(callee=r.Attribute(value=holder, name=method)) as call):
                if method in r.FILLING and _root(holder) == name:
                    inference.evaluate(frame, call)
            case r.Assign(targets=(r.Subscript(value=holder, index=index),), value=value):
                if _root(holder) == name and value is not None:
                    key = literal(inference.evaluate(frame, index))
                    put(frame, holder, filling(key, inference.evaluate(frame, value)))
            case _:
                pass
    return (added for receiver, filled, added in frame.fillings if receiver is None and filled == name)


def _root(expression: r.Expression) -> str:
    while isinstance(expression, r.Subscript | r.Call):
        expression = expression.value if isinstance(expression, r.Subscript) else expression.callee
        if isinstance(expression, r.Attribute) and expression.name == "setdefault":
            expression = expression.value
    return expression.name if isinstance(expression, r.Name) else ""
