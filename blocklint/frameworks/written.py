"""What expressions say in words, where they are written: paths, prefixes, lists of routes.

Values tell what an object is, not how its text was put together. So names are followed to what
they are bound to, parameters to what their callers give, until there is text.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.memo import Memo
from blocklint.project.scopes import Binding, scope_statements
from blocklint.project.values import (
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    Literal,
    Module,
    Value,
)

UNKNOWN_TEXT = "…"
"""Stands for a part of a text that is not known."""

_DEEPEST = 8
"""Through more names and callers than this nothing is followed."""


_WITH_VALUE = frozenset({r.Evaluate, r.Assign, r.Return})


class Place:
    """A body in which something is written: a function's, or a module's (``<module>``)."""

    __slots__ = ("activation", "file", "frame", "function")

    def __init__(
        self,
        frame: ScopeFrame,
        file: str,
        function: r.Function,
        activation: Activation | None,
    ) -> None:
        self.frame = frame
        self.file = file
        self.function = function
        self.activation = activation

    @property
    def is_module(self) -> bool:
        """Whether this is the body of a module."""
        return self.activation is None


Written = tuple[Place, r.Expression]


class Writing:
    """Follows the expressions of one project."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self._project = inference.project
        self._given: dict[tuple[r.Function, str], list[Written]] = {}
        self._calls: Memo[tuple[str, r.Function], dict[str, list[r.Call]]] = Memo(_calls)
        self.places: Memo[tuple[str, r.Function], Place] = Memo(self._place)
        """Bodies by file and function."""

    def _place(self, place: tuple[str, r.Function]) -> Place:
        file, function = place
        if function.name == "<module>":
            return Place(ScopeFrame(self.inference, file), file, function, None)
        (activation,) = self.inference.activations(file, function)
        return Place(LazyFrame(self.inference, activation), file, function, activation)

    def module(self, file: str) -> Place:
        """The body of a module."""
        return self.places[file, self._project.modules[file].body]

    def calls(self, name: str) -> Iterator[tuple[Place, r.Call]]:
        """Every call by a name (its last part), with the body that makes it."""
        uses = self._project.uses
        for file, function in uses.callers(name):
            for call in uses.calls(function, name):
                yield self.places[file, function], call

    def statements(self, name: str) -> Iterator[tuple[Place, r.Call]]:
        """The calls by a name that are statements, or all of what one assigns or returns.

        Applications are set up by such: they are found without looking into every expression.
        """
        for place in self._project.uses.callers(name):
            for call in self._calls[place].get(name, ()):
                yield self.places[place], call

    # -------------------------------------------------------------- following

    def followed(self, place: Place, expression: r.Expression) -> Written:
        """What an expression stands for, through names and the arguments of the only caller."""
        for _ in range(_DEEPEST):
            step = self._step(place, expression)
            if step is None:
                break
            place, expression = step
        return place, expression

    def _step(self, place: Place, expression: r.Expression) -> Written | None:
        if isinstance(expression, r.Name):
            given = self.given(place, expression.name)
            if given:
                return given[0] if len(given) == 1 else None
            return self._bound(place, expression.name)
        if isinstance(expression, r.Attribute):
            for value in self.inference.evaluate(place.frame, expression.value):
                if isinstance(value, Module) and value.file in self._project.modules:
                    return self._bound(self.module(value.file), expression.name)
                found = self._field(value, expression.name)
                if found is not None:
                    return found
        return None

    def _field(self, value: Value, name: str) -> Written | None:
        """What the body of an object's class gives a name."""
        cls = value.cls if isinstance(value, Instance) else value
        for owner in self.inference.mro(cls) if isinstance(cls, ClassObject) else ():
            if isinstance(owner, ClassObject):
                listed = self._project.class_bindings[owner.definition].get(name, ())
                for binding in listed[-1:]:
                    if binding.value is not None and not binding.path:
                        return self.module(owner.file), binding.value
        return None

    def _bound(self, place: Place, name: str, depth: int = 0) -> Written | None:
        activation = place.activation
        while activation is not None:
            if name in activation.function.bound:
                inner = self.places[place.file, activation.function]
                listed = self._project.function_bindings[activation.function].get(name, [])
                return self._binding(inner, listed, depth)
            activation = activation.closure
        return self._binding(self.module(place.file), self._project.bindings[place.file].get(name, []), depth)

    def _binding(self, place: Place, listed: list[Binding], depth: int) -> Written | None:
        if not listed:
            return None
        binding = listed[-1]
        if binding.kind == "assign" and binding.value is not None and not binding.path:
            return place, binding.value
        statement, alias = binding.statement, binding.imported
        if alias is None or not isinstance(statement, r.Import) or not statement.is_from:
            return None
        base = self._project.import_base(place.file, statement.level, statement.module)
        if base not in self._project.modules or depth > _DEEPEST:
            return None
        return self._bound(self.module(base), alias.name, depth + 1)

    def given(self, place: Place, name: str) -> list[Written]:
        """What the callers of a function give its parameter: the arguments as they are written."""
        key = place.function, name
        if key not in self._given:
            self._given[key] = self._arguments(place, name)
        return self._given[key]

    def _arguments(self, place: Place, name: str) -> list[Written]:
        function = place.function
        parameters = [p for p in function.parameters if p.kind in ("positional", "normal", "keyword")]
        names = [parameter.name for parameter in parameters]
        if place.is_module or name not in names:
            return []
        position = names.index(name) - (1 if function.owner else 0)
        last = function.name.rpartition(".")[2]
        called = function.owner.rpartition(".")[2] if last == "__init__" else last
        found = []
        for caller, call in self.calls(called):
            if caller.function is not function and self._means(caller, call, place):
                argument = argument_of(call, position, name)
                if argument is not None:
                    found.append((caller, argument))
        return found

    def _means(self, caller: Place, call: r.Call, place: Place) -> bool:
        """Whether a call runs a function, as its constructor perhaps."""
        for value in self.inference.evaluate(caller.frame, call.callee):
            if isinstance(value, FunctionObject) and value.function is place.function:
                return True
            if isinstance(value, ClassObject) and value.file == place.file:
                if value.definition.name == place.function.owner:
                    return True
        return False

    # ------------------------------------------------------------------- text

    def text(self, place: Place, expression: r.Expression | None, depth: int = 0) -> str:
        """The text that an expression gives, "…" for what is not known of it."""
        if expression is None:
            return ""
        if type(expression) is r.Constant:
            return expression.value if type(expression.value) is str else UNKNOWN_TEXT
        if isinstance(expression, r.FormattedString):
            return self._joined(place, expression.parts, depth)
        if isinstance(expression, r.Operator) and set(expression.operators) == {"+"}:
            return self._joined(place, expression.operands, depth)
        known = {
            value.value
            for value in self.inference.evaluate(place.frame, expression)
            if isinstance(value, Literal) and isinstance(value.value, str)
        }
        if len(known) == 1:
            return known.pop()
        where, what = self.followed(place, expression)
        return UNKNOWN_TEXT if what is expression or depth > _DEEPEST else self.text(where, what, depth + 1)

    def _joined(self, place: Place, parts: tuple[r.Expression, ...], depth: int) -> str:
        if depth > _DEEPEST:
            return UNKNOWN_TEXT
        return "".join(self.text(place, part, depth + 1) for part in parts)

    def texts(self, place: Place, expression: r.Expression | None) -> list[str]:
        """The texts in a list, tuple or set display."""
        if expression is None:
            return []
        where, what = self.followed(place, expression)
        return [self.text(where, item) for item in what.items] if isinstance(what, r.Collection) else []


def _calls(place: tuple[str, r.Function]) -> dict[str, list[r.Call]]:
    """The calls in a body that are statements or all of what one assigns or returns, by name."""
    found: dict[str, list[r.Call]] = {}
    for statement in scope_statements(place[1].body):
        if type(statement) in _WITH_VALUE:
            value = statement.value  # type: ignore[union-attr]
            if type(value) is r.Call:
                found.setdefault(getattr(value.callee, "name", ""), []).append(value)
    return found


def argument_of(call: r.Call, position: int | None, keyword: str) -> r.Expression | None:
    """The expression of an argument, None where it is not written."""
    for pair in call.keywords:
        if pair.name == keyword:
            return pair.value
    if position is None or not 0 <= position < len(call.arguments):
        return None
    if position == 0:
        return call.arguments[0] if type(call.arguments[0]) is not r.Starred else None
    if r.Starred in map(type, call.arguments[: position + 1]):
        return None
    return call.arguments[position]
