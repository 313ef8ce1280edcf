"""Classes: method resolution order, members, binding."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import canonical_type
from blocklint.flow.base import Frame, Inference
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    TypeForm,
    Value,
    Values,
    Wrapper,
    gather,
)

Mro = tuple[ClassObject | str, ...]

IMPLICIT_STATIC = frozenset({"__new__"})
IMPLICIT_CLASS = frozenset({"__init_subclass__", "__class_getitem__"})


def linearised(inference: Inference, cls: ClassObject, scope: Frame) -> Mro:
    """The class, then its bases, left before right and each after all that inherit from it.

    This is CPython's order wherever CPython accepts the bases; bases that cannot be resolved
    are left out.
    """
    orders: list[Mro] = []
    for base in cls.definition.bases:
        for value in inference.evaluate(scope, base):
            orders.append(_order(inference, value))
    found: list[ClassObject | str] = [item for order in orders for item in order]
    last = {item: position for position, item in enumerate(found)}
    kept = [item for position, item in enumerate(found) if last[item] == position]
    return (cls, *(item for item in kept if item != cls))


def _order(inference: Inference, value: Value) -> Mro:
    match value:
        case ClassObject():
            return inference.mro(value)
        case Library(name=name):
            canonical = canonical_type(name)
            return (canonical, "builtins.dict") if canonical == "typing.TypedDict" else (canonical,)
        case TypeForm(instances=(Instance(cls=cls), *_)):
            return inference.mro(cls)
        case LibraryInstance(name=name):  # ``Base = declarative_base()``
            return (canonical_type(name),)
        case _:
            return ()


def find_member(
    inference: Inference, cls: ClassObject, name: str
) -> tuple[ClassObject | str, Values] | None:
    """The first class in the resolution order that has ``name``, and the member's values."""
    return inference.find_member(cls, name)


def search_member(
    inference: Inference, cls: ClassObject, name: str, after: ClassObject | None = None
) -> tuple[ClassObject | str, Values] | None:
    """The first class in the resolution order that has ``name``, and the member's values.

    With ``after``, only classes behind that one are asked (``super()``). For a library class the
    values are empty: its name says where to look on.
    """
    order = inference.mro(cls)
    if after is not None:
        definitions = [c.definition if isinstance(c, ClassObject) else None for c in order]
        position = definitions.index(after.definition) if after.definition in definitions else 0
        order = order[position + 1 :]
    for item in order:
        if type(item) is ClassObject:
            if name in inference.project.class_bindings[item.definition]:
                return item, inference.class_member(item, name)
        elif type(item) is str and _library_has(inference, item, name):
            return item, NOTHING
    return None


def _library_has(inference: Inference, name: str, member: str) -> bool:
    catalog = inference.catalog
    return catalog.method(name, member) is not None or bool(catalog.attribute(name, member))


def overrides(inference: Inference, cls: ClassObject, name: str) -> list[tuple[ClassObject, Values]]:
    """The subclasses that define ``name`` in their own body, with the member's values."""
    return [
        (subclass, inference.class_member(subclass, name))
        for subclass in inference.subclasses(cls)
        if name in inference.project.class_bindings[subclass.definition]
    ]


def is_stub(values: Values) -> bool:
    """Whether a member is only declared: ``...``, ``raise NotImplementedError``, no value."""
    functions = [value for value in values if isinstance(value, FunctionObject)]
    return bool(functions) and all(function.function.is_stub for function in functions)


def bind(values: Values, receiver: Value, owner: ClassObject) -> Values:
    """Class members as attributes of an instance: functions become bound methods."""
    return gather(_bind(value, receiver, owner) for value in values)


def _bind(value: Value, receiver: Value, owner: ClassObject) -> Values:
    match value:
        case FunctionObject(receiver=None, function=function) if function.owner:
            name = function.name.rpartition(".")[2]
            if name in IMPLICIT_STATIC:
                return (_owned(value, None, owner),)
            if name in IMPLICIT_CLASS:
                return (_owned(value, _class_of(receiver), owner),)
            return (_owned(value, receiver, owner),)
        case FunctionObject(receiver=None, closure=closure) if closure is not None:
            # What a decorator put in the method's place: it takes self as its first argument.
            return (_owned(value, receiver, owner),)
        case Wrapper(kind="staticmethod", target=target):
            return gather((_owned(f, None, owner),) for f in target if isinstance(f, FunctionObject))
        case Wrapper(kind="classmethod", target=target):
            return gather(
                (_owned(f, _class_of(receiver), owner),)
                for f in target
                if isinstance(f, FunctionObject)
            )
        case Wrapper(kind="partial method"):
            inner = gather(_bind(v, receiver, owner) for v in value.target)
            return (Wrapper("partial", inner, value.positional, value.keywords),)
        case Wrapper(
            kind="context manager" | "async context manager" | "runner" | "single dispatch" as kind
        ):
            inner = gather(_bind(v, receiver, owner) for v in value.target)
            return (Wrapper(kind, inner, value.positional, value.keywords, value.name),)
        case _:
            return (value,)


def _owned(value: FunctionObject, receiver: Value | None, owner: ClassObject) -> FunctionObject:
    return FunctionObject(value.file, value.function, value.closure, receiver, owner)


def _class_of(receiver: Value) -> Value:
    return receiver.cls if isinstance(receiver, Instance) else receiver


def is_static(function: r.Function) -> bool:
    """Whether a function defined in a class takes neither ``self`` nor ``cls``."""
    return function.name.rpartition(".")[2] in IMPLICIT_STATIC or _decorated(function, "staticmethod")


def is_class_method(function: r.Function) -> bool:
    """Whether the first parameter of a function defined in a class is the class."""
    name = function.name.rpartition(".")[2]
    return name in IMPLICIT_CLASS or _decorated(function, "classmethod")


def _decorated(function: r.Function, name: str) -> bool:
    return any(isinstance(d, r.Name) and d.name == name for d in function.decorators)
