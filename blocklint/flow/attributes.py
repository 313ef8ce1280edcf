"""Attributes: what ``value.name`` gives, and the calls that reading it makes."""

from __future__ import annotations

from blocklint.flow import descriptors, metaclasses
from blocklint.flow.base import Frame, Inference
from blocklint.flow.classes import bind, find_member, search_member
from blocklint.flow.edges import (
    NO_ARGUMENTS,
    NOWHERE,
    Arguments,
    CallSite,
    Edge,
)
from blocklint.flow.function_attributes import of_callable
from blocklint.flow.imports import member, missing
from blocklint.flow.invoked import inherited
from blocklint.flow.told import typed
from blocklint.project.values import (
    NOTHING,
    PROPERTIES,
    Accessor,
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
    Super,
    Suspended,
    Tuple,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
    known,
    union,
    without_none,
)


def read(frame: Frame, values: Values, name: str, site: CallSite) -> Values:
    """The values of attribute ``name`` of any of ``values``."""
    if len(values) == 1:
        return _read(frame, values[0], name, site)
    values = without_none(values)
    return gather(_read(frame, value, name, site) for value in values)


def plain_library_attribute(inference: Inference, value: LibraryInstance, name: str) -> Values | None:
    """An attribute of a library object that is always the same, None for any other."""
    found = inference.catalog.member(value.name, name)
    if found.effect is not None:
        return None
    if found.types:
        return typed(inference, found.types, value, NOTHING)
    if found.method is None and inference.project.writers(name):
        return None  # what the project sets it to comes first
    return (LibraryMethod(value, name),)


def _read(frame: Frame, value: Value, name: str, site: CallSite) -> Values:
    if type(value) is Unknown:
        return (value,)
    if type(value) is Instance:
        return _instance(frame, value, name, site)
    if type(value) is ClassObject:
        return _of_class(frame, value, name, site)
    if type(value) is LibraryInstance:
        return of_library(frame, value, name, site)
    if type(value) is Module:
        return of_module(frame.inference, value, name)
    if type(value) is Library:
        return frame.inference.library_members[f"{value.name}.{name}"]
    if type(value) is LibraryMethod:
        return (LibraryMethod(value.receiver, f"{value.path}.{name}"),)
    if type(value) is Super:
        return _of_super(frame, value.owner, value.receiver, name, site)
    if type(value) is Wrapper and value.kind in PROPERTIES and name in ("setter", "getter", "deleter"):
        return (Accessor(value, name),)
    return _of_builtin(frame, value, name, site)


def of_module(inference: Inference, module: Module, name: str) -> Values:
    """A name of a module; where that leaves it open, what other modules set it to."""
    values = member(inference, module.file, name)
    if not known(values) and inference.project.writers(name, module.file):
        values = union(values, inference.stored_outside(module, name))
    return values or missing(inference, module.file, name) or (Unknown(f"no {name} in module"),)


STEPS = {
    **dict.fromkeys(("__next__", "send", "throw"), "types.GeneratorType.send"),
    **dict.fromkeys(("__anext__", "asend", "athrow"), "types.AsyncGeneratorType.asend"),
}
"""The methods of generators that run them up to the next ``yield``."""


def _of_builtin(frame: Frame, value: Value, name: str, site: CallSite) -> Values:
    """Attributes of displays and constants, and of what has none worth knowing."""
    plain = as_library(value)
    if plain is None and (type(value) is FunctionObject or type(value) is Wrapper):
        return of_callable(frame.inference, value, name)
    if name in STEPS and isinstance(value, Suspended | Deferred):
        return (Wrapper("partial", (Library(STEPS[name]),), ((value,),)),)
    if type(value) is Mapping and name in ("get", "pop"):
        return (Wrapper("lookup", (value,), name=f"builtins.dict.{name}"),)
    if plain is not None:
        return of_library(frame, plain, name, site)
    return (value,) if isinstance(value, Unknown) else (Unknown(f"attribute {name}"),)


def as_library(value: Value) -> LibraryInstance | None:
    """A display or constant as an instance of its builtin class."""
    match value:
        case Tuple(items=items):
            return LibraryInstance("builtins.tuple", (gather(items),))
        case Mapping(items=items, others=others):
            element = gather([others, *(v for _, v in items)])
            return LibraryInstance("builtins.dict", ((LibraryInstance("builtins.str"),), element))
        case Literal(value=constant) if constant is not None:
            return LibraryInstance(f"builtins.{type(constant).__name__}")
        case Suspended(kind="generator"):
            return LibraryInstance("collections.abc.Iterator")
        case Wrapper(kind="object", target=target, name=name):
            return LibraryInstance(name, (target,))
        case _:
            return None


def of_library(frame: Frame, value: LibraryInstance, name: str, site: CallSite) -> Values:
    """An attribute of a library object: a value of known type, else a method."""
    catalog = frame.inference.catalog
    member_of = catalog.member(value.name, name)
    if member_of.effect is not None:
        frame.record(Edge(site, member_of.effect))
    if member_of.types:
        return typed(frame.inference, member_of.types, value, NOTHING)
    if member_of.method is None:
        stored = frame.inference.stored_outside(value, name)
        if known(stored):
            return stored
    return (LibraryMethod(value, name),)


def _instance(frame: Frame, value: Instance, name: str, site: CallSite) -> Values:
    member = frame.inference.instance_member(value, name)
    if member.library is not None:
        return _of_base(frame, value, of_library(frame, member.library, name, site))
    if not member.getters:
        return member.values
    results = frame.inference.call(frame, member.getters, Arguments(member.arguments), site)
    # A ``__getattribute__`` gives what it is there to give: its result is often unknown.
    return union(member.values, known(results) if member.values else results)


def _of_base(frame: Frame, receiver: Value, values: Values) -> Values:
    """A member of a library's class, as it is read from a value of the project."""
    if len(values) == 1 and type(values[0]) is LibraryMethod:
        return (inherited(frame.inference, receiver, values[0]),)
    return values


def _of_class(frame: Frame, value: ClassObject, name: str, site: CallSite) -> Values:
    """An attribute read from the class itself."""
    inference = frame.inference
    found = find_member(inference, value, name)
    if found is None:
        of_metaclass = metaclasses.member(frame, value, name, site)
        if of_metaclass:
            return of_metaclass
        if name == "__dict__":
            return (Wrapper("namespace", (value,)),)
        stored = inference.stored(Instance(value), name)  # assigned through cls or self
        stored = stored or inference.stored_outside(value, name)
        return stored or (Unknown(f"no attribute {name} of {value.definition.name}"),)
    owner, values = found
    if isinstance(owner, str):
        return _of_base(frame, value, of_library(frame, LibraryInstance(owner), name, NOWHERE))
    values = _with_class_state(inference, value, name, values)
    if is_enumeration(inference, value) and not any(isinstance(v, Wrapper) for v in values):
        return (Instance(value, True),) if not _functions(values) else values
    values = inference.held(value, name, values)
    if "__get__" in inference.project.special_methods:
        values = descriptors.of_class(frame, value, values, site)
    kept = tuple(v for v in values if not (isinstance(v, Wrapper) and v.kind == "property"))
    wrappers = tuple(v for v in kept if isinstance(v, Wrapper))
    plain = tuple(v for v in kept if not isinstance(v, Wrapper))
    return gather([_unbound(plain, owner), bind(wrappers, value, owner)]) or values


def _with_class_state(
    inference: Inference, cls: ClassObject, name: str, values: Values
) -> Values:
    """A class attribute's values with those that it is set to later, where it begins as None."""
    if known(values) or not inference.project.may_be_set(name):
        return values
    stored = [inference.stored(Instance(cls), name), inference.stored_outside(cls, name)]
    return gather([values, *stored])


def _unbound(values: Values, owner: ClassObject) -> Values:
    return tuple(
        FunctionObject(v.file, v.function, v.closure, None, owner)
        if isinstance(v, FunctionObject) and v.function.owner and v.receiver is None
        else v
        for v in values
    )


def _functions(values: Values) -> bool:
    return any(isinstance(v, FunctionObject) for v in values)


def is_enumeration(inference: Inference, cls: ClassObject) -> bool:
    """Whether the names in a class body are its only instances."""
    return any(isinstance(item, str) and item.startswith("enum.") for item in inference.mro(cls))


def _of_super(
    frame: Frame, owner: ClassObject, receiver: Value, name: str, site: CallSite
) -> Values:
    """A member behind ``owner`` in the resolution order of the receiver's class."""
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if not isinstance(cls, ClassObject):
        return (Unknown("super"),)
    of_metaclass = metaclasses.behind(frame.inference, owner, receiver, name)
    if of_metaclass:
        return of_metaclass
    found = search_member(frame.inference, cls, name, after=owner)
    if found is None and name == "__new__":
        return (Library("builtins.object.__new__"),)
    if found is None:
        return (Unknown(f"no {name} in a base"),)
    where, values = found
    if isinstance(where, str):
        return (inherited(frame.inference, receiver, LibraryMethod(LibraryInstance(where), name)),)
    properties = [v.target for v in values if isinstance(v, Wrapper) and v.kind == "property"]
    if properties:
        getters = bind(gather(properties), receiver, where)
        return frame.inference.call(frame, getters, NO_ARGUMENTS, site)
    return bind(values, receiver, where)


def assign(frame: Frame, receivers: Values, name: str, values: Values, site: CallSite) -> None:
    """Set an attribute, with the calls that this makes."""
    frame.note_store(receivers, name, values)
    for receiver in receivers:
        if isinstance(receiver, Instance):
            setter = frame.inference.setter(receiver, name)
            if setter:
                frame.inference.call(frame, setter, Arguments((values,)), site)


def delete(frame: Frame, receivers: Values, name: str, site: CallSite) -> None:
    """Delete an attribute: ``__delattr__``, a property's deleter or a descriptor's ``__delete__`` may run."""
    call = frame.inference.call
    for receiver in receivers:
        if not isinstance(receiver, Instance):
            continue
        hook = find_member(frame.inference, receiver.cls, "__delattr__")
        if hook is not None and isinstance(hook[0], ClassObject):
            call(frame, bind(hook[1], receiver, hook[0]), Arguments(((Literal(name),),)), site)
            continue
        found = find_member(frame.inference, receiver.cls, name)
        if found is None or isinstance(found[0], str):
            continue
        for value in found[1]:
            if isinstance(value, Wrapper):
                deleter = dict(value.keywords).get("deleter", NOTHING)
                call(frame, bind(deleter, receiver, found[0]), NO_ARGUMENTS, site)
            elif isinstance(value, Instance):
                hooks = descriptors.accessor(frame.inference, value, (receiver,), "__delete__")
                call(frame, hooks, NO_ARGUMENTS, site)
