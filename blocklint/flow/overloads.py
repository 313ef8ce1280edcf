"""Overloads: the stubs say what a function returns where its implementation does not."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.attributes import as_library
from blocklint.flow.base import Inference
from blocklint.flow.binding import bind
from blocklint.flow.edges import Arguments
from blocklint.project.values import (
    NOTHING,
    FunctionObject,
    LibraryInstance,
    Literal,
    Values,
    gather,
)


def overloaded(inference: Inference, function: FunctionObject, arguments: Arguments) -> Values:
    """What the overloads that fit a call return, () for a function that has none."""
    stubs = inference.project.overloads[function.file].get(function.function.name)
    if stubs is None:
        return NOTHING
    return gather(
        inference.declared_result(function.file, stub, function.closure, function.owner)
        for stub in stubs
        if stub.returns is not None and _fits(inference, function, stub, arguments)
    )


def _fits(
    inference: Inference, function: FunctionObject, stub: r.Function, arguments: Arguments
) -> bool:
    """Whether no argument contradicts a stub's annotation."""
    bound = FunctionObject(function.file, stub, function.closure, function.receiver, function.owner)
    given = bind(bound, arguments)
    plain = FunctionObject(function.file, stub, function.closure, None, function.owner)
    hints = inference.signature(plain).hints
    return not any(
        _contradicts(parameter.annotation, instances(hint), given.get(parameter.name, NOTHING))
        for parameter, hint in zip(stub.parameters, hints, strict=False)
    )


def _contradicts(annotation: r.Expression | None, declared: Values, given: Values) -> bool:
    if len(given) != 1 or annotation is None:
        return False
    constants = _literals(annotation)
    if constants is not None:
        return isinstance(given[0], Literal) and given[0].value not in constants
    plain = as_library(given[0]) or given[0]
    if not isinstance(plain, LibraryInstance) or not plain.name.startswith("builtins."):
        return False
    names = {v.name for v in declared if isinstance(v, LibraryInstance)}
    builtin = len(names) == len(declared) and all(n.startswith("builtins.") for n in names)
    return bool(names) and builtin and plain.name not in names


def _literals(annotation: r.Expression) -> set[bool | int | str | None] | None:
    """The constants of ``Literal["a", "b"]``, None for any other annotation.

    Strings in annotations are lowered as the expressions they may be: here they are texts.
    """
    match annotation:
        case r.Subscript(value=r.Name(name="Literal") | r.Attribute(name="Literal"), index=index):
            items = index.items if isinstance(index, r.Collection) else (index,)
            if not all(isinstance(item, r.Constant | r.Name) for item in items):
                return None
            return {item.value if isinstance(item, r.Constant) else item.name for item in items
                    if isinstance(item, r.Constant | r.Name)}
        case _:
            return None
