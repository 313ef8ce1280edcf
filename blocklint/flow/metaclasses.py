"""Classes as instances of their metaclass: what calling, reading and subscripting them runs."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import is_type
from blocklint.flow.base import Frame, Inference
from blocklint.flow.classes import bind, find_member, search_member
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite
from blocklint.model import Via
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    Literal,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
)

MAKER = "instance maker"
"""The kind of wrapper that ``super().__call__`` is in a metaclass: it constructs its target."""


def metaclass_of(inference: Inference, cls: ClassObject) -> ClassObject | None:
    """The metaclass of a class if it is one of the project."""
    for item in inference.mro(cls):
        for keyword in item.definition.keywords if isinstance(item, ClassObject) else ():
            if keyword.name == "metaclass" and isinstance(item, ClassObject):
                scope = inference.scope(item.file, item.closure, None)
                found = inference.evaluate(scope, keyword.value)
                return next((v for v in found if isinstance(v, ClassObject)), None)
    return None


def _find(inference: Inference, cls: ClassObject, name: str) -> tuple[ClassObject, Values] | None:
    """A member that the project's metaclass of a class has."""
    meta = inference.metaclass(cls)
    found = None if meta is None else find_member(inference, meta, name)
    return None if found is None or isinstance(found[0], str) else (found[0], found[1])


def special(inference: Inference, cls: ClassObject, name: str) -> Values:
    """A special method that an operation on a class calls, () if its metaclass has none."""
    if not inference.project.has_metaclasses:
        return NOTHING
    found = _find(inference, cls, name)
    return NOTHING if found is None else bind(found[1], cls, found[0])


def member(frame: Frame, cls: ClassObject, name: str, where: CallSite) -> Values:
    """A member of the metaclass, read from a class that has none of this name."""
    inference = frame.inference
    if not inference.project.has_metaclasses:
        return NOTHING
    found = _find(inference, cls, name)
    if found is None:
        is_special = name.startswith("__") and name.endswith("__")
        getters = NOTHING if is_special else special(inference, cls, "__getattr__")
        return inference.call(frame, getters, Arguments(((Literal(name),),)), where) if getters else NOTHING
    owner, values = found
    getters = gather(
        bind(v.target, cls, owner) for v in values if isinstance(v, Wrapper) and v.kind == "property"
    )
    if getters:
        return inference.call(frame, getters, NO_ARGUMENTS, where)
    return bind(values, cls, owner)


def behind(inference: Inference, owner: ClassObject, receiver: Value, name: str) -> Values:
    """``super().name`` in a method of a metaclass whose instance, a class, is the receiver."""
    if not inference.project.has_metaclasses or not isinstance(receiver, ClassObject):
        return NOTHING
    meta = inference.metaclass(receiver)
    order = inference.mro(meta) if meta is not None else ()
    if not any(isinstance(c, ClassObject) and c.definition is owner.definition for c in order):
        return NOTHING
    assert meta is not None
    found = search_member(inference, meta, name, after=owner)
    if found is not None and isinstance(found[0], ClassObject):
        return bind(found[1], receiver, found[0])
    return (Wrapper(MAKER, (receiver,)),) if name == "__call__" else (Unknown("super"),)


def item(frame: Frame, node: r.Subscript, cls: ClassObject) -> Values:
    """``Class[key]`` where the class or its metaclass says what that gives, () otherwise."""
    inference, project = frame.inference, frame.inference.project
    is_own = "__class_getitem__" in project.special_methods
    if not is_own and not project.has_metaclasses:
        return NOTHING
    methods = special(inference, cls, "__getitem__")
    if methods:
        is_own = False
    elif is_own:
        found = find_member(inference, cls, "__class_getitem__")
        if found is not None and isinstance(found[0], ClassObject):
            methods = bind(found[1], cls, found[0])
    if not methods:
        return NOTHING
    key = inference.evaluate(frame, node.index)
    result = inference.call(frame, methods, Arguments((key,)), CallSite(node.span, node, Via.OPERATOR))
    return tuple(v for v in result if is_type(v)) if is_own else result
