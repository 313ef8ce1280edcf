"""With what a function is called, as far as its callers can be found by name.

For functions that no resolved call tells enough about: what a registering decorator is given,
what an untyped constructor is given.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.binding import make
from blocklint.flow.edges import NOWHERE, Arguments, Edge
from blocklint.flow.names import decorated
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.project.files import is_test
from blocklint.project.uses import decorators, last_name
from blocklint.project.values import (
    Activation,
    ClassObject,
    FunctionObject,
    Values,
)

MOST_CALLERS = 24
"""A name that is called in more functions, or more often in one, says nothing about any of them."""


class NotingFrame(LazyFrame):
    """A body in which some expressions are evaluated for what they call."""

    def __init__(self, inference: Inference, activation: Activation) -> None:
        super().__init__(inference, activation)
        self._is_module = activation.function.name == "<module>"
        self.edges: list[Edge] = []

    def lookup(self, name: str) -> Values:
        """The values of a name: a module's are known from all that sets them."""
        return ScopeFrame.lookup(self, name) if self._is_module else super().lookup(name)

    def record(self, edge: Edge) -> None:
        """Note a call."""
        self.edges.append(edge)


def activations_by_callers(
    inference: Inference, file: str, function: r.Function
) -> tuple[Activation, ...]:
    """The activations of a function that calls by its name, or of the one around it, make."""
    found: dict[Activation, None] = {}
    for name in _names(inference, file, function):
        for edge in _edges(inference, file, name):
            if isinstance(edge.target, Activation) and edge.target.function is function:
                found[edge.target] = None
    if function.name.endswith("__init_subclass__"):
        found.update(dict.fromkeys(_by_subclasses(inference, file, function)))
    return tuple(found)


def _names(inference: Inference, file: str, function: r.Function) -> dict[str, None]:
    """The names under which calls reach a function: its own, its classes', that of a factory."""
    parts = function.name.split(".")
    if parts[-1] in ("__init__", "__call__"):  # ``@Traced()`` calls the one, and what it makes the other
        owner = _owner(inference, file, function)
        classes = (owner, *inference.subclasses(owner)) if owner is not None else ()
        return {cls.definition.name.rpartition(".")[2]: None for cls in classes}
    if not function.owner and len(parts) > 1:
        return {parts[-1]: None, parts[-2]: None}
    return {parts[-1]: None}


def _owner(inference: Inference, file: str, function: r.Function) -> ClassObject | None:
    """The class that a method is defined in, None for other functions."""
    for place, definition in inference.project.near(file).classes if function.owner else ():
        if place == file and definition.name == function.owner:
            return ClassObject(file, definition)
    return None


def _edges(inference: Inference, file: str, name: str) -> Iterator[Edge]:
    """The calls that are made in the functions and modules which call something of a name, in ``file``.

    Tests hand in what they like: they are left out, unless it is one of their own functions.
    """
    uses, in_tests = inference.project.near(file).uses, is_test(file)
    callers = [place for place in uses.callers(name) if in_tests or not is_test(place[0])]
    if len(callers) <= MOST_CALLERS:
        for file, caller in callers:
            for activation in _activations(inference, file, caller):
                yield from inference.calls_by_name(activation, name)
    for file in dict.fromkeys(file for file, _ in uses.decorated(name) if in_tests or not is_test(file)):
        frame = NotingFrame(inference, _body(inference, file))
        for where, statement in uses.decorated(name):
            if where == file:
                _decorate(frame, statement, name)
        yield from frame.edges


def _activations(inference: Inference, file: str, function: r.Function) -> tuple[Activation, ...]:
    if function.name == "<module>":
        return (_body(inference, file),)
    return inference.activations(file, function)


def _body(inference: Inference, file: str) -> Activation:
    facts = inference.project.facts(file)
    assert facts is not None  # something in it was found
    return make(FunctionObject(file, facts.body), ())


def calls_by_name(inference: Inference, activation: Activation, name: str) -> tuple[Edge, ...]:
    """What the calls by a name in one body enter; the rest of it is not interpreted."""
    frame = NotingFrame(inference, activation)
    calls = inference.project.uses.calls(activation.function, name)
    for call in calls if len(calls) <= MOST_CALLERS else ():
        inference.evaluate(frame, call)
    return tuple(frame.edges)


def _decorate(frame: NotingFrame, statement: r.DefineFunction | r.DefineClass, name: str) -> None:
    """Call the decorators of a name with what they decorate: a function as those below leave it."""
    value: Values
    if isinstance(statement, r.DefineFunction):
        owner = _owner(frame.inference, frame.file, statement.function)
        value = (FunctionObject(frame.file, statement.function, None, None, owner),)
    else:
        value = (ClassObject(frame.file, statement.definition),)
    listed = decorators(statement)
    for position, decorator in enumerate(listed, start=1):
        if last_name(decorator) == name:
            found = frame.inference.evaluate(frame, decorator)
            is_function = type(statement) is r.DefineFunction
            given = decorated(frame, value, listed[position:]) if is_function else value
            frame.inference.call(frame, found, Arguments((given,)), NOWHERE)


def _by_subclasses(
    inference: Inference, file: str, function: r.Function
) -> Iterator[Activation]:
    """``__init_subclass__`` is called with every subclass."""
    owner = _owner(inference, file, function)
    if owner is not None and function.parameters:
        method = FunctionObject(file, function, None, None, owner)
        for subclass in inference.subclasses(owner):
            yield make(method, ((function.parameters[0].name, (subclass,)),))
