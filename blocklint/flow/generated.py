"""Constructors that nobody wrote: of dataclasses, attrs, models, named tuples."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import decides
from blocklint.flow.base import Inference
from blocklint.flow.edges import Arguments, Member, Record
from blocklint.project.bounds import bounded
from blocklint.project.uses import last_name
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Library,
    Values,
    Wrapper,
)

MAKERS = frozenset({"field", "ib", "attrib", "Field", "PrivateAttr"})
"""The last names of the functions that describe a field: of dataclasses, attrs, pydantic."""

AFTER_INIT = ("__post_init__", "__attrs_post_init__", "model_post_init")
"""What generated constructors call: of dataclasses, attrs, pydantic."""


def record_of(inference: Inference, cls: ClassObject) -> Record:
    """What the generated constructor of a class takes and runs."""
    order = inference.mro(cls)
    by_library = any(isinstance(item, str) for item in order)
    positional: dict[str, None] = {}
    owners: dict[str, ClassObject] = {}
    factories: dict[str, Values] = {}
    is_record = by_library
    for item in reversed(order):
        if isinstance(item, str) or not (by_library or item.definition.decorators):
            continue
        is_record = True
        for name, statement in _fields(item.definition):
            owners[name] = item
            factories.pop(name, None)
            if _keyword(statement.value, "init") is False:
                positional.pop(name, None)
            elif _is_positional(item.definition, statement):
                positional[name] = None
            made = _factory(inference, item, name, statement.value)
            if made:
                factories[name] = made
    generated = is_record and not any(_keyword(d, "init") is False for d in cls.definition.decorators)
    hooks = tuple(name for name in AFTER_INIT if generated or name != "__post_init__")
    return Record(tuple(positional), owners, tuple(factories.items()), hooks)


def _fields(definition: r.Class) -> list[tuple[str, r.Assign]]:
    """The fields that a class body declares: by an annotation, or as ``attrs.field()``."""
    found = []
    for statement in definition.body:
        if isinstance(statement, r.Assign) and isinstance(statement.targets[0], r.Name):
            annotation = statement.annotation
            inner = annotation.value if isinstance(annotation, r.Subscript) else annotation
            is_described = isinstance(statement.value, r.Call) and last_name(statement.value) in MAKERS
            if last_name(inner) != "ClassVar" if inner is not None else is_described:
                found.append((statement.targets[0].name, statement))
    return found


def _keyword(node: r.Expression | None, name: str) -> object:
    """The constant that a call is given by a keyword, None for any other."""
    for keyword in node.keywords if isinstance(node, r.Call) else ():
        if keyword.name == name and isinstance(keyword.value, r.Constant):
            return keyword.value.value
    return None


def _is_positional(definition: r.Class, statement: r.Assign) -> bool:
    if _keyword(statement.value, "kw_only") is True:
        return False
    return not any(_keyword(d, "kw_only") is True for d in definition.decorators)


def _factory(
    inference: Inference, cls: ClassObject, field: str, value: r.Expression | None
) -> Values:
    """The code of the project that makes a field which is not given."""
    if not isinstance(value, r.Call) or last_name(value) not in MAKERS:
        return NOTHING
    for keyword in value.keywords:
        if keyword.name in ("default_factory", "factory"):
            # In ``token = field(factory=token)`` the class has no ``token`` yet.
            owner = None if last_name(keyword.value) == field else cls
            found = inference.evaluate(inference.scope(cls.file, cls.closure, owner), keyword.value)
            return tuple(v for v in found if _may_wait(inference, v))
    return NOTHING


def _may_wait(inference: Inference, value: object) -> bool:
    if isinstance(value, Library):
        known = inference.catalog.function(value.name)
        return known is not None and known.blocks is not None
    return isinstance(value, FunctionObject | ClassObject | Wrapper)


def fields_given(
    inference: Inference, record: Record, arguments: Arguments
) -> tuple[tuple[str, Values], ...]:
    """The arguments that become part of the instance: those whose annotation does not decide."""
    found = []
    for name, values in (*zip(record.positional, arguments.positional, strict=False), *arguments.keywords):
        kept = bounded(values)
        if not kept:
            continue
        # attrs takes ``x`` for ``_x``.
        field = f"_{name}" if name not in record.owners and f"_{name}" in record.owners else name
        owner = record.owners.get(field)
        if owner is None or not decides(inference, inference.annotated(owner, field)):
            found.append((field, kept))
    return tuple(found)


def factories_run(record: Record, arguments: Arguments) -> list[Values]:
    """The factories of the fields that a call does not give."""
    if not record.factories or arguments.open:
        return []
    given = {*record.positional[: len(arguments.positional)], *(name for name, _ in arguments.keywords)}
    return [made for name, made in record.factories if name not in given]


def field_getter(inference: Inference, value: Instance, name: str) -> Member | None:
    """``get`` of a TypedDict, which knows its fields."""
    if name != "get" or "typing.TypedDict" not in inference.mro(value.cls):
        return None
    return Member((Wrapper("field getter", (value,)),))
