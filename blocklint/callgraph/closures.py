"""Coroutine functions that other functions make: wrappers of decorators, handlers out of factories."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.base import Inference
from blocklint.flow.binding import default
from blocklint.project.definitions import Definition
from blocklint.project.values import Activation, FunctionObject


def activations_by_makers(inference: Inference, definition: Definition) -> list[Activation]:
    """The activations of a nested function, one for each way in which its closure is made.

    Frameworks call what a decorator or a factory returns, and no call in the project says what that
    closes over: the calls of the function around it do. Empty where it closes over no parameter, or
    where the function around it is a coroutine function, which is looked at anyway.
    """
    maker = definition.enclosing[-1] if definition.enclosing else None
    if not isinstance(maker, r.Function) or maker.is_async or not _captures(definition.function, maker):
        return []
    return [
        default(FunctionObject(definition.file, definition.function, closure))
        for closure in inference.activations_by_callers(definition.file, maker)
        if _is_made(inference, definition.function, closure)
    ]


def _is_made(inference: Inference, function: r.Function, closure: Activation) -> bool:
    """Whether the function around one gets to its ``def``, and does not return another one instead.

    A test of what it wraps may stand before the ``def``, or before the ``return``.
    """
    outcome = inference.outcome(closure)
    values = outcome.names.get(function.name.rpartition(".")[2], ())
    if not any(isinstance(value, FunctionObject) and value.function is function for value in values):
        return False
    returned = [v.function for v in outcome.returns if isinstance(v, FunctionObject) and v.closure == closure]
    return not returned or function in returned


def _captures(function: r.Function, maker: r.Function) -> bool:
    """Whether a function reads a parameter of the one around it, other than a method's receiver."""
    parameters = maker.parameters[1:] if maker.owner else maker.parameters
    names = {parameter.name for parameter in parameters}.difference(function.bound)
    return any(type(part) is r.Name and part.name in names for part in expressions(function.body))
