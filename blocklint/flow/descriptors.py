"""Descriptors of the project: attributes of a class whose own methods say what reading them gives."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.classes import bind, find_member
from blocklint.flow.edges import NO_ARGUMENTS, CallSite
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Value,
    Values,
    Wrapper,
    gather,
)


def accessor(
    inference: Inference, descriptor: Instance, given: tuple[Value, ...], name: str
) -> Values:
    """What reading (``__get__``) or setting (``__set__``) an attribute calls on a descriptor.

    ``given``: the object that has it, for ``__get__`` with its class.
    """
    found = find_member(inference, descriptor.cls, name)
    if found is None or isinstance(found[0], str):
        return _kept_function(inference, descriptor, given) if name == "__get__" else NOTHING
    bound = bind(found[1], descriptor, found[0])
    return (Wrapper("partial", bound, tuple((value,) for value in given)),)


PROPERTIES = {"builtins.property": "fget", "functools.cached_property": "func"}


def _kept_function(inference: Inference, descriptor: Instance, given: tuple[Value, ...]) -> Values:
    """The getter of a subclass of ``property``, which reading the attribute of an instance calls."""
    names = [PROPERTIES[base] for base in inference.mro(descriptor.cls) if base in PROPERTIES]
    if not names or given[0] == NONE:
        return NOTHING
    return bind(dict(descriptor.fields).get(names[0], NOTHING), given[0], descriptor.cls)


def of_class(frame: Frame, cls: ClassObject, values: Values, site: CallSite) -> Values:
    """The values of a class attribute read from the class itself: descriptors are asked."""
    if not any(isinstance(value, Instance) for value in values):
        return values
    return gather(_of_class(frame, cls, value, site) for value in values)


def _of_class(frame: Frame, cls: ClassObject, value: Value, site: CallSite) -> Values:
    if not isinstance(value, Instance):
        return (value,)
    found = find_member(frame.inference, value.cls, "__get__")
    getter = accessor(frame.inference, value, (NONE, cls), "__get__")
    if not getter or found is None or any(map(_is_for_instances, found[1])):
        return (value,)
    return frame.inference.call(frame, getter, NO_ARGUMENTS, site)


def _is_for_instances(getter: Value) -> bool:
    """Whether a ``__get__`` returns something else, mostly itself, where there is no instance."""
    if not isinstance(getter, FunctionObject) or len(getter.function.parameters) < 2:
        return False
    instance = getter.function.parameters[1].name
    for statement in getter.function.body:
        for branch in statement.branches if isinstance(statement, r.If) else ():
            match branch.test:
                case (
                    r.Comparison(operators=("is",), operands=(r.Name(name=name), _))
                    | r.Operator(operators=("not",), operands=(r.Name(name=name),))
                ) if name == instance:
                    return isinstance(branch.body[-1], r.Return)
                case _:
                    pass
    return False
