"""Whether a value is true, and whether it may be None: what tests for both rely on.

Objects are only taken for certain where they are arguments: a caller has passed them. What is read
from attributes, modules and libraries may be None without our knowing.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.project.values import (
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Literal,
    Suspended,
    Value,
)

OBJECTS = frozenset({Instance, LibraryInstance, FunctionObject, ClassObject, Suspended})
"""Values that are never None."""

EMPTIABLE = frozenset(
    {"builtins", "collections", "typing", "array", "decimal", "fractions", "datetime", "numbers", "queue"}
    | {"requests", "numpy", "pandas", "polars", "torch", "xml", "lxml", "bs4", "multidict", "pyarrow"}
)
"""Packages whose objects may be false: numbers, containers, a response that says what went wrong."""


def truth(frame: Frame, name: str, value: Value) -> bool | None:
    """Whether the value of a name is true, None if that is not known."""
    kind = type(value)
    if kind is Literal:
        return bool(value.value)  # type: ignore[attr-defined]
    if kind not in OBJECTS or not is_argument(frame, name):
        return None
    return True if _is_always_true(frame.inference, value) else None


def is_argument(frame: Frame, name: str) -> bool:
    """Whether a name is a parameter of the function that is interpreted."""
    activation = frame.activation
    return activation is not None and name in [p.name for p in activation.function.parameters]


def may_be_none(frame: Frame, name: str, value: Value) -> bool:
    """Whether the value of a name may be None."""
    kind = type(value)
    if kind is Literal:
        return value.value is None  # type: ignore[attr-defined]
    return kind not in OBJECTS or not is_argument(frame, name)


def _is_always_true(inference: Inference, value: Value) -> bool:
    match value:
        case LibraryInstance(name=name):
            return name.partition(".")[0] not in EMPTIABLE
        case Instance(cls=cls, exact=exact):
            order = inference.mro(cls)
            names = inference.project.truth_methods
            if names and not exact:
                order = (*order, *inference.subclasses(cls))
            return not any(
                c.partition(".")[0] in EMPTIABLE and c != "builtins.object"
                if isinstance(c, str)
                else any(name in inference.project.class_bindings[c.definition] for name in names)
                for c in order
            )
        case _:
            return True


def never(test: r.Expression, truth: bool) -> bool:
    """Whether a test without names cannot come out as ``truth``: ``if False:``, ``while True:``."""
    return type(test) is r.Constant and bool(test.value) is not truth and test.value is not None
