"""FastAPI: the tree of what ``Depends`` and ``Security`` name, below a function or in a list.

Each callable runs where it says itself: ``def``, a class and a ``def`` generator in a worker thread,
``async def`` and FastAPI's own security schemes on the loop. Verified with FastAPI 0.163.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.frameworks.applications import functions
from blocklint.frameworks.fastapi import MARKER, is_coroutine_function, providers_of
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


def dependencies_of(
    inference: Inference, function: FunctionObject, above: tuple[r.Function, ...] = ()
) -> Iterator[Dependency]:
    """What the parameters of a function ask for, each with its own; ``above`` are those that ask."""
    signature = inference.signature(inference.unbound[function])
    scope = inference.scope(function.file, function.closure, function.owner)
    for index, parameter in enumerate(function.function.parameters):
        if parameter.default is not None or parameter.annotation is not None:
            declared = signature.hints[index] if signature.hints else ()
            for provider in providers_of(scope, parameter, declared):
                yield _dependency(inference, provider, parameter.name, above)


def listed_dependencies(inference: Inference, values: Values) -> Iterator[Dependency]:
    """What ``dependencies=[Depends(f)]`` asks for."""
    for value in members(values):
        if isinstance(value, LibraryInstance) and value.name == MARKER and value.arguments:
            for provider in value.arguments[0]:
                yield _dependency(inference, provider, "", ())


def _dependency(
    inference: Inference, provider: Value, parameter: str, above: tuple[r.Function, ...]
) -> Dependency:
    if isinstance(provider, ClassObject):
        found = inference.find_member(provider, "__init__")
        entered = tuple(functions(inference, found[1])) if found is not None else ()
        runs: Runs | None = Runs.WORKER_THREAD
    else:
        entered = tuple(functions(inference, (provider,)))
        # The objects that are FastAPI's security schemes are called as coroutines.
        runs = Runs.EVENT_LOOP if _library_name(provider).startswith("fastapi.security.") else None
        if entered:
            runs = Runs.EVENT_LOOP if is_coroutine_function(provider) else Runs.WORKER_THREAD
    below = [
        each
        for function in entered
        if function.function not in above
        for each in dependencies_of(inference, function, (*above, function.function))
    ]
    cls = provider if isinstance(provider, ClassObject) else None
    return Dependency(parameter, _library_name(provider), entered, cls, runs, tuple(below))


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
