"""Parameters that name an attribute: the constant that they are given tells what is called."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.facts.walk import expressions


def attribute_names(function: r.Function) -> frozenset[str]:
    """The parameters of a function that it hands to ``getattr`` as the name."""
    if "getattr" not in function.called:
        return frozenset()
    parameters = {parameter.name for parameter in function.parameters}
    found = set()
    for expression in expressions(function.body):
        match expression:
            case r.Call(callee=r.Name(name="getattr"), arguments=(_, r.Name(name=name), *_)):
                found.add(name)
            case _:
                pass
    return frozenset(found & parameters)
