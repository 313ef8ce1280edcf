"""Which attributes the code of a body or class sets."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.project.scopes import scope_statements

Stores = dict[str, list[tuple[r.Expression, r.Expression]]]


def stores(function: r.Function) -> Stores:
    """The attributes that a body (of a function or module) sets: object and value, by name.

    argparse's ``parser.set_defaults(name=value)`` sets those of what is parsed: of what the parser makes.
    """
    found: Stores = {}
    for statement in scope_statements(function.body):
        if type(statement) is r.Assign and statement.value is not None:
            for target in statement.targets:
                if type(target) is r.Attribute:
                    found.setdefault(target.name, []).append((target.value, statement.value))
        elif type(statement) is r.Evaluate:
            match statement.value:
                case r.Call(
                    callee=r.Name(name="setattr"),
                    arguments=(owner, r.Constant(value=str() as name), value),
                ):
                    found.setdefault(name, []).append((owner, value))
                case r.Call(callee=r.Attribute(value=owner, name="set_defaults"), keywords=given):
                    for keyword in given:
                        found.setdefault(keyword.name or "", []).append((owner, keyword.value))
                case _:
                    pass
    return found


def storing_methods(definition: r.Class) -> dict[str, list[r.Function]]:
    """The methods of a class that set attributes, by attribute."""
    found: dict[str, list[r.Function]] = {}
    for statement in definition.body:
        if type(statement) is r.DefineFunction:
            for name in statement.function.stored:
                found.setdefault(name, []).append(statement.function)
    return found
