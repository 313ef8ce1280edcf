"""The call graph of everything: what is not reached from the event loop is interpreted as well.

``check`` asks what coroutines reach. The graph, and ``why`` for any line, ask of every function
what it calls: so every module's body is interpreted in order, with all its calls, then every
function that nothing has called by then.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.callgraph.graph import Edges, Entry, explore
from blocklint.facts.walk import lambdas
from blocklint.flow import held, statements
from blocklint.flow.binding import default, of_definition
from blocklint.flow.edges import Outcome
from blocklint.flow.frames import BodyFrame
from blocklint.flow.inference import Inference
from blocklint.flow.told import catalog_of, told_of
from blocklint.frameworks.registry import GRAPH_HOOKS
from blocklint.knowledge.words import NO_WORDS, Words
from blocklint.model import FunctionKey
from blocklint.project.definitions import Definition
from blocklint.project.index import Project
from blocklint.project.values import Activation, FunctionObject, Values


class CompleteInference(Inference):
    """Interprets the bodies of modules too, and knows whom the routes of an application call."""

    keeps_silent = True

    def __init__(self, project: Project, words: Words) -> None:
        told = told_of(project, words.knowledge)
        super().__init__(project, catalog_of(project, words.knowledge), GRAPH_HOOKS, told)

    def module_outcome(self, activation: Activation) -> Outcome:
        """What a module's body does, interpreted in order."""
        frame = ModuleFrame(self, activation)
        statements.run(frame, activation.function.body)
        return frame.outcome()


class ModuleFrame(BodyFrame):
    """A module's body while it is interpreted in order.

    Names that functions set as well are looked up, not taken from the order; what functions put into
    the containers of others is added.
    """

    def __init__(self, inference: Inference, activation: Activation) -> None:
        super().__init__(inference, activation)
        self._unordered = {
            name
            for definition in inference.project.definitions[activation.file]
            for name in definition.function.declared_global
        }

    def lookup(self, name: str) -> Values:
        """The values of a name at this place."""
        values, uses = super().lookup(name), self.inference.project.uses
        if values and self.env is not None and name in self.env and uses.fillers(name):
            return held.with_module_fillings(self.inference, self.file, name, values, by_functions=True)
        return values

    def assign(self, name: str, values: Values) -> None:
        """Bind a name of the module."""
        if name not in self._unordered:
            super().assign(name, values)


class Complete(msgspec.Struct, frozen=True):
    """Every activation of a project with its edges, and every function, lambdas included."""

    inference: CompleteInference
    edges: Edges
    functions: dict[FunctionKey, Definition]


def complete(project: Project, words: Words = NO_WORDS) -> Complete:
    """Interpret all of a project."""
    inference = CompleteInference(project, words)
    functions = {
        FunctionKey(d.file, d.function.name, d.function.ordinal): d
        for file in project.modules
        for d in _functions(project, file)
    }
    entries = list(_entries(project, functions))
    edges, _ = explore(inference, entries, frozenset())
    return Complete(inference, edges, functions)


def _functions(project: Project, file: str) -> Iterator[Definition]:
    """Every function of a module, the module's body first and the lambdas of each behind it."""
    body = Definition(file, project.modules[file].body, ())
    yield body
    yield from _lambdas(body)
    for definition in project.definitions[file]:
        yield definition
        yield from _lambdas(definition)


def _lambdas(definition: Definition) -> Iterator[Definition]:
    function = definition.function
    inside = () if function.name == "<module>" else (*definition.enclosing, function)
    for found in lambdas(function):
        inner = Definition(definition.file, found, inside)
        yield inner
        yield from _lambdas(inner)


def _entries(project: Project, functions: dict[FunctionKey, Definition]) -> Iterator[Entry]:
    """Modules, then functions that nobody calls by name, then those that turn out not to be called.

    A function that the project calls is interpreted for its arguments, not for unknown ones as well.
    """
    called = project.called()
    for key, definition in functions.items():
        function = definition.function
        if key.name == "<module>":
            yield Entry(default(FunctionObject(key.file, function)), None, 0)
        elif function.name.rpartition(".")[2] in called or function.name.endswith(">"):
            yield Entry(of_definition(definition), None, 2)
        else:
            yield Entry(of_definition(definition), None, 1)
