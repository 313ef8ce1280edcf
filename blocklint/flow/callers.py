"""With what a function is called, as far as its callers can be found by name.

For functions that no resolved call tells enough about: what a registering decorator is given,
what an untyped constructor is given.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import NOWHERE, Arguments, Edge, Inference
from blocklint.flow.binding import make
from blocklint.flow.frames import ScopeFrame
from blocklint.project.uses import decorators, last_name
from blocklint.project.values import (
    Activation,
    ClassObject,
    FunctionObject,
    Values,
)

MOST_CALLERS = 24
"""A name that is called in more functions than this says nothing about one of them."""


class NotingFrame(ScopeFrame):
    """A module's body in which some expressions are evaluated for what they call."""

    def __init__(self, inference: Inference, file: str) -> None:
        super().__init__(inference, file)
        self.edges: list[Edge] = []

    def record(self, edge: Edge) -> None:
        """Note a call."""
        self.edges.append(edge)


def activations_by_callers(
    inference: Inference, file: str, function: r.Function
) -> tuple[Activation, ...]:
    """The activations of a function that calls by its name, or of the one around it, make."""
    found: dict[Activation, None] = {}
    for name in _names(function):
        for edge in _edges(inference, name):
            if isinstance(edge.target, Activation) and edge.target.function is function:
                found[edge.target] = None
    if function.name.endswith("__init_subclass__"):
        found.update(dict.fromkeys(_by_subclasses(inference, file, function)))
    return tuple(found)


def _names(function: r.Function) -> Iterator[str]:
    """The names under which calls reach a function: its own, its class's, that of a factory."""
    parts = function.name.split(".")
    if parts[-1] == "__init__":
        yield parts[-2]
        return
    yield parts[-1]
    if not function.owner and len(parts) > 1:
        yield parts[-2]


def _edges(inference: Inference, name: str) -> Iterator[Edge]:
    uses = inference.project.uses
    callers = uses.callers(name)
    if len(callers) <= MOST_CALLERS:
        for file, caller in callers:
            if caller.name == "<module>":
                yield from inference.body_calls(file, name)
                continue
            for activation in inference.activations(file, caller):
                yield from inference.outcome(activation).edges
    for file in dict.fromkeys(file for file, _ in uses.decorated(name)):
        yield from inference.body_calls(file, name)


def calls_in_body(inference: Inference, file: str, name: str) -> tuple[Edge, ...]:
    """The calls that a module's body makes by a name, decorators among them."""
    frame = NotingFrame(inference, file)
    for expression in inference.project.uses.calls_in_body(file, name):
        inference.evaluate(frame, expression)
    for where, statement in inference.project.uses.decorated(name):
        if where == file:
            _decorate(frame, statement, name)
    return tuple(frame.edges)


def _decorate(frame: NotingFrame, statement: r.DefineFunction | r.DefineClass, name: str) -> None:
    """Call the decorators of a name with what they decorate, undecorated."""
    value: Values
    if isinstance(statement, r.DefineFunction):
        value = (FunctionObject(frame.file, statement.function),)
    else:
        value = (ClassObject(frame.file, statement.definition),)
    for decorator in decorators(statement):
        if last_name(decorator) == name:
            found = frame.inference.evaluate(frame, decorator)
            frame.inference.call(frame, found, Arguments((value,)), NOWHERE)


def _by_subclasses(
    inference: Inference, file: str, function: r.Function
) -> Iterator[Activation]:
    """``__init_subclass__`` is called with every subclass."""
    for outer_file, definition in inference.project.classes:
        if outer_file == file and definition.name == function.owner:
            owner = ClassObject(file, definition)
            parameter = function.parameters[0].name if function.parameters else ""
            for subclass in inference.subclasses(owner):
                yield make(
                    FunctionObject(file, function, None, None, owner), ((parameter, (subclass,)),)
                )
