"""Calls of the project's classes: constructors."""

from __future__ import annotations

import msgspec

from blocklint.flow import binding
from blocklint.flow.base import Frame
from blocklint.flow.classes import bind, find_member
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.project.bounds import bounded
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Values,
)


def construct(frame: Frame, cls: ClassObject, arguments: Arguments, site: CallSite) -> Values:
    """Make an instance: ``__init__`` runs, and its arguments become part of the value."""
    inference = frame.inference
    owner, members = find_member(inference, cls, "__init__") or ("", NOTHING)
    if isinstance(owner, str):
        return _construct_plain(frame, cls, arguments, site)
    for member in members:
        if isinstance(member, FunctionObject):
            target = binding.activation(
                inference, msgspec.structs.replace(member, owner=owner, receiver=cls), arguments
            )
            self_name = member.function.parameters[0].name if member.function.parameters else ""
            fields = tuple((n, v) for n, v in target.arguments if n != self_name)
            instance = Instance(cls, True, fields)
            frame.inference.call(frame, bind((member,), instance, owner), arguments, site)
            return (instance,)
    return (Instance(cls, True),)


def _construct_plain(
    frame: Frame, cls: ClassObject, arguments: Arguments, site: CallSite
) -> Values:
    """A class without an ``__init__`` of the project: dataclasses, models, subclasses of libraries."""
    inference = frame.inference
    for item in inference.mro(cls):
        if isinstance(item, str):
            method = inference.catalog.method(item, "__init__")
            if method is not None:
                frame.record(Edge(site, method))
                break
    fields = tuple(
        (name, kept) for name, values in arguments.keywords if (kept := bounded(values))
    )
    instance = Instance(cls, True, fields)
    for name in AFTER_INIT:
        made = find_member(inference, cls, name)
        if made is not None and not isinstance(made[0], str):
            frame.inference.call(frame, bind(made[1], instance, made[0]), Arguments(open=True), site)
    return (instance,)


AFTER_INIT = ("__post_init__", "__attrs_post_init__", "model_post_init")
"""What generated constructors call: of dataclasses, attrs, pydantic."""
