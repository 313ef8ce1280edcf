"""Of which classes values are: what ``isinstance`` and ``type(x) is`` tell."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.base import Frame, Inference
from blocklint.project.values import (
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Literal,
    Tuple,
    Unknown,
    Value,
    Values,
    gather,
)


def of_classes(
    frame: Frame, values: Values, types: r.Expression, truth: bool
) -> Values | None:
    """Which of some values are (or are not) instances of the classes of an ``isinstance``.

    None where the classes are not known.
    """
    wanted = classes_named(frame, types)
    if any(isinstance(value, Unknown) for value in wanted) or not wanted:
        return None
    inference = frame.inference
    matching = tuple(v for v in values if any(is_a(inference, v, w) for w in wanted))
    if not truth:
        return tuple(v for v in values if v not in matching)
    if matching or (values and all(is_no(inference, v, w) for v in values for w in wanted)):
        return matching
    return wanted


def classes_named(frame: Frame, types: r.Expression) -> Values:
    """Instances of the classes that a test names, a tuple of them perhaps."""
    values = frame.inference.evaluate(frame, types)
    flat = gather(
        gather(v.items) if isinstance(v, Tuple) else (v,) for v in values
    )
    return instances(flat)


def is_a(inference: Inference, value: Value, wanted: Value) -> bool:
    """Whether a value is certainly an instance of the wanted one's class."""
    match value, wanted:
        case Instance(cls=cls), Instance(cls=other):
            definitions = [c.definition for c in inference.mro(cls) if not isinstance(c, str)]
            return other.definition in definitions
        case Instance(cls=cls), LibraryInstance(name=name):
            return name in inference.mro(cls)
        case LibraryInstance(name=name), LibraryInstance(name=other_name):
            return inference.catalog.is_subclass(name, other_name)
        case Literal(value=constant), LibraryInstance(name=name):
            return f"builtins.{type(constant).__name__}" == name
        case _:
            return False


def is_no(inference: Inference, value: Value, wanted: Value) -> bool:
    """Whether a value is certainly no instance of the wanted one's class, one of the project."""
    if not isinstance(wanted, Instance) or type(value) not in FIXED:
        return False
    if isinstance(value, Instance) and not value.exact:
        return False
    order = inference.mro(wanted.cls)
    return "typing.Protocol" not in order and not is_a(inference, value, wanted)


FIXED = frozenset({Instance, Literal, FunctionObject, ClassObject})
