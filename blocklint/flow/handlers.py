"""Functions of a project that a library calls itself: the catalogue says which, where and with what."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.annotations import from_library
from blocklint.flow.base import Inference
from blocklint.flow.binding import of_definition
from blocklint.flow.classes import is_static
from blocklint.flow.conditions import holds
from blocklint.flow.edges import Arguments
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.knowledge.records import Handler
from blocklint.model import Runs
from blocklint.project.definitions import Definition
from blocklint.project.uses import last_name
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    FunctionObject,
    Library,
    LibraryMethod,
    Value,
    Values,
    gather,
)


class Handlers:
    """Who of a project's functions is called by the libraries that it imports, and where."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._handlers = inference.catalog.handlers
        listed = [handler for handlers in self._handlers.values() for handler in handlers]
        self._decorators = frozenset[str]().union(*(handler.decorators for handler in listed))
        on_loop = (handler.decorators for handler in listed if handler.runs is Runs.EVENT_LOOP)
        self._on_loop = frozenset[str]().union(*on_loop)
        self._methods = frozenset[str]().union(*(handler.methods for handler in listed))

    def runs_on_loop(self, definition: Definition) -> bool:
        """Whether a library runs a ``def`` on the event loop."""
        function = definition.function
        if not function.owner and self._on_loop.isdisjoint(map(last_name, function.decorators)):
            return False  # by far the most: not even asked who is meant
        return self.runs(definition) is Runs.EVENT_LOOP

    def registering(self, definition: Definition, decorator: r.Expression) -> Handler | None:
        """What a decorator registers a function with, None if it is no library's that is known."""
        return next(self._registering(of_definition(definition), decorator), None)

    def runs(self, definition: Definition) -> Runs | None:
        """Where a library runs a ``def``; None if none is known to call it."""
        if self._may_be_called(definition.function):
            for handler in self._of_activation(of_definition(definition)):
                return handler.runs
        return None

    def argument(self, activation: Activation, parameter: r.Parameter) -> Values:
        """What a library passes for a parameter of a function that it calls, () if nothing is known."""
        function = activation.function
        if not self._may_be_called(function):
            return NOTHING
        position = function.parameters.index(parameter)
        if function.owner and not is_static(function):
            position -= 1
        return gather(
            from_library(handler.arguments[position], None, NOTHING)
            for handler in self._of_activation(activation)
            if 0 <= position < len(handler.arguments)
        )

    def _may_be_called(self, function: r.Function) -> bool:
        """Whether the names of a function and of its decorators allow that a library calls it."""
        if function.decorators and not self._decorators.isdisjoint(map(last_name, function.decorators)):
            return True
        return bool(function.owner) and function.name.rpartition(".")[2] in self._methods

    def _of_activation(self, activation: Activation) -> Iterator[Handler]:
        """The handlers of the decorators of a function, and of the bases of its class."""
        for decorator in activation.function.decorators:
            yield from self._registering(activation, decorator)
        if activation.function.owner and activation.owner is not None:
            yield from self._inheriting(activation.owner, activation.function.name.rpartition(".")[2])

    def _registering(self, activation: Activation, decorator: r.Expression) -> Iterator[Handler]:
        """The handlers of what a decorator belongs to: ``app`` in ``@app.get("/")``."""
        if last_name(decorator) not in self._decorators:
            return
        call = decorator if isinstance(decorator, r.Call) else None
        frame = ScopeFrame(self._inference, activation.file, activation.closure)
        for value in self._inference.evaluate(frame, call.callee if call is not None else decorator):
            owner, name = _owner(value)
            for handler in (*self._own(value), *self._of(owner)):
                if name in handler.decorators:
                    arguments = Arguments(node=call)
                    if not any(holds(condition, arguments) for condition in handler.unless):
                        yield handler

    def _inheriting(self, owner: ClassObject, name: str) -> Iterator[Handler]:
        """The handlers of the library classes that a method's class inherits from."""
        if name in self._methods:
            for base in self._inference.mro(owner):
                own = () if isinstance(base, str) else self._inference.told.handlers.get(base.definition, ())
                for handler in self._of(base) if isinstance(base, str) else own:
                    if name in handler.methods:
                        yield handler

    def _own(self, value: Value) -> Iterator[Handler]:
        """The handlers of what a decorator of the project belongs to, as the user says it."""
        told = self._inference.told.handlers
        if told and isinstance(value, FunctionObject):
            owners: list[r.Function | r.Class] = [self._inference.project.modules[value.file].body]
            if value.owner is not None:
                order = self._inference.mro(value.owner)
                owners = [cls.definition for cls in order if isinstance(cls, ClassObject)]
            for owner in owners:
                yield from told.get(owner, ())

    def _of(self, owner: str) -> Iterator[Handler]:
        """The handlers of a module or class, and of the class's bases."""
        yield from self._handlers.get(owner, ())
        if owner and self._inference.catalog.find_class(owner) is not None:
            for ancestor in self._inference.catalog.ancestors(owner):
                if ancestor.name != owner:
                    yield from self._handlers.get(ancestor.name, ())


def _owner(value: Value) -> tuple[str, str]:
    """What a decorator is a member of, and its name there."""
    if isinstance(value, LibraryMethod):
        return value.receiver.name, value.path
    if isinstance(value, FunctionObject):
        return "", value.function.name.rpartition(".")[2]
    if isinstance(value, Library):
        owner, _, name = value.name.rpartition(".")
        return owner, name
    return "", ""
