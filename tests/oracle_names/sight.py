"""What a dotted name is in the installed libraries: by importing, reading attributes, annotations and source."""

from __future__ import annotations

import functools
import importlib
import inspect
import re
import typing
import warnings
from typing import Any, NamedTuple

MISSING = object()


class Seen(NamedTuple):
    """Something found. ``by`` says how: an object itself, or only that instances will have it."""

    value: Any
    by: str


@functools.cache
def imported(module: str) -> Any:
    """A module, or ``MISSING``; whatever importing it raises, it is not there for users either."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(module)
        except (Exception, SystemExit):
            return MISSING


def find(dotted: str) -> Seen | None:
    """What importing as much as possible and then reading attributes leads to."""
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        found = imported(".".join(parts[:count]))
        if found is not MISSING:
            seen: Seen | None = Seen(found, "import")
            for part in parts[count:]:
                seen = member(seen.value, part) if seen is not None else None
            if seen is not None:
                return seen
    return None


def member(owner: Any, name: str) -> Seen | None:
    """A member of a module, a class or an object."""
    if inspect.isclass(owner) or inspect.ismodule(owner):
        for found in (_static(owner, name), _read(owner, name)):
            if found is not MISSING:
                return Seen(found, "attribute")
    if inspect.isclass(owner):
        return _of_instances(owner, name) or _instead(owner, name)
    returned = _type_of(owner)
    if returned is not None:
        return member(returned, name)
    found = _read(owner, name)
    return None if found is MISSING else Seen(found, "attribute")


def _instead(cls: type, name: str) -> Seen | None:
    """The method that Python calls where a class lacks this one."""
    other = {"__contains__": "__iter__", "__iter__": "__getitem__"}.get(name)
    return member(cls, other) if other is not None else None


def _static(owner: Any, name: str) -> Any:
    """What a class has under a name, not what reading it from the class gives."""
    if not inspect.isclass(owner):
        return MISSING
    return next((vars(base)[name] for base in owner.__mro__ if name in vars(base)), MISSING)


def _read(owner: Any, name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return getattr(owner, name)
        except Exception:
            return MISSING


def _type_of(found: Any) -> Any:
    """The class of what a property, a descriptor or an annotated function of no arguments gives."""
    function = getattr(found, "fget", None) or getattr(found, "func", None)
    if function is None:
        return None if callable(found) or isinstance(found, str) else type(found)
    try:
        returned = typing.get_type_hints(function).get("return")
    except Exception:
        return None
    return returned if inspect.isclass(returned) else None


def _of_instances(cls: type, name: str) -> Seen | None:
    """What instances have: annotated, a field, or assigned to ``self`` in the source of a method."""
    for base in cls.__mro__:
        annotations = vars(base).get("__annotations__")
        fields = (annotations, getattr(base, "__dataclass_fields__", None), getattr(base, "model_fields", None))
        if any(isinstance(each, dict) and name in each for each in fields):
            annotated = annotations.get(name) if isinstance(annotations, dict) else None
            return Seen(annotated if inspect.isclass(annotated) else None, "annotation")
        if re.search(rf"\bself\.{name}\b(?:: [^=\n]+)? = |\bself\.{name}: ", _source(base)):
            return Seen(None, "assignment")
    return None


@functools.cache
def _source(cls: type) -> str:
    """The source of the methods: a class that tells another module as its own has none itself."""
    texts = []
    for method in vars(cls).values():
        if inspect.isfunction(method):
            try:
                texts.append(inspect.getsource(method))
            except (OSError, TypeError):
                continue
    return "\n".join(texts)


def is_property(found: Any) -> bool:
    """Whether reading it does something, and calling is no part of its use."""
    kinds = (property, functools.cached_property)
    return isinstance(found, kinds) or (hasattr(found, "__get__") and not callable(found) and not _method(found))


def _method(found: Any) -> bool:
    return isinstance(found, (staticmethod, classmethod)) or inspect.isroutine(found)


def is_callable(found: Any) -> bool:
    """Whether it may be called, as far as can be seen; a property's result may be callable."""
    return callable(found) or _method(found) or found is None or is_property(found)


def is_coroutine(found: Any) -> bool:
    """Whether it is written as ``async def``."""
    function = getattr(found, "__func__", found)
    return inspect.iscoroutinefunction(function)
