"""The functions of a module and the scopes around them."""

from __future__ import annotations

import msgspec

from blocklint.facts import records as r
from blocklint.project.scopes import definitions


class Definition(msgspec.Struct, frozen=True, eq=False):
    """A function of a module and the names of the scopes around it, outermost first."""

    file: str
    function: r.Function
    enclosing: tuple[r.Function | r.Class, ...]


def definitions_of(file: str, facts: r.ModuleFacts) -> list[Definition]:
    """The functions of a module at any depth, in source order, with the scopes around them."""
    found: list[Definition] = []
    scopes: dict[str, tuple[r.Function | r.Class, ...]] = {"": ()}
    for statement in definitions(facts.body.body):
        inner: r.Function | r.Class
        if isinstance(statement, r.DefineFunction):
            inner = statement.function
        else:
            inner = statement.definition
        enclosing = scopes.get(inner.name.rpartition(".")[0], ())
        scopes[inner.name] = (*enclosing, inner)
        if type(inner) is r.Function:
            found.append(Definition(file, inner, enclosing))
    return found
