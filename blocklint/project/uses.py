"""Who calls, decorates with and fills what, by name: indexes over a whole project."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from blocklint.facts import records as r
from blocklint.project.scopes import scope_statements

Place = tuple[str, r.Function]
Decorated = tuple[str, r.DefineFunction | r.DefineClass]


class Uses:
    """Indexes by the last part of a name; module bodies are functions called ``<module>``.

    Each is made when it is first asked for. ``places`` are the functions of the project.
    """

    def __init__(self, modules: Mapping[str, r.ModuleFacts], places: Sequence[Place]) -> None:
        self._modules = modules
        self._places = places
        self._statements: dict[str, dict[str, list[r.Expression]]] = {}

    def callers(self, name: str) -> list[Place]:
        """The functions that call something of this name."""
        return self._callers.get(name, [])

    def fillers(self, name: str) -> list[Place]:
        """The functions that put something into a container of this name (".name": attribute)."""
        return self._fillers.get(name, [])

    def decorated(self, name: str) -> list[Decorated]:
        """The definitions outside of functions with a decorator of this name."""
        return self._decorated.get(name, [])

    @functools.cached_property
    def _callers(self) -> dict[str, list[Place]]:
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self._places:
            for name in place[1].called:
                found[name].append(place)
        return found

    @functools.cached_property
    def _fillers(self) -> dict[str, list[Place]]:
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self._places:
            for name in place[1].filled:
                found[name].append(place)
        return found

    @functools.cached_property
    def _decorated(self) -> dict[str, list[Decorated]]:
        found: defaultdict[str, list[Decorated]] = defaultdict(list)
        for file, facts in self._modules.items():
            for statement in scope_statements(facts.body.body):
                if isinstance(statement, r.DefineFunction | r.DefineClass):
                    for decorator in decorators(statement):
                        found[last_name(decorator)].append((file, statement))
        return found

    def calls_in_body(self, file: str, name: str) -> list[r.Expression]:
        """The expressions of a module's body, classes included, that call something of a name."""
        if file not in self._statements:
            found: defaultdict[str, list[r.Expression]] = defaultdict(list)
            for statement in scope_statements(self._modules[file].body.body):
                if isinstance(statement, r.Assign | r.Evaluate) and statement.value is not None:
                    for called in dict.fromkeys(_called(statement.value)):
                        found[called].append(statement.value)
            self._statements[file] = found
        return self._statements[file].get(name, [])


def decorators(statement: r.DefineFunction | r.DefineClass) -> tuple[r.Expression, ...]:
    """The decorators of a definition."""
    if isinstance(statement, r.DefineFunction):
        return statement.function.decorators
    return statement.definition.decorators


def last_name(expression: r.Expression) -> str:
    """``register`` for ``app.register("x")``; "" where there is no name."""
    while isinstance(expression, r.Call):
        expression = expression.callee
    return expression.name if isinstance(expression, r.Name | r.Attribute) else ""


def _called(expression: r.Expression) -> Iterator[str]:
    """The last names of everything that an expression calls."""
    stack: list[object] = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(node)
        elif isinstance(node, r.Record) and not isinstance(node, r.Function):
            if isinstance(node, r.Call):
                yield last_name(node)
            stack.extend(getattr(node, field) for field in node.__struct_fields__)
