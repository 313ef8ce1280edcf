"""Members of instances: what ``instance.name`` is, before anything is called for it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from blocklint.flow.annotations import decides
from blocklint.flow.base import Inference
from blocklint.flow.classes import bind, find_member, is_stub, overrides
from blocklint.flow.descriptors import accessor
from blocklint.flow.edges import Member
from blocklint.flow.generated import field_getter
from blocklint.flow.mapped_objects import kept as kept_by_attribute
from blocklint.flow.mapped_objects import may_lack_columns
from blocklint.flow.names import is_descriptor
from blocklint.flow.state import bound_to, set_by_decorators
from blocklint.flow.structural import implementers
from blocklint.project.values import (
    NONE,
    NOTHING,
    PROPERTIES,
    ClassObject,
    Instance,
    Library,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
    known,
)

WIDEST = 10
"""A method with more implementations than this says nothing about any of them."""


def instance_member(inference: Inference, value: Instance, name: str) -> Member:
    """The member ``name`` of an instance: values, or what has to be called to get them."""
    if name == "__class__":
        return Member((value.cls,))
    if name == "__dict__":
        return Member((Wrapper("namespace", (value,)),))
    found = find_member(inference, value.cls, name)
    if found is not None:
        owner, values = found
        if isinstance(owner, str):
            if value.origin is not None and inference.hook_for(f"{owner}.__get__") is not None:
                return Member(getters=library_getter(owner, NOTHING, value, name, NOTHING))
            return _kept(inference, value, name, owner) or Member(library=LibraryInstance(owner))
        others = _overridden(inference, value, name, is_stub(values))
        if others and is_stub(values):
            return _merged(others)
        return _merged([_own(inference, value, owner, values, name), *others])
    stored = inference.stored(value, name)
    if not known(stored) and not _intercepts(inference, value.cls):
        stored = inference.stored_outside(value, name) or stored
    if known(stored):
        return Member(stored)
    others = _overridden(inference, value, name, True)
    return _merged(others) if others else _missing(inference, value, name, stored)


def through_hook(inference: Inference, value: Instance, name: str, found: Member) -> Member:
    """A member as ``__getattribute__`` gives it, if the class has one: that runs before any getter."""
    hook = find_member(inference, value.cls, "__getattribute__")
    if hook is None or isinstance(hook[0], str) or (name.startswith("__") and name.endswith("__")):
        return found
    hooks = bind(hook[1], value, hook[0])
    called = tuple(Wrapper("partial", (each,), ((Literal(name),),)) for each in hooks)
    getters = tuple(Wrapper("partial", (each,), found.arguments) for each in found.getters)
    return msgspec.structs.replace(found, getters=(*called, *getters), arguments=())


def _intercepts(inference: Inference, cls: ClassObject) -> bool:
    """Whether a class has its own ``__setattr__``: what is set is not what will be read."""
    found = find_member(inference, cls, "__setattr__")
    return found is not None and isinstance(found[0], ClassObject)


def _missing(inference: Inference, value: Instance, name: str, stored: Values) -> Member:
    """A member that nothing defines: ``__getattr__`` or a library base may give it."""
    dynamic = find_member(inference, value.cls, "__getattr__")
    is_special = name.startswith("__") and name.endswith("__")
    if dynamic is not None and isinstance(dynamic[0], ClassObject) and not is_special:
        getters = bind(dynamic[1], value, dynamic[0])
        return Member(getters=getters, arguments=((Literal(name),),))
    if name == "_replace" and "typing.NamedTuple" in inference.mro(value.cls):
        return Member((Wrapper("partial", (Library("dataclasses.replace"),), ((value,),)),))
    if value.origin is not None and not is_special:
        return Member(getters=library_getter(MAPPER, NOTHING, value, name, NOTHING))
    for item in inference.mro(value.cls):
        if isinstance(item, str) and inference.catalog.find_class(item) is not None:
            kept = _kept(inference, value, name, item)
            return kept or Member((LibraryMethod(LibraryInstance(item), name),))
    return Member(stored or (Unknown(f"no attribute {name} of {value.cls.definition.name}"),))


def _kept(inference: Inference, value: Instance, name: str, base: str) -> Member | None:
    """A member that a library's class makes of what its constructor was given."""
    library = inference.catalog.find_class(base) if value.fields else None
    if library is not None and name in library.keeps:
        return Member(dict(value.fields).get(name, NOTHING))
    return field_getter(inference, value, name)


def _own(
    inference: Inference, value: Instance, owner: ClassObject, values: Values, name: str
) -> Member:
    """A member that a class of the project defines, as the instance sees it."""
    replaced = set_by_decorators(inference, owner, name) if owner.definition.decorators else NOTHING
    if replaced:
        return Member(bound_to(replaced, value))
    getters: list[Values] = []
    kept: list[Value] = []
    described = _described(inference, value, owner, name)
    for item in values if described is None else described:
        if type(item) is Wrapper and item.kind in PROPERTIES:
            getters.append(bind(item.target, value, owner))
        elif type(item) is Instance and "__get__" in inference.project.special_methods:
            getter = accessor(inference, item, (value, value.cls), "__get__")
            if getter:
                getters.append(getter)
            else:
                kept.append(item)
        elif type(item) is LibraryInstance and _is_read_by_library(inference, item, value):
            getters.append(library_getter(item.name, (item,), value, name, inference.annotated(owner, name)))
        else:
            kept.append(item)
    if value.origin is not None and not getters and may_lack_columns(value.origin) and name[:2] != "__":
        if all(map(_is_column, kept)):
            declared = inference.annotated(owner, name)
            getters.append(library_getter(MAPPED, tuple(kept), value, name, declared))
    if getters:
        return Member(getters=gather(getters))
    annotated = _annotated(inference, owner, name)
    if annotated and decides(inference, annotated):
        return Member(annotated)
    given = kept_by_attribute(dict(value.fields).get(name, NOTHING))
    if known(given):
        return Member(given)
    stored = inference.stored(value, name) if inference.project.may_be_set(name) else NOTHING
    members = bind(tuple(kept), value, owner)
    return Member(gather([members, stored]) or annotated)


MAPPED = "sqlalchemy.orm.Mapped"
MAPPER = "sqlalchemy.orm.Mapper"
COLUMNS = frozenset({"sqlalchemy.Column", "sqlalchemy.orm.MappedColumn"})


def library_getter(cls: str, descriptor: Values, owner: Instance, name: str, declared: Values) -> Values:
    """What reading an attribute calls that a library's descriptor stands for: a hook answers.

    It is called with the descriptor, the object, the attribute's name and the instances of its annotation.
    """
    given = descriptor, (owner,), (Literal(name),), declared
    return (Wrapper("partial", (Library(f"{cls}.__get__"),), given),)


def _described(inference: Inference, value: Instance, owner: ClassObject, name: str) -> Values | None:
    """What describes an annotated attribute of a mapped class: ``relationship(…)``, not what it will hold.

    None for any other attribute.
    """
    if value.exact and value.origin is None:
        return None
    listed = inference.project.class_bindings[owner.definition].get(name, ())
    if len(listed) != 1 or listed[0].annotation is None:
        return None
    if listed[0].value is None:
        return None if value.origin is None or not may_lack_columns(value.origin) else NOTHING
    return inference.described(owner, name) if inference.is_mapped(value.cls) else None


def _is_read_by_library(inference: Inference, descriptor: LibraryInstance, owner: Instance) -> bool:
    """Whether a hook answers what reading an attribute gives: not for an object that was just made."""
    return (owner.origin is not None or not owner.exact) and is_descriptor(inference, descriptor)


def _is_column(value: Value) -> bool:
    """Whether a value in the body of a mapped class stands for a column."""
    if type(value) is LibraryInstance:
        return value.name in COLUMNS
    return value == NONE or type(value) is Unknown


def _annotated(inference: Inference, owner: ClassObject, name: str) -> Values:
    listed = inference.project.class_bindings[owner.definition].get(name, ())
    if all(binding.annotation is None for binding in listed):
        return NOTHING  # methods: by far the most
    return inference.annotated(owner, name)


def _overridden(inference: Inference, value: Instance, name: str, needed: bool) -> list[Member]:
    """What subclasses have in a member's place, for a receiver of which only a base is known.

    ``needed``: the base has nothing or only a stub; otherwise too many overrides are left out.
    """
    if value.exact:
        return []
    found = overrides(inference, value.cls, name)
    if needed and not found:
        for cls in implementers(inference, value.cls):
            member = find_member(inference, cls, name)
            if member is not None and isinstance(member[0], ClassObject):
                found.append((cls, member[1]))
    if len(found) > WIDEST:
        return [Member((Unknown(f"{len(found)} implementations of {name}"),))] if needed else []
    return [
        _own(inference, Instance(cls, False, value.fields, value.origin), cls, values, name)
        for cls, values in found
        if not is_stub(values)
    ]


def _merged(members: Iterable[Member]) -> Member:
    listed = list(members)
    if len(listed) == 1:
        return listed[0]
    return Member(gather(m.values for m in listed), gather(m.getters for m in listed))
