"""Methods of the project's classes that the methods of their library bases call.

A model's constructor runs its validators, a response's its ``render``. The catalogue says which:
by their names, by a decorator (``@pydantic.field_validator``), or by a marker among the metadata
of a field's annotation (``Annotated[int, AfterValidator(check)]``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from blocklint.facts import records as r
from blocklint.flow.annotations import metadata
from blocklint.flow.base import Frame, Inference
from blocklint.flow.edges import NOT_INVOKED, Arguments, CallSite, Invoked
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.knowledge.records import NO_TEMPLATE
from blocklint.project.uses import last_name
from blocklint.project.values import (
    ClassObject,
    Instance,
    Library,
    LibraryMethod,
    Value,
    Values,
    Wrapper,
    gather,
    known,
)

MARKER = "marker"
"""The kind of a wrapper around what a marker is given: its name is the marker's."""


def invoked_by(inference: Inference, cls: ClassObject, method: str) -> Invoked:
    """What a method that a class inherits from a library calls of the class itself."""
    order = inference.mro(cls)
    names: dict[str, None] = {}
    found: list[Values] = []
    for base in order:
        wanted = inference.catalog.invoked[base, method] if type(base) is str else NO_TEMPLATE
        if wanted is not NO_TEMPLATE:
            names.update(dict.fromkeys(wanted.names))
            for owner in order if wanted.markers else ():
                if type(owner) is ClassObject:
                    names.update(dict.fromkeys(_decorated(inference, owner, wanted.markers)))
                    found += _in_metadata(inference, owner, wanted.markers)
    return Invoked(tuple(names), gather(found)) if names or found else NOT_INVOKED


def _decorated(
    inference: Inference, owner: ClassObject, markers: Mapping[str, str]
) -> Iterator[str]:
    """The names of the methods of a class that have one of some decorators."""
    for statement in owner.definition.body:
        if type(statement) is r.DefineFunction:
            for decorator in statement.function.decorators:
                wanted = markers.get(last_name(decorator))
                if wanted is not None and _is(inference, owner, decorator, wanted):
                    yield statement.function.name.rpartition(".")[2]


def _is(inference: Inference, owner: ClassObject, decorator: r.Expression, name: str) -> bool:
    """Whether a decorator is the library function of a name, called or not."""
    callee = decorator.callee if isinstance(decorator, r.Call) else decorator
    scope = ScopeFrame(inference, owner.file, owner.closure, owner, owner)
    return any(isinstance(v, Library) and v.name == name for v in inference.evaluate(scope, callee))


def _in_metadata(
    inference: Inference, owner: ClassObject, markers: Mapping[str, str]
) -> Iterator[Values]:
    """What the markers in the annotations of a class's fields are given."""
    aliases = inference.project.uses.annotated
    for statement in owner.definition.body:
        if type(statement) is r.Assign and statement.annotation is not None:
            annotation = statement.annotation
            if type(annotation) is r.Name and annotation.name not in aliases:
                continue  # by far the most
            for part in _annotated(annotation, aliases):
                scope = ScopeFrame(inference, owner.file, owner.closure, owner, owner)
                for value in metadata(inference.evaluate(scope, part)):
                    if isinstance(value, Wrapper) and value.name in markers.values():
                        yield value.target


def _annotated(annotation: r.Expression, aliases: frozenset[str]) -> Iterator[r.Expression]:
    """Each ``Annotated[…]`` in an annotation, and each name that may stand for one."""
    pending: list[r.Expression] = [annotation]
    while pending:
        part = pending.pop()
        if type(part) is r.Subscript:
            if last_name(part.value) == "Annotated":
                yield part
            else:
                pending.append(part.index)
        elif type(part) is r.Collection:
            pending += part.items
        elif type(part) is r.Operator:
            pending += part.operands
        elif last_name(part) in aliases:
            yield part


def inherited(inference: Inference, receiver: Value, method: LibraryMethod) -> Value:
    """A library's method on a value of the project: with its receiver, if it calls some of its methods."""
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    template = inference.catalog.invoked[method.receiver.name, method.path]
    if template is NO_TEMPLATE or not isinstance(cls, ClassObject):
        return method
    if inference.invoked(cls, method.path) == NOT_INVOKED:
        return method
    instance = receiver if isinstance(receiver, Instance) else Instance(cls, True)
    return Wrapper("inherited", (method,), ((instance,),), name=method.path)


def call_inherited(frame: Frame, value: Wrapper, arguments: Arguments, site: CallSite) -> Values:
    """Call such a method; what it gives of its own class is of the receiver's class."""
    (instance,) = value.positional[0]
    assert isinstance(instance, Instance)
    results = frame.inference.call(frame, value.target, arguments, site)
    call_invoked(frame, instance, frame.inference.invoked(instance.cls, value.name), site)
    # As an annotation of the class would say: what is made by either is told apart by nothing.
    own, (method,) = Instance(instance.cls), value.target
    assert isinstance(method, LibraryMethod)
    return tuple(own if v == method.receiver else v for v in results)


def call_invoked(frame: Frame, instance: Instance, invoked: Invoked, site: CallSite) -> None:
    """Call what a library's method calls of an instance of the project."""
    for name in invoked.names:
        found = frame.inference.find_member(instance.cls, name)
        if found is not None and not isinstance(found[0], str):
            member = frame.inference.instance_member(instance, name)
            given = Arguments(member.arguments) if member.getters else Arguments(open=True)
            frame.inference.call(frame, member.getters or known(member.values), given, site)
    frame.inference.call(frame, invoked.callables, Arguments(open=True), site)
