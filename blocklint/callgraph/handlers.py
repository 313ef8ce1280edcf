"""Functions that a library calls itself, on the event loop or elsewhere: the catalogue says which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.binding import of_definition
from blocklint.flow.conditions import holds
from blocklint.flow.edges import Arguments
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.knowledge.records import Handler
from blocklint.model import Runs
from blocklint.project.definitions import Definition
from blocklint.project.uses import last_name
from blocklint.project.values import ClassObject, Library, LibraryInstance, LibraryMethod, Value


class Handlers:
    """Who of a project's functions is called by the libraries that it imports, and where."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._handlers = inference.handlers_by_owner
        listed = [handler for handlers in self._handlers.values() for handler in handlers]
        self._decorators = _decorators(listed)
        self._of_coroutines = _decorators(h for h in listed if h.phase is not None or h.own_loop)
        methods = frozenset[str]().union(*(handler.methods for handler in listed))
        self._methods = frozenset(name for name in methods if not name.endswith("*"))
        self._beginnings = tuple(sorted(name[:-1] for name in methods if name.endswith("*")))

    def runs(self, definition: Definition) -> Runs | None:
        """Where a library would run a ``def`` in a function's place; None if none is known to call it."""
        handler = self._find(definition, self._decorators, True)
        return handler.runs if handler is not None else None

    def of(self, definition: Definition) -> Handler | None:
        """By what a library calls a function, None if none is known to.

        Of coroutine functions, which run on the loop in any case, only those are told of which there is
        more to say.
        """
        is_async = definition.function.is_async
        return self._find(definition, self._of_coroutines if is_async else self._decorators, not is_async)

    def _find(self, definition: Definition, names: frozenset[str], methods: bool) -> Handler | None:
        """A handler by the decorators of these names, and by the name of a method."""
        function = definition.function
        if function.decorators and not names.isdisjoint(map(last_name, function.decorators)):
            for decorator in function.decorators:
                if last_name(decorator) in names:
                    for handler in self._registering(definition, decorator):
                        return handler
        if methods and function.owner:
            name = function.name.rpartition(".")[2]
            if name in self._methods or (self._beginnings and name.startswith(self._beginnings)):
                for handler in self._inheriting(definition):
                    return handler
        return None

    def _registering(self, definition: Definition, decorator: r.Expression) -> Iterator[Handler]:
        """The handlers of what a decorator belongs to: ``app`` in ``@app.get("/")``."""
        call = decorator if isinstance(decorator, r.Call) else None
        scopes = [scope for scope in definition.enclosing if isinstance(scope, r.Function)]
        closure = of_definition(definition).closure if scopes else None
        frame = ScopeFrame(self._inference, definition.file, closure)
        for value in self._inference.evaluate(frame, call.callee if call is not None else decorator):
            owner, name = _owner(value, last_name(decorator))
            for handler in self._of(owner):
                if name in handler.decorators:
                    arguments = Arguments(node=call)
                    if not any(holds(condition, arguments) for condition in handler.unless):
                        yield handler

    def _inheriting(self, definition: Definition) -> Iterator[Handler]:
        """The handlers of the library classes that a method's class inherits from."""
        cls = definition.enclosing[-1]
        closure = of_definition(definition).closure
        if isinstance(cls, r.Class):
            for base in self._inference.mro(ClassObject(definition.file, cls, closure)):
                for handler in self._of(base) if isinstance(base, str) else ():
                    if _is_named(definition.function.name.rpartition(".")[2], handler.methods):
                        yield handler

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
    if isinstance(value, Library):
        owner, _, name = value.name.rpartition(".")
        return owner, name
    return "", ""
