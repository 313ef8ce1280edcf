"""Functions of a project that a library calls itself: the catalogue says which, where and with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blocklint.facts import records as r
from blocklint.flow.annotations import from_library
from blocklint.flow.base import Inference
from blocklint.flow.binding import of_definition
from blocklint.flow.classes import is_static
from blocklint.flow.conditions import holds
from blocklint.flow.edges import Arguments
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.records import Handler
from blocklint.model import Runs
from blocklint.project.definitions import Definition
from blocklint.project.index import Project
from blocklint.project.uses import last_name
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    FunctionObject,
    Library,
    LibraryInstance,
    LibraryMethod,
    Value,
    Values,
    gather,
)


class Handlers:
    """Who of a project's functions is called by the libraries that it imports, and where."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._handlers = inference.handlers_by_owner
        listed = [handler for handlers in self._handlers.values() for handler in handlers]
        self._decorators = _decorators(listed)
        self._on_loop = _decorators(each for each in listed if each.runs is Runs.EVENT_LOOP)
        self._of_coroutines = _decorators(each for each in listed if each.phase is not None or each.own_loop)
        methods = frozenset[str]().union(*(handler.methods for handler in listed))
        self._methods = frozenset(name for name in methods if not name.endswith("*"))
        self._beginnings = tuple(sorted(name[:-1] for name in methods if name.endswith("*")))

    def of(self, definition: Definition) -> Handler | None:
        """By what a library calls a function, as far as entry points need it.

        Of what decorators register only what runs on the event loop is told; of coroutine functions,
        which run there in any case, only what there is more to say of.
        """
        function = definition.function
        names = self._of_coroutines if function.is_async else self._on_loop
        is_method = not function.is_async and self._is_method(function)
        if not is_method and names.isdisjoint(map(last_name, function.decorators)):
            return None  # by far the most: not even asked who is meant
        found = self._of_activation(of_definition(definition))
        return next((each for each in found if not function.is_async or each.phase or each.own_loop), None)

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
        return self._is_method(function)

    def _is_method(self, function: r.Function) -> bool:
        return bool(function.owner) and self._is_wanted(function.name.rpartition(".")[2])

    def _is_wanted(self, name: str) -> bool:
        """Whether some library calls methods of this name."""
        return name in self._methods or bool(self._beginnings and name.startswith(self._beginnings))

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
            owner, name = _owner(value, last_name(decorator))
            for handler in (*self._own(value), *self._of(owner)):
                if name in handler.decorators:
                    arguments = Arguments(node=call)
                    if not any(holds(condition, arguments) for condition in handler.unless):
                        yield handler

    def _inheriting(self, owner: ClassObject, name: str) -> Iterator[Handler]:
        """The handlers of the library classes that a method's class inherits from."""
        if self._is_wanted(name):
            for base in self._inference.mro(owner):
                own = () if isinstance(base, str) else self._inference.told.handlers.get(base.definition, ())
                for handler in self._of(base) if isinstance(base, str) else own:
                    if _is_named(name, handler.methods):
                        yield handler

    def _own(self, value: Value) -> Iterator[Handler]:
        """The handlers of what a decorator of the project belongs to, as the user says it."""
        told = self._inference.told.handlers
        if told and isinstance(value, FunctionObject) and self._inference.project.is_own(value.file):
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


def _decorators(handlers: Iterable[Handler]) -> frozenset[str]:
    return frozenset[str]().union(*(handler.decorators for handler in handlers))


def _is_named(name: str, listed: frozenset[str]) -> bool:
    if name in listed:
        return True
    return any(name.startswith(each[:-1]) for each in listed if each.endswith("*"))


def _owner(value: Value, called: str) -> tuple[str, str]:
    """What a decorator is a member of, and its name there; of an object the name that it is called by."""
    if isinstance(value, LibraryInstance):
        return value.name, called
    if isinstance(value, LibraryMethod):
        return value.receiver.name, value.path
    if isinstance(value, FunctionObject):
        return "", value.function.name.rpartition(".")[2]
    if isinstance(value, Library):
        owner, _, name = value.name.rpartition(".")
        return owner, name
    return "", ""


def handlers_by_owner(project: Project, catalog: Catalog) -> dict[str, tuple[Handler, ...]]:
    """What the project's libraries call themselves, by owner, but for what its other imports rule out."""
    found = dict(catalog.handlers)
    for owner, handlers in catalog.handlers.items():
        if any(handler.unless_imported for handler in handlers):
            found[owner] = tuple(h for h in handlers if not any(map(project.imports, h.unless_imported)))
    return found


def kept_in_classes(inference: Inference) -> dict[r.Function, Handler]:
    """The functions that a library finds in attributes of classes which it is told of by their names."""
    wanted = [
        (owner.rpartition(".")[2], handler)
        for owner, handlers in inference.handlers_by_owner.items()
        for handler in handlers
        if handler.attributes
    ]
    found: dict[r.Function, Handler] = {}
    for file, cls in inference.project.classes if wanted else ():
        for name, handler in wanted:
            for attribute in handler.attributes if cls.name == name else ():
                member = inference.find_member(ClassObject(file, cls), attribute)
                for value in () if member is None else member[1]:
                    if isinstance(value, FunctionObject):
                        found[value.function] = handler
    return found
