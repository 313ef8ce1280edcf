"""Who calls, decorates with and fills what, by name: indexes over a whole project."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.project.scopes import scope_statements

Place = tuple[str, r.Function]
Decorated = tuple[str, r.DefineFunction | r.DefineClass]


class Filling(msgspec.Struct, frozen=True, eq=False):
    """A place where something is put into a container.

    ``node`` is the call of a filling method, the subscript that is assigned, or the target of an
    augmented assignment; ``item`` what is assigned; ``root`` the name or attribute that holds the
    outermost container.
    """

    node: r.Expression
    container: r.Expression
    item: r.Expression
    root: r.Expression


class Uses:
    """Indexes by the last part of a name; module bodies are functions called ``<module>``.

    Each is made when it is first asked for. ``places`` are the functions of the project.
    """

    def __init__(self, modules: Mapping[str, r.ModuleFacts], places: Sequence[Place]) -> None:
        self._modules = modules
        self._places = places
        self._read: dict[r.Loop, frozenset[str]] = {}
        self._fillings: dict[r.Function, dict[str, list[Filling]]] = {}
        self._calls: dict[r.Function, dict[str, list[r.Call]]] = {}

    def callers(self, name: str) -> list[Place]:
        """The functions that call something of this name."""
        return self._callers.get(name, [])

    def fillers(self, name: str) -> list[Place]:
        """The functions that put something into a container of this name (".name": attribute)."""
        return self.filled.get(name, [])

    def decorated(self, name: str) -> list[Decorated]:
        """The definitions outside of functions with a decorator of this name."""
        return self._decorated.get(name, [])

    def names_read(self, loop: r.Loop) -> frozenset[str]:
        """The names that a loop reads, those that it only fills left out."""
        if loop not in self._read:
            self._read[loop] = frozenset(_names_read(loop))
        return self._read[loop]

    def fillings(self, function: r.Function) -> dict[str, list[Filling]]:
        """Where a body puts something into a container, by its root: "name" or ".attribute"."""
        if function not in self._fillings:
            found: dict[str, list[Filling]] = {}
            for statement in scope_statements(function.body):
                for filling in _fillings(statement):
                    found.setdefault(filled_root(filling.container), []).append(filling)
            self._fillings[function] = found
        return self._fillings[function]

    @functools.cached_property
    def _callers(self) -> dict[str, list[Place]]:
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self._places:
            for name in place[1].called:
                found[name].append(place)
        return found

    @functools.cached_property
    def filled(self) -> dict[str, list[Place]]:
        """The functions that put something into a container, by its name."""
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
                if type(statement) is r.DefineFunction or type(statement) is r.DefineClass:
                    for decorator in decorators(statement):
                        found[last_name(decorator)].append((file, statement))
        return found

    @functools.cached_property
    def class_decorators(self) -> frozenset[str]:
        """The last names of the decorators of classes."""
        return frozenset(
            name
            for name, listed in self._decorated.items()
            if any(isinstance(statement, r.DefineClass) for _, statement in listed)
        )

    @functools.cached_property
    def annotated(self) -> frozenset[str]:
        """The names that modules give to an ``Annotated[…]``."""
        return frozenset(
            target.name
            for facts in self._modules.values()
            if "Annotated" in facts.body.bound or "typing" in facts.body.bound
            for statement in facts.body.body
            if type(statement) is r.Assign
            and type(statement.value) is r.Subscript
            and last_name(statement.value.value) == "Annotated"
            for target in statement.targets
            if type(target) is r.Name
        )

    def calls(self, function: r.Function, name: str) -> list[r.Call]:
        """The calls by a name that a body makes, those of functions inside it left out."""
        if function not in self._calls:
            found: defaultdict[str, list[r.Call]] = defaultdict(list)
            for call in _calls(function.body):
                found[last_name(call)].append(call)
            self._calls[function] = found
        return self._calls[function].get(name, [])


def decorators(statement: r.DefineFunction | r.DefineClass) -> tuple[r.Expression, ...]:
    """The decorators of a definition."""
    if isinstance(statement, r.DefineFunction):
        return statement.function.decorators
    return statement.definition.decorators


def last_name(expression: r.Expression) -> str:
    """``register`` for ``app.register("x")``; "" where there is no name."""
    while type(expression) is r.Call:
        expression = expression.callee
    return expression.name if type(expression) is r.Name or type(expression) is r.Attribute else ""


def _root(container: r.Expression) -> r.Expression:
    """``x`` for ``x[key].setdefault(other, [])``: what holds the outermost container."""
    while True:
        match container:
            case r.Subscript(value=inner):
                container = inner
            case r.Call(callee=r.Attribute(value=inner, name="setdefault")):
                container = inner
            case _:
                return container


def filled_root(container: r.Expression) -> str:
    """The name that holds a container, ".name" for an attribute, "" for anything else."""
    match _root(container):
        case r.Name(name=name):
            return name
        case r.Attribute(name=name):
            return f".{name}"
        case _:
            return ""


def _fillings(statement: r.Statement) -> Iterator[Filling]:
    match statement:
        case r.Evaluate(value=value) | r.Return(value=value) | r.Assign(value=value):
            if type(value) is r.Await:  # ``await queue.put(x)``
                value = value.value
            if (
                isinstance(value, r.Call)
                and isinstance(value.callee, r.Attribute)
                and value.callee.name in r.FILLING
            ):
                holder = value.callee.value
                yield Filling(value, holder, value, _root(holder))
        case _:
            return
    if isinstance(statement, r.Assign) and value is not None:
        for target in statement.targets:
            if isinstance(target, r.Subscript):
                yield Filling(target, target.value, value, _root(target.value))
            elif statement.operator in ("+", "|"):
                yield Filling(target, target, value, _root(target))


def _names_read(loop: r.Loop) -> Iterator[str]:
    stack: list[object] = [loop.iterable, *loop.body]
    while stack:
        node = stack.pop()
        if type(node) is tuple:
            stack.extend(node)
        elif type(node) is r.Name:
            yield node.name
        elif type(node) is r.Evaluate and _is_filling(node.value):
            assert isinstance(node.value, r.Call)
            stack += [node.value.arguments, node.value.keywords]
        elif type(node) not in _LEAVES and isinstance(node, r.Record):
            stack += [getattr(node, field) for field in node.__struct_fields__ if field != "span"]


def _is_filling(value: r.Expression) -> bool:
    """``rows.append(x)`` as a statement."""
    match value:
        case r.Call(callee=r.Attribute(name=method, value=r.Name())):
            return method in r.FILLING
        case _:
            return False


_LEAVES = frozenset({str, int, bool, type(None), r.Name, r.Constant})
"""What has no parts: cheaper to ask than whether it is a record."""


def _calls(body: tuple[r.Statement, ...]) -> Iterator[r.Call]:
    """Every call in a body, in classes inside it as well."""
    stack: list[object] = [body]
    while stack:
        node = stack.pop()
        if type(node) is tuple:
            stack.extend(node)
        elif type(node) not in _LEAVES and type(node) is not r.Function and isinstance(node, r.Record):
            if type(node) is r.Call:
                yield node
            stack += [getattr(node, field) for field in node.__struct_fields__ if field != "span"]
