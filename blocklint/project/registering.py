"""Calls outside of coroutines that start a loop, set an application up or tell a library what to run."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.project.uses import last_name


class Registering:
    """Tells which functions and module bodies make such calls.

    ``names`` are the last parts of their names, or the last two for those that are called like others:
    ``web.get`` counts in a module's body only, and ``on_startup.append`` in functions as well, since it
    fills a container. ``@get`` counts as a decorator and ``ui.*`` as all that is called on a name, in a
    module's body.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self._decorators = frozenset(name[1:] for name in names if name.startswith("@"))
        self._names = frozenset(name for name in names if "." not in name and not name.startswith("@"))
        self._roots = frozenset(name[:-2] for name in names if name.endswith(".*"))
        self._chains = frozenset(name for name in names if "." in name and not name.endswith(".*"))
        pairs = [name.rsplit(".", 2)[-2:] for name in self._chains]
        self._ends = self._decorators.union(end for _, end in pairs)
        self._owners = frozenset(owner for owner, _ in pairs)
        self._fills = frozenset(f".{owner}" for owner, end in pairs if end in r.FILLING)

    def is_in(self, function: r.Function) -> bool:
        """Whether a body makes such a call itself."""
        if not self._names.isdisjoint(function.called):
            return True
        if self._roots and function.name == "<module>" and not self._roots.isdisjoint(function.bound):
            return True
        if self._ends.isdisjoint(function.called):
            return False
        # Lists are filled nearly everywhere: that this one is stands in the facts.
        if self._fills and not self._fills.isdisjoint(function.filled):
            return True
        if function.name != "<module>":
            return False
        if not self._decorators.isdisjoint(function.called):
            return True
        if self._owners.isdisjoint(function.bound):
            return False
        return any(map(self.is_one, expressions(function.body)))

    def is_one(self, expression: r.Expression, decorates: bool = False) -> bool:
        """Whether an expression, perhaps a decorator, is such a call."""
        if type(expression) is not r.Call:
            return False
        name = last_name(expression)
        if name in self._names or (decorates and name in self._decorators):
            return True
        if self._roots and not decorates and _root(expression) in self._roots:
            return True
        callee = expression.callee
        if name in self._ends and type(callee) is r.Attribute:
            return f"{last_name(callee.value)}.{name}" in self._chains
        return False


def _root(expression: r.Expression) -> str:
    """``ui`` for ``ui.label("x").on("click", f)``, "" where a chain does not begin with a name."""
    while True:
        if type(expression) is r.Call:
            expression = expression.callee
        elif type(expression) is r.Attribute:
            expression = expression.value
        else:
            return expression.name if type(expression) is r.Name else ""
