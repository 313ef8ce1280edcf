"""Types: from the value of an annotation to the instances it stands for."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.knowledge.records import TypeUnion
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    Instance,
    Library,
    LibraryInstance,
    Literal,
    Tuple,
    TypeForm,
    Unknown,
    Value,
    Values,
    gather,
    union,
)

# typing's names for what has another canonical name; PEP 585 and typing's documentation.
ALIASES = {
    **{f"typing.{name}": f"builtins.{name.lower()}" for name in ("List", "Dict", "Set", "Tuple", "Type")},
    "typing.FrozenSet": "builtins.frozenset",
    "typing.Text": "builtins.str",
    "typing.DefaultDict": "builtins.dict",
    "typing.OrderedDict": "builtins.dict",
    "collections.defaultdict": "builtins.dict",
    "collections.OrderedDict": "builtins.dict",
    "typing.Deque": "builtins.list",
    "collections.deque": "builtins.list",
    "typing.ContextManager": "contextlib.AbstractContextManager",
    "typing.AsyncContextManager": "contextlib.AbstractAsyncContextManager",
    **{
        f"{module}.{name}": f"collections.abc.{canonical}"
        for module in ("typing", "collections.abc")
        for name, canonical in {
            "Generator": "Iterator",
            "Iterator": "Iterator",
            "Iterable": "Iterable",
            "Sequence": "Iterable",
            "MutableSequence": "Iterable",
            "Collection": "Iterable",
            "AsyncGenerator": "AsyncIterator",
            "AsyncIterator": "AsyncIterator",
            "AsyncIterable": "AsyncIterator",
            "Awaitable": "Awaitable",
            "Callable": "Callable",
        }.items()
    },
    "typing.Mapping": "builtins.dict",
    "typing.MutableMapping": "builtins.dict",
    "collections.abc.Mapping": "builtins.dict",
    "collections.abc.MutableMapping": "builtins.dict",
}

# Types that say nothing about what a value does: other sources are asked first.
WEAK = frozenset(
    {"typing.Any", "builtins.object", "collections.abc.Callable", "typing.TypeVar", "typing.Self"}
)

CALLABLE = "collections.abc.Callable"

# Qualifiers: the type is their first argument.
TRANSPARENT = frozenset(
    f"typing.{name}" for name in ("ClassVar", "Final", "Required", "NotRequired", "ReadOnly")
) | {"dataclasses.InitVar", "sqlalchemy.orm.Mapped"}

TYPE_VARIABLE = Literal("type variable")


def canonical_type(name: str) -> str:
    """The canonical name of a type: ``builtins.list`` for ``typing.List``."""
    if name.startswith("typing_extensions."):
        name = name.replace("typing_extensions.", "typing.")
    return ALIASES.get(name, name)


def instances(values: Values) -> Values:
    """The instances that the values of an annotation stand for."""
    if len(values) == 1:
        return _instances(values[0])
    return gather(_instances(value) for value in values)


def _instances(value: Value) -> Values:
    if type(value) is ClassObject:
        return (Instance(value),)
    if type(value) is Library:
        if not value.arguments:
            return _plain_instances(value.name)
        return _library_instances(canonical_type(value.name), tuple(map(instances, value.arguments)))
    if type(value) is TypeForm:
        return value.instances
    if type(value) is Unknown or value == NONE:
        return (value,)
    return (Unknown("not a type"),)


@functools.lru_cache(maxsize=4096)
def _plain_instances(name: str) -> Values:
    return _library_instances(canonical_type(name), ())


def _library_instances(name: str, arguments: tuple[Values, ...]) -> Values:
    if name == CALLABLE and arguments:
        return (LibraryInstance(name, arguments),)
    if name in WEAK:
        return (Unknown(name),)
    if name == "builtins.tuple":
        return (Tuple(arguments),) if arguments else (LibraryInstance(name),)
    return (LibraryInstance(name, arguments),)


def subscripted(frame: Frame, value: Value, items: Sequence[r.Expression]) -> Values:
    """The value of ``value[items]`` where ``value`` is a class or type form."""
    evaluate = frame.inference.evaluate
    match value:
        case ClassObject(file=file, definition=definition, closure=closure):
            arguments = tuple(evaluate(frame, item) for item in items)
            return (ClassObject(file, definition, closure, arguments),)
        case Library(name=name):
            return _subscripted_library(frame, canonical_type(name), items)
        case _:
            return (value,)


def _subscripted_library(frame: Frame, name: str, items: Sequence[r.Expression]) -> Values:
    evaluate = frame.inference.evaluate
    if name == "typing.Literal":
        return (TypeForm((LibraryInstance("builtins.str"),)),)
    found = [evaluate(frame, item) for item in items]
    if not found:
        return (Library(name),)
    if name == "typing.Optional":
        return (TypeForm(union(instances(found[0]), (NONE,))),)
    if name == "typing.Union":
        return (TypeForm(gather(map(instances, found))),)
    if name == "typing.Annotated":
        return (TypeForm(instances(found[0]), gather([_metadata(found[0]), *found[1:]])),)
    if name in TRANSPARENT:
        return (TypeForm(instances(found[0])),)
    if name == "builtins.type":
        return (TypeForm(found[0]),)
    if name == CALLABLE:
        return (Library(name, (found[-1],)),)
    if name in ("typing.Coroutine", "collections.abc.Coroutine"):
        return (Library("collections.abc.Awaitable", (found[-1],)),)
    if name == "builtins.tuple" and isinstance(items[-1], r.Constant) and items[-1].kind == "...":
        return (Library("builtins.list", (found[0],)),)
    return (Library(name, tuple(found)),)


def _metadata(values: Values) -> Values:
    return gather(value.metadata for value in values if isinstance(value, TypeForm))


def metadata(values: Values) -> Values:
    """The metadata of ``Annotated`` types among the values of an annotation."""
    if not any(type(value) is TypeForm for value in values):
        return NOTHING
    return tuple(m for m in _metadata(values) if m != TYPE_VARIABLE)


def is_type(value: Value) -> bool:
    """Whether ``|`` or ``[]`` on a value makes a type."""
    return type(value) in TYPES or value == NONE


TYPES = frozenset({ClassObject, TypeForm, Library})


def is_weak_class(inference: Inference, cls: ClassObject) -> bool:
    """Protocols and abstract base classes: what implements them is asked for first."""
    bases = inference.mro(cls)[1:]
    if "typing.Protocol" in bases or "abc.ABC" in bases:
        own = inference.project.class_bindings[cls.definition]
        kinds = r.Name | r.Attribute | r.Subscript
        names = {_last_name(base) for base in cls.definition.bases if isinstance(base, kinds)}
        return bool(names & {"Protocol", "ABC"}) or not own
    return any(keyword.name == "metaclass" for keyword in cls.definition.keywords)


def _last_name(base: r.Name | r.Attribute | r.Subscript) -> str:
    inner: r.Expression = base.value if isinstance(base, r.Subscript) else base
    return inner.name if isinstance(inner, r.Name | r.Attribute) else ""


def decides(inference: Inference, values: Values) -> bool:
    """Whether annotated instances are concrete enough to need no other source."""
    for value in values:
        kind = type(value)
        if kind is LibraryInstance:
            if value.name != CALLABLE:  # type: ignore[attr-defined]
                return True
        elif kind is Instance:
            if not is_weak_class(inference, value.cls):  # type: ignore[attr-defined]
                return True
        elif kind is not Unknown and value != NONE:
            return True
    return False


def from_library(types: TypeUnion, receiver: LibraryInstance | None, result: Values) -> Values:
    """The values of a catalogue type; ``self`` and ``$0`` speak of ``receiver``."""
    if not types:
        return NOTHING
    if not result:
        return _from_plain(types, receiver)
    return _from_library(types, receiver, result)


@functools.lru_cache(maxsize=4096)
def _from_plain(types: TypeUnion, receiver: LibraryInstance | None) -> Values:
    return _from_library(types, receiver, NOTHING)


def _from_library(types: TypeUnion, receiver: LibraryInstance | None, result: Values) -> Values:
    found: list[Values] = []
    for item in types:
        name = item.name
        if name == "self":
            found.append((receiver,) if receiver is not None else NOTHING)
        elif name == "result":
            found.append(result)
        elif name.startswith("$"):
            position = int(name[1:])
            arguments = receiver.arguments if receiver is not None else ()
            found.append(arguments[position] if position < len(arguments) else (Unknown("element"),))
        elif name == "None":
            found.append((NONE,))
        else:
            arguments = tuple(from_library(a, receiver, result) for a in item.arguments)
            if name == "builtins.tuple" and arguments:
                found.append((Tuple(arguments),))
            else:
                found.append((LibraryInstance(name, arguments),))
    return gather(found)
