"""What keeps the domain finite: which values matter as arguments, and how deeply they nest."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from blocklint.project.values import (
    CALLERS,
    NONE,
    NOTHING,
    Activation,
    ClassObject,
    Deferred,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Mapping,
    Module,
    Suspended,
    Tuple,
    TypeForm,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
)

DEEPEST_VALUE = 4


def matters(value: Value) -> bool:
    """Whether a value, passed as an argument, can change what the callee does."""
    kind = type(value)
    if kind in TELLING_NOTHING:
        return False
    if kind not in CONTAINERS:
        return True
    parts: Any = value
    if kind is LibraryInstance:
        if not parts.name.startswith("builtins."):
            return bool(parts.name != "collections.abc.Callable")
        return any(map(matters, chain.from_iterable(parts.arguments)))
    if kind is Tuple:
        return any(map(matters, chain.from_iterable(parts.items)))
    if kind is Mapping:
        return any(map(matters, chain(parts.others, *[values for _, values in parts.items])))
    return bool(parts.calls) or any(map(matters, parts.items))


CONTAINERS = frozenset({LibraryInstance, Tuple, Mapping, Deferred})
TELLING_NOTHING = frozenset({Unknown, Literal})


def depth_of(value: Value) -> int:
    """How deeply a value is nested: 1 for one without parts."""
    if type(value) is Instance and not value.fields and value.cls.closure is None:
        return 1  # the common cases first
    if type(value) is LibraryInstance and not value.arguments:
        return 1
    measure = _DEPTHS.get(type(value))
    return 1 if measure is None else measure(value)


def _of_instance(value: Instance) -> int:
    return 1 + max([0, *(deepest(v) for _, v in value.fields), _closure(value.cls.closure)])


def _of_arguments(value: LibraryInstance | Library) -> int:
    # A list's elements by position are its elements once more.
    parts = value.arguments[:1] if value.name == "builtins.list" else value.arguments
    return 1 + max([0, *map(deepest, parts)]) if parts else 1


def _of_function(value: FunctionObject) -> int:
    # A closure is as deep as the activation that made it: four decorators, not two.
    return max(1, _closure(value.closure), depth_of(value.receiver) if value.receiver else 1)


def _of_wrapper(value: Wrapper) -> int:
    parts = [value.target, *value.positional, *(v for _, v in value.keywords)]
    return 1 + max(map(deepest, parts))


def _of_mapping(value: Mapping) -> int:
    return 1 + max([deepest(value.others), *[deepest(v) for _, v in value.items]])


def _of_method(value: LibraryMethod) -> int:
    # Recursion may go one attribute deeper each time: f(x.text) in f(x).
    return depth_of(value.receiver) + value.path.count(".")


_DEPTHS: dict[type, Callable[[Any], int]] = {
    Instance: _of_instance,
    LibraryInstance: _of_arguments,
    Library: _of_arguments,
    FunctionObject: _of_function,
    Suspended: lambda value: 1 + value.activation.depth,
    Wrapper: _of_wrapper,
    Tuple: lambda value: 1 + max([0, *map(deepest, value.items)]),
    Mapping: _of_mapping,
    LibraryMethod: _of_method,
    ClassObject: lambda value: 1 + _closure(value.closure),
    TypeForm: lambda value: 1 + deepest(value.instances),
    Deferred: lambda value: 1 + deepest(value.items),
}


def _closure(activation: Activation | None) -> int:
    return 0 if activation is None else activation.depth


def deepest(values: Values) -> int:
    """The depth of the most deeply nested member."""
    if len(values) == 1:
        return depth_of(values[0])
    return max(map(depth_of, values), default=0)


def shallow(values: Values) -> Values:
    """The members, those nested too deeply as Unknown: what is kept must not grow without end."""
    for value in values:
        if type(value) not in FLAT and depth_of(value) > DEEPEST_VALUE:
            return gather(
                (Unknown("nested too deeply"),) if depth_of(v) > DEEPEST_VALUE else (v,)
                for v in values
            )
    return values


FLAT = frozenset({Unknown, Literal, Module})


def bounded(values: Values) -> Values:
    """The members that matter as an argument; what is nested too deeply becomes Unknown.

    That there are others beside them is kept, without telling which.
    """
    if len(values) == 1:  # by far the most
        if not matters(values[0]):
            return NOTHING
        return values if depth_of(values[0]) <= DEEPEST_VALUE else (Unknown("nested too deeply"),)
    kept = tuple([value for value in values if matters(value)])
    if kept and deepest(kept) > DEEPEST_VALUE:
        return (Unknown("nested too deeply"),)
    if not kept or len(kept) == len(values):
        return kept
    if CALLERS in values:
        return (*kept, CALLERS)
    if NONE in values:
        kept = (*kept, NONE)
    return kept if len(kept) == len(values) else (*kept, OTHERS)


OTHERS = Unknown("other values")
