"""Flags: names that hold what a test has told, ``is_async = iscoroutinefunction(f)``.

A flag that is set once, of a name that is never set again, stands for the test itself: in the
function that sets it and in those inside it.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.project.scopes import Binding
from blocklint.project.values import NONE, Activation, LibraryInstance, Literal, Values

ANSWERS = frozenset(
    {LibraryInstance("builtins.bool"), LibraryInstance("asyncio.AbstractEventLoop")}
    | {Literal(True), Literal(False), NONE}
)
"""What tests give: whether, and a function that looks for the loop, the loop or None."""

TESTS = frozenset({r.Call, r.Comparison, r.Operator, r.BooleanOperation})


def flagged(
    frame: Frame, name: str, values: Values, tellers: frozenset[str] = frozenset()
) -> r.Expression | None:
    """The test that a name stands for, None if it is no flag.

    With ``tellers``, only functions that call one of them are looked through.
    """
    for value in values:
        if value not in ANSWERS:
            return None
    activation: Activation | None = frame.activation
    while activation is not None and values:
        function = activation.function
        if name in function.bound:
            return _test(frame, function, name, tellers)
        activation = activation.closure
    return None


def _test(
    frame: Frame, function: r.Function, name: str, tellers: frozenset[str]
) -> r.Expression | None:
    parameters = [parameter.name for parameter in function.parameters]
    if name in parameters or (tellers and tellers.isdisjoint(function.called)):
        return None
    bindings = frame.inference.project.function_bindings[function]
    found = bindings.get(name, ())
    if len(found) != 1 or found[0].kind != "assign" or found[0].path:
        return None
    test = found[0].value
    if type(test) not in TESTS:
        return None
    inner = frame.activation.function if frame.activation is not None else function
    for subject in _names(test):
        earlier = bindings.get(subject, ())
        if len(earlier) + (subject in parameters) > 1 or (inner is not function and subject in inner.bound):
            return None
        if earlier and earlier[0].kind == "assign" and _line(earlier[0]) >= _line(found[0]):
            return None  # flags of each other
    return test


def _line(binding: Binding) -> int:
    return binding.value.span[0] if binding.value is not None else 0


def _names(test: r.Expression | None) -> list[str]:
    """The names that a test is about."""
    match test:
        case r.Call(arguments=arguments):
            return [part.name for part in arguments if isinstance(part, r.Name)]
        case r.Comparison(operands=operands) | r.Operator(operands=operands):
            return [name for part in operands for name in _names(part)]
        case r.BooleanOperation(operands=operands):
            return [name for part in operands for name in _names(part)]
        case r.Name(name=name):
            return [name]
        case _:
            return []
