"""Calls of the project's classes: constructors."""

from __future__ import annotations

import msgspec

from blocklint.flow import binding, metaclasses
from blocklint.flow.attributes import is_enumeration
from blocklint.flow.base import Frame, Inference
from blocklint.flow.classes import bind, find_member
from blocklint.flow.edges import NO_ARGUMENTS, NOT_INVOKED, Arguments, CallSite, Edge
from blocklint.flow.generated import factories_run, fields_given
from blocklint.flow.invoked import call_invoked
from blocklint.flow.state import bound_to, set_by_decorators
from blocklint.flow.switches import is_setting
from blocklint.project.bounds import bounded
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Values,
)

Fields = tuple[tuple[str, Values], ...]


def construct(frame: Frame, cls: ClassObject, arguments: Arguments, site: CallSite) -> Values:
    """Call a class: its metaclass may have a say in what runs, an instance comes out."""
    if frame.inference.project.has_metaclasses:
        caller = metaclasses.special(frame.inference, cls, "__call__")
        if caller:
            frame.inference.call(frame, caller, arguments, site)
            with frame.deferring():  # what runs is up to the metaclass
                return instantiate(frame, cls, arguments, site)
    if cls.definition.decorators:
        constructor = set_by_decorators(frame.inference, cls, "__init__")
        if constructor:
            with frame.deferring():
                made = instantiate(frame, cls, arguments, site)
            for instance in made:
                frame.inference.call(frame, bound_to(constructor, instance), arguments, site)
            return made
    return instantiate(frame, cls, arguments, site)


def instantiate(frame: Frame, cls: ClassObject, arguments: Arguments, site: CallSite) -> Values:
    """Make an instance: ``__init__`` runs, and its arguments become part of the value."""
    inference = frame.inference
    if "__new__" in inference.project.special_methods:
        others = _allocated(frame, cls, arguments, site)
        if others:
            return others
    owner, members = find_member(inference, cls, "__init__") or ("", NOTHING)
    if isinstance(owner, str):
        return _construct_plain(frame, cls, arguments, site)
    for member in members:
        if isinstance(member, FunctionObject):
            target = binding.activation(
                inference, msgspec.structs.replace(member, owner=owner, receiver=cls), arguments
            )
            self_name = member.function.parameters[0].name if member.function.parameters else ""
            fields = tuple((n, v) for n, v in target.arguments if n != self_name and not is_setting(v))
            instance = Instance(cls, True, fields)
            frame.inference.call(frame, bind((member,), instance, owner), arguments, site)
            return (instance,)
    return (Instance(cls, True),)


def _allocated(frame: Frame, cls: ClassObject, arguments: Arguments, site: CallSite) -> Values:
    """Run a class's own ``__new__``; gives what comes out if that is never of the class itself."""
    inference = frame.inference
    found = find_member(inference, cls, "__new__")
    # Calling an enumeration looks a member up.
    if found is None or isinstance(found[0], str) or is_enumeration(inference, cls):
        return NOTHING
    given = msgspec.structs.replace(arguments, positional=((cls,), *arguments.positional))
    made = inference.call(frame, bind(found[1], cls, found[0]), given, site)
    for value in made:
        if not isinstance(value, Instance | LibraryInstance):
            return NOTHING
        if isinstance(value, Instance) and value.cls.definition is cls.definition:
            return NOTHING
    return made


def _kept(inference: Inference, base: str, arguments: Arguments) -> Fields:
    """The arguments that a library's constructor keeps as attributes: ``fget`` of a property."""
    found = inference.catalog.find_class(base)
    if found is None or not found.keeps:
        return ()
    given = ((name, arguments.at(index, name.strip("_"))) for index, name in enumerate(found.keeps))
    return tuple((name, kept) for name, values in given if (kept := bounded(values)))


def _construct_plain(
    frame: Frame, cls: ClassObject, arguments: Arguments, site: CallSite
) -> Values:
    """A class without an ``__init__`` of the project: dataclasses, models, subclasses of libraries."""
    inference = frame.inference
    kept: Fields = ()
    for item in inference.mro(cls):
        if isinstance(item, str):
            kept = kept or _kept(inference, item, arguments)
            method = inference.catalog.method(item, "__init__")
            if method is not None:
                frame.record(Edge(site, method))
                break
    record = inference.record(cls)
    for factory in factories_run(record, arguments):
        inference.call(frame, factory, NO_ARGUMENTS, site)
    instance = Instance(cls, True, kept or fields_given(inference, record, arguments))
    for name in record.hooks:
        made = find_member(inference, cls, name)
        if made is not None and not isinstance(made[0], str):
            frame.inference.call(frame, bind(made[1], instance, made[0]), Arguments(open=True), site)
    if record.invoked is not NOT_INVOKED:
        call_invoked(frame, instance, record.invoked, site)
    return (instance,)
