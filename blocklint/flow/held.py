"""What the containers hold that attributes and module names keep, from all that fill them.

The bodies that fill them are not interpreted for it: each statement is evaluated by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.binding import literal
from blocklint.flow.containers import contents, filling, grown, is_container, is_open, tells
from blocklint.flow.edges import Arguments
from blocklint.flow.filling import added_by_method, everything_in, from_root
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.flow.state import file_of, is_same
from blocklint.project.uses import Filling, Place
from blocklint.project.values import Activation, ClassObject, Mapping, Value, Values

MOST_FILLERS = 40
"""A name that more functions fill says nothing about any container."""


def with_module_fillings(
    inference: Inference, file: str, name: str, values: Values, by_functions: bool = False
) -> Values:
    """A module name's values, with what is put (``by_functions`` only?) into those that are containers."""
    if any(map(is_container, values)):
        for where, function in _fillers(inference, file, name):
            if by_functions and function.name == "<module>":
                continue
            if _means(inference, where, function, file, name):
                for added in _added(inference, where, function, name, None):
                    values = grown(values, added)
    return values


def with_attribute_fillings(
    inference: Inference, owner: Value, name: str, values: Values
) -> Values:
    """An attribute's values, with what is put into those that are containers."""
    if any(map(is_container, values)):
        for where, function in _fillers(inference, file_of(owner), f".{name}"):
            for added in _added(inference, where, function, f".{name}", owner):
                values = grown(values, added)
    return values


def fillings_of_outer(
    inference: Inference, activation: Activation, name: str
) -> tuple[Mapping, ...]:
    """What a nested function puts into the container that a name of an outer one holds."""
    frame = LazyFrame(inference, activation)
    return tuple(filter(tells, _in_body(frame, activation.function, name, None)))


def _fillers(inference: Inference, file: str, name: str) -> list[Place]:
    found = inference.project.near(file).uses.fillers(name)
    return found if len(found) <= MOST_FILLERS else []


def _means(inference: Inference, where: str, function: r.Function, file: str, name: str) -> bool:
    """Whether a name in a function is that of a module: its own, or imported from it."""
    if function.name != "<module>" and name in function.bound:
        return False
    if where == file:
        return True
    return any(
        isinstance(binding.statement, r.Import)
        and inference.project.import_base(where, binding.statement.level, binding.statement.module)
        == file
        for binding in inference.project.bindings[where].get(name, ())
    )


def _added(
    inference: Inference, file: str, function: r.Function, name: str, owner: Value | None
) -> list[Mapping]:
    """What a function puts into a container; its callers are asked what its parameters are."""
    if function.name == "<module>":
        return list(filter(tells, _in_body(ScopeFrame(inference, file), function, name, owner)))
    found = _by_activations(inference, inference.activations(file, function), name, owner)
    known = list(filter(_keeps, found))
    registers = function.name.endswith("__init_subclass__")
    if registers or any(is_open(value) for added in found for value in contents(added)):
        callers = inference.activations_by_callers(file, function)
        told = list(filter(_keeps, _by_activations(inference, callers, name, owner)))
        return [*known, *told] if registers else told or known
    return known


def _keeps(added: Mapping) -> bool:
    """Whether a filling is worth keeping: an empty container may be filled by another statement."""
    return tells(added) or any(map(is_container, contents(added)))


def _by_activations(
    inference: Inference, activations: tuple[Activation, ...], name: str, owner: Value | None
) -> list[Mapping]:
    return [
        added
        for activation in activations
        for added in _in_body(LazyFrame(inference, activation), activation.function, name, owner)
    ]


def _in_body(
    frame: Frame, function: r.Function, name: str, owner: Value | None
) -> Iterator[Mapping]:
    """What one body puts into the container of a name, or of an attribute of ``owner``."""
    for filled in frame.inference.project.uses.fillings(function).get(name, ()):
        if owner is None or _is_of(frame, filled.root, owner):
            added = _put(frame, filled)
            if added is not None:
                yield added


def _is_of(frame: Frame, root: r.Expression, owner: Value) -> bool:
    """Whether an attribute is one of ``owner``: what a subclass fills is its base's container."""
    assert isinstance(root, r.Attribute)
    receivers = frame.inference.evaluate(frame, root.value)
    return any(
        is_same(frame.inference, receiver, owner)
        or (type(receiver) is type(owner) is ClassObject and is_same(frame.inference, owner, receiver))
        for receiver in receivers
    )


def _put(frame: Frame, filled: Filling) -> Mapping | None:
    """What one statement puts into the outermost container."""
    evaluate = frame.inference.evaluate
    match filled.node:
        case r.Call(callee=r.Attribute(name=method), arguments=positional, keywords=keywords):
            given = Arguments(
                tuple(evaluate(frame, argument) for argument in positional),
                tuple((k.name, evaluate(frame, k.value)) for k in keywords if k.name),
            )
            added = added_by_method(frame, method, given)
        case r.Subscript(index=index):
            added = filling(literal(evaluate(frame, index)), evaluate(frame, filled.item))
        case _:
            added = everything_in(evaluate(frame, filled.item))
    return from_root(frame, filled.container, added) if added is not None else None
