"""Constructors that nobody wrote: of dataclasses, attrs, models, named tuples."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.annotations import decides
from blocklint.flow.base import Inference
from blocklint.flow.edges import Arguments, Member, Record
from blocklint.flow.invoked import invoked_by
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

AFTER_INIT = ("__post_init__", "__attrs_post_init__")
"""What generated constructors call: of dataclasses, attrs."""


def record_of(inference: Inference, cls: ClassObject) -> Record:
    """What the generated constructor of a class takes and runs."""
    order = inference.mro(cls)
    by_library = any(type(item) is str for item in order)
    positional: dict[str, None] = {}
    owners: dict[str, ClassObject] = {}
    factories: dict[str, Values] = {}
    is_record = by_library
    for item in reversed(order):
        if isinstance(item, str) or not (by_library or item.definition.decorators):
            continue
        is_record = True
        by_keyword = any(_keyword(d, "kw_only") is True for d in item.definition.decorators)
        for name, described in _fields(item.definition):
            owners[name] = item
            factories.pop(name, None)
            if not by_keyword and described is None:  # by far the most
                positional[name] = None
            elif described is not None:
                if _keyword(described, "init") is False:
                    positional.pop(name, None)
                elif not by_keyword and _keyword(described, "kw_only") is not True:
                    positional[name] = None
                factories[name] = _factory(inference, item, name, described)
    generated = is_record and not any(_keyword(d, "init") is False for d in cls.definition.decorators)
    hooks = tuple(name for name in AFTER_INIT if generated or name != "__post_init__")
    made = tuple((name, values) for name, values in factories.items() if values)
    return Record(tuple(positional), owners, made, hooks, invoked_by(inference, cls, "__init__"))


def _fields(definition: r.Class) -> Iterator[tuple[str, r.Call | None]]:
    """The fields that a class body declares, each with the call that describes it, if one does."""
    for statement in definition.body:
        if type(statement) is not r.Assign or type(statement.targets[0]) is not r.Name:
            continue
        value, annotation = statement.value, statement.annotation
        described = value if type(value) is r.Call and last_name(value) in MAKERS else None
        if annotation is None:
            if described is None:
                continue
        elif type(annotation) is r.Subscript and last_name(annotation.value) == "ClassVar":
            continue
        yield statement.targets[0].name, described


def _keyword(node: r.Expression | None, name: str) -> object:
    """The constant that a call is given by a keyword, None for any other."""
    for keyword in node.keywords if isinstance(node, r.Call) else ():
        if keyword.name == name and isinstance(keyword.value, r.Constant):
            return keyword.value.value
    return None


def _factory(
    inference: Inference, cls: ClassObject, field: str, described: r.Call
) -> Values:
    """The code of the project that makes a field which is not given."""
    for keyword in described.keywords:
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
