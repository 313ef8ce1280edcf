"""State that outlives a call: what attributes are set to, by methods and from outside."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.binding import make
from blocklint.flow.classes import find_member, is_class_method
from blocklint.flow.containers import is_parameter
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.project.bounds import shallow
from blocklint.project.values import (
    CALLERS,
    NOTHING,
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Module,
    Value,
    Values,
    gather,
    known,
    union,
)

MOST_STEPS = 24
"""How many methods that a constructor calls on its own instance are looked into."""

MOST_WRITERS = 40
"""An attribute name that more functions set on other objects says nothing about any of them."""


def by_own_methods(inference: Inference, instance: Instance, name: str) -> Values:
    """What the methods of an instance's class and bases set an attribute to.

    The constructor comes first, with what it calls: ``super().__init__(db)`` passes on what this
    class was given. Methods that it does not call are taken as they stand.
    """
    found: list[Values] = []
    seen: set[r.Function] = set()
    order = inference.mro(instance.cls)
    writers = [
        (cls, method)
        for cls in order
        if isinstance(cls, ClassObject)
        for method in inference.project.storing_methods[cls.definition].get(name, ())
        if cls is order[0] or not _is_replaced(inference, order, cls, method)
    ]
    if writers:
        for activation in _construction(inference, instance):
            seen.add(activation.function)
            found.append(_stored(inference, activation, name))
    for cls, method in writers:
        if method not in seen:
            found.append(_stored(inference, _run_on(instance, cls, method), name))
    values = gather(found)
    if not instance.exact and any(map(is_parameter, values)) and not known(values):
        return _by_constructions(inference, instance, name) or values
    return values


def _is_replaced(
    inference: Inference, order: tuple[ClassObject | str, ...], owner: ClassObject, method: r.Function
) -> bool:
    """Whether a class before ``owner`` has a method in its place that does not call it."""
    name = method.name.rpartition(".")[2]
    if name.startswith("__") and not name.endswith("__"):
        return False  # a private name is not overridden
    before = [cls.definition for cls in order[: order.index(owner)] if isinstance(cls, ClassObject)]
    overriding = (b.statement for d in before for b in inference.project.class_bindings[d].get(name, ()))
    return any(
        isinstance(statement, r.DefineFunction) and name not in statement.function.called
        for statement in overriding
    )


def _by_constructions(inference: Inference, instance: Instance, name: str) -> Values:
    """What the constructor stores for the arguments it is called with anywhere in the project.

    For an instance that is known by its annotation only. If they differ, it is possible at most.
    """
    owner, members = find_member(inference, instance.cls, "__init__") or ("", NOTHING)
    found: dict[Instance, None] = {}
    own: dict[Instance, None] = {}
    for member in members:
        if isinstance(member, FunctionObject) and isinstance(owner, ClassObject) and not instance.fields:
            first = member.function.parameters[0].name
            for made in inference.activations_by_callers(owner.file, member.function):
                fields = tuple(a for a in made.arguments if a[0] != first)
                if fields:
                    one = Instance(instance.cls, False, fields)
                    found[one] = None
                    on = dict(made.arguments).get(first, NOTHING)
                    if any(is_same(inference, Instance(instance.cls), v) for v in on):
                        own[one] = None
    # What is constructed for a sibling only matters where nothing is known of this class itself.
    values = gather(inference.stored(one, name) for one in own or found)
    if len(own or found) < 2 or not values:
        return values
    return _common(values) or union(values, (CALLERS,))


def _common(values: Values) -> Values:
    """One value for several that are instances of one class, () if they are not."""
    classes = {v.cls.definition for v in values if isinstance(v, Instance)}
    names = {v.name for v in values if isinstance(v, LibraryInstance)}
    if len(classes) + len(names) > 1 or not all(
        isinstance(v, Instance | LibraryInstance) for v in values
    ):
        return NOTHING
    first = values[0]
    if len(values) == 1 or not isinstance(first, Instance):
        return values[:1]
    return (Instance(first.cls),)


def _stored(inference: Inference, activation: Activation, name: str) -> Values:
    return inference.stored_by(activation, name)


def _run_on(
    instance: Instance,
    cls: ClassObject,
    method: r.Function,
    fields: tuple[tuple[str, Values], ...] = (),
) -> Activation:
    """A method's activation on an instance, with the constructor's arguments if it is that."""
    receiver: Value = instance.cls if is_class_method(method) else instance
    arguments: tuple[tuple[str, Values], ...] = ()
    if receiver not in (Instance(cls), cls) and method.parameters:
        arguments = ((method.parameters[0].name, (receiver,)),)
    return make(FunctionObject(cls.file, method, cls.closure, None, cls), arguments + fields)


def _construction(inference: Inference, instance: Instance) -> Iterator[Activation]:
    """The activations of the constructor and of the methods that it calls on the new instance."""
    found = find_member(inference, instance.cls, "__init__")
    if found is None:
        return
    owner, members = found
    if isinstance(owner, str):
        return
    pending = [
        _run_on(instance, owner, member.function, instance.fields)
        for member in members
        if isinstance(member, FunctionObject)
    ]
    seen: set[Activation] = set()
    while pending and len(seen) < MOST_STEPS:
        activation = pending.pop(0)
        if activation in seen:
            continue
        seen.add(activation)
        yield activation
        for edge in inference.outcome(activation).edges:
            target = edge.target
            if isinstance(target, Activation) and target.function.stored and target.owner is not None:
                if _is_on(target, instance):
                    pending.append(target)


def _is_on(activation: Activation, instance: Instance) -> bool:
    """Whether an activation is a method that runs on an instance."""
    if not activation.function.owner or not activation.function.parameters:
        return False
    given = dict(activation.arguments).get(activation.function.parameters[0].name)
    return given == (instance,) or (given is None and instance == Instance(instance.cls))


def from_outside(inference: Inference, receiver: Value, name: str) -> Values:
    """What an attribute is set to by code that is not a method: ``app.state.db = …``.

    Functions are taken as they stand; objects are told apart by their class.
    """
    writers = inference.project.writers(name, file_of(receiver))
    if len(writers) > MOST_WRITERS:
        return ()
    found: list[Values] = []
    for file, function in writers:
        if function.name == "<module>":
            found.append(_set_in(inference, ScopeFrame(inference, file), function, receiver, name))
            continue
        for activation in _run_as(inference, file, function):
            frame = LazyFrame(inference, activation)
            found.append(_set_in(inference, frame, function, receiver, name))
    return gather(found)


def _set_in(
    inference: Inference, frame: Frame, function: r.Function, receiver: Value, name: str
) -> Values:
    """What one body sets an attribute of an object to."""
    found: list[Values] = []
    for owner, value in inference.project.stores[function].get(name, ()):
        owners = [v for v in inference.evaluate(frame, owner) if is_same(inference, v, receiver)]
        if owners:
            values = shallow(inference.evaluate(frame, value))
            is_method = isinstance(receiver, Instance) and isinstance(owners[0], ClassObject)
            found.append(bound_to(values, receiver) if is_method else values)
    return gather(found)


def file_of(value: Value) -> str:
    """The module in which an object's class, a class or a module stands, "" for what is a library's."""
    if type(value) is Instance:
        return value.cls.file
    return value.file if isinstance(value, ClassObject | Module) else ""


def bound_to(values: Values, receiver: Value) -> Values:
    """What is set on a class, as its instance sees it: functions become methods."""
    return tuple(
        FunctionObject(v.file, v.function, v.closure, receiver, v.owner)
        if isinstance(v, FunctionObject) and v.receiver is None
        else v
        for v in values
    )


def set_by_decorators(inference: Inference, cls: ClassObject, name: str) -> Values:
    """What the decorators of a class put in the place of one of its members."""
    names = inference.project.uses.class_decorators
    found: list[Values] = []
    for file, function in inference.project.writers(name) if cls.definition.decorators else ():
        if not names.isdisjoint(function.name.split(".")):
            for activation in inference.activations_by_callers(file, function):
                frame = LazyFrame(inference, activation)
                found.append(_set_in(inference, frame, function, cls, name))
    return known(gather(found))


def _run_as(inference: Inference, file: str, function: r.Function) -> tuple[Activation, ...]:
    """The activations in which a function sets attributes of others.

    A decorator of classes sets them on those that it decorates; all others are taken as they stand.
    """
    if not inference.project.uses.class_decorators.isdisjoint(function.name.split(".")):
        called = inference.activations_by_callers(file, function)
        if called:
            return called
    return inference.activations(file, function)


MAKERS = {"argparse.ArgumentParser": "argparse.Namespace"}
"""What is set on the one is there on the other, which it makes."""


def is_same(inference: Inference, owner: Value, receiver: Value) -> bool:
    """Whether an attribute set on one value is there on the other: by class, or its bases."""
    match owner, receiver:
        case LibraryInstance(name=left), LibraryInstance(name=right):
            return left == right or MAKERS.get(left) == right
        case LibraryInstance(name=left), (Instance(cls=right) | (ClassObject() as right)):
            return left in inference.mro(right)
        case (Instance(cls=left) | (ClassObject() as left)), (
            Instance(cls=right) | (ClassObject() as right)
        ):
            order = inference.mro(right)
            return any(isinstance(c, ClassObject) and c.definition is left.definition for c in order)
        case _:
            return owner == receiver
