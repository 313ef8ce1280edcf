"""FastAPI: the tree of what ``Depends`` and ``Security`` name, below a function or in a list.

Each callable runs where it says itself: ``def``, a class and a ``def`` generator in a worker thread,
``async def`` and FastAPI's own security schemes on the loop. Verified with FastAPI 0.163.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.plain import is_coroutine_function
from blocklint.frameworks.applications import functions
from blocklint.frameworks.fastapi import MARKER, providers_of
from blocklint.model import Runs
from blocklint.project.values import (
    ClassObject,
    FunctionObject,
    Library,
    LibraryInstance,
    LibraryMethod,
    Tuple,
    Unknown,
    Value,
    Values,
    gather,
)


class Dependency:
    """A callable that FastAPI calls before an endpoint.

    ``parameter`` is what it is passed as, "" in ``dependencies=[…]``. ``functions`` are what it
    enters in the project; ``cls`` is the class that it makes an object of; ``name`` that of a
    library's. ``runs`` is None where that is not known.
    """

    __slots__ = ("cls", "dependencies", "functions", "name", "parameter", "runs")

    def __init__(
        self,
        parameter: str,
        name: str,
        functions: tuple[FunctionObject, ...],
        cls: ClassObject | None,
        runs: Runs | None,
        dependencies: tuple[Dependency, ...],
    ) -> None:
        self.parameter = parameter
        self.name = name
        self.functions = functions
        self.cls = cls
        self.runs = runs
        self.dependencies = dependencies


class Dependencies:
    """Answers for one project; the same provider is asked for in many places."""

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._known: dict[FunctionObject, tuple[Dependency, ...]] = {}

    def of(self, function: FunctionObject) -> tuple[Dependency, ...]:
        """What the parameters of a function ask for, each with its own."""
        known = self._known.get(function)
        if known is None:
            self._known[function] = ()  # while it is asked: what asks for itself cannot be called
            known = self._known[function] = tuple(self._asked(function))
        return known

    def _asked(self, function: FunctionObject) -> Iterator[Dependency]:
        if function.owner is not None and function.owner.definition.decorators:
            yield from self._in_body(function.owner)  # a class-based view
        signature = self._inference.signature(self._inference.unbound[function])
        scope = self._inference.scope(function.file, function.closure, function.owner)
        for index, parameter in enumerate(function.function.parameters):
            if parameter.default is not None or parameter.annotation is not None:
                declared = signature.hints[index] if signature.hints else ()
                for provider in providers_of(scope, parameter, declared):
                    yield self._dependency(provider, parameter.name)

    def _in_body(self, cls: ClassObject) -> Iterator[Dependency]:
        """What the fields of a class ask for: of a class-based view, a dataclass, a pydantic model."""
        scope = self._inference.scope(cls.file, cls.closure, cls)
        for name, listed in self._inference.project.class_bindings[cls.definition].items():
            binding = listed[-1]
            if binding.kind in ("assign", "annotated"):
                hint = binding.annotation
                declared = self._inference.evaluate(scope, hint) if hint is not None else ()
                field = r.Parameter(name, "keyword", hint, binding.value)
                for provider in providers_of(scope, field, declared):
                    yield self._dependency(provider, name)

    def listed(self, values: Values) -> tuple[Dependency, ...]:
        """What ``dependencies=[Depends(f)]`` asks for."""
        return tuple(
            self._dependency(provider, "")
            for value in members(values)
            if isinstance(value, LibraryInstance) and value.name == MARKER and value.arguments
            for provider in value.arguments[0]
        )

    def _dependency(self, provider: Value, parameter: str) -> Dependency:
        inference, name = self._inference, _library_name(provider)
        if isinstance(provider, ClassObject):
            found = inference.find_member(provider, "__init__")
            entered = tuple(functions(inference, found[1])) if found is not None else ()
            runs: Runs | None = Runs.WORKER_THREAD
        else:
            entered = tuple(functions(inference, (provider,)))
            # The objects that are FastAPI's security schemes are called as coroutines.
            runs = Runs.EVENT_LOOP if name.startswith("fastapi.security.") else None
            if entered:
                runs = Runs.EVENT_LOOP if is_coroutine_function(provider) else Runs.WORKER_THREAD
        below = [each for function in entered for each in self.of(function)]
        if isinstance(provider, ClassObject) and not entered:
            below += self._in_body(provider)
        cls = provider if isinstance(provider, ClassObject) else None
        return Dependency(parameter, name, entered, cls, runs, tuple(below))


def _library_name(provider: Value) -> str:
    match provider:
        case Library(name=name) | LibraryInstance(name=name):
            return name
        case LibraryMethod(receiver=receiver, path=path):
            return f"{receiver.name}.{path}"
        case Unknown(reason=reason):
            made = reason.removeprefix("library ").removeprefix("result of ")
            return made.removesuffix("()") if made != reason else ""
        case _:
            return ""


def members(values: Values) -> list[Value]:
    """What is in the lists and tuples among some values."""
    found: list[Value] = []
    for value in values:
        if isinstance(value, LibraryInstance) and value.name == "builtins.list" and value.arguments:
            found += value.arguments[0]
        elif isinstance(value, Tuple):
            found += gather(value.items)
    return found
