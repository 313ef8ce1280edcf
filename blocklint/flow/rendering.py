"""Text: f-strings, ``%``, ``format`` and ``str`` ask the objects in them for it."""

from __future__ import annotations

import re
import string

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.chains import INERT
from blocklint.flow.containers import TEXT, contents
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.protocols import among, call_special, is_plain, method_of, site
from blocklint.model import Via
from blocklint.project.values import (
    Instance,
    LibraryInstance,
    Literal,
    Mapping,
    Tuple,
    Value,
    Values,
    gather,
)

METHODS = {
    "": ("__format__", "__str__", "__repr__"),
    "s": ("__str__", "__repr__"),
    "r": ("__repr__",),
    "a": ("__repr__",),
}
"""By conversion ("" is formatting): the methods of which the first that a class has is called."""

ANY = frozenset(METHODS[""])

WITH_TEXT = frozenset({Instance, Tuple, Mapping, LibraryInstance})
"""The values that may have a method of the project called for their text, or hold one that has."""

SHOWN_WHOLE = frozenset({"builtins.list", "builtins.set", "builtins.tuple", "builtins.dict"})
"""Containers whose text is made of the ``repr`` of what they hold."""


def render(frame: Frame, values: Values, conversion: str, where: CallSite) -> None:
    """Call what turning values into text calls."""
    if frame.inference.project.special_methods.isdisjoint(METHODS[conversion]):
        return
    for value in values:
        if isinstance(value, Instance):
            name = _method(frame.inference, value, METHODS[conversion])
            if name is not None:
                call_special(frame, value, name, _arguments(name), among(where, values))
        elif held := _held(value):
            # One level: deeper containers are seldom printed.
            instances = tuple(item for item in held if isinstance(item, Instance))
            render(frame, instances, "r", among(where, held))


def _arguments(name: str) -> tuple[Values, ...]:
    return (TEXT,) if name == "__format__" else ()


def _method(inference: Inference, value: Instance, names: tuple[str, ...]) -> str | None:
    """The method that makes an instance's text.

    ``object.__str__`` calls ``__repr__``; a library class between may not.
    """
    name = method_of(inference, value, names)
    if name == "__repr__" and len(names) > 1 and not is_plain(inference, value.cls):
        return None
    return name


def _held(value: Value) -> Values:
    match value:
        case Tuple(items=items):
            return gather(items)
        case Mapping():
            return contents(value)
        case LibraryInstance(name=name, arguments=arguments) if name in SHOWN_WHOLE:
            return gather(arguments)
        case _:
            return ()


def formatted(frame: Frame, node: r.FormattedString) -> Values:
    """The value of an f-string; the objects in it are asked for their text."""
    evaluate = frame.inference.evaluate
    if frame.inference.project.special_methods.isdisjoint(ANY):
        for part in node.parts:
            if type(part) not in INERT:
                evaluate(frame, part)
        return TEXT
    for position, part in enumerate(node.parts):
        if type(part) is r.Constant:
            continue
        values = evaluate(frame, part)
        if not WITH_TEXT.isdisjoint(map(type, values)):
            conversion = "" if position else node.conversion
            render(frame, values, conversion, site(part, Via.OPERATOR))
    return TEXT


PERCENT = re.compile(r"%(?:\((?P<key>[^)]*)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>[a-zA-Z%])")


def by_percent(frame: Frame, template: Value, right: Values, where: CallSite) -> None:
    """``"%s" % x``: every operand is asked in the way that its place in the template says."""
    if frame.inference.project.special_methods.isdisjoint(ANY):
        return
    kinds = None
    if isinstance(template, Literal) and isinstance(template.value, str):
        kinds = [match["kind"] for match in PERCENT.finditer(template.value) if match["kind"] != "%"]
    for value in right:
        items = value.items if isinstance(value, Tuple) else ((value,),)
        if isinstance(value, Mapping):
            items = (contents(value),)
        for position, operand in enumerate(items):
            kind = "s" if kinds is None else kinds[position] if position < len(kinds) else ""
            if kind in ("s", "r", "a"):
                render(frame, operand, kind, where)


def by_method(frame: Frame, arguments: Arguments, site: CallSite) -> None:
    """``"{}".format(x)``: every argument is asked in the way that its field says."""
    callee = arguments.node.callee if arguments.node is not None else None
    template = callee.value if isinstance(callee, r.Attribute) else None
    if not isinstance(template, r.Constant) or not isinstance(template.value, str):
        for values in arguments.positional:
            render(frame, values, "", site)
        for _, values in arguments.keywords:
            render(frame, values, "", site)
        return
    for place, conversion in _fields(template.value):
        position = int(place) if place.isdecimal() else None
        render(frame, arguments.at(position, place), conversion, site)


def _fields(template: str) -> list[tuple[str, str]]:
    """The position or name of each field of a template, and its conversion."""
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        return []
    found: list[tuple[str, str]] = []
    for _, name, _, conversion in parsed:
        if name is not None:
            found.append((name or str(len(found)), conversion or ""))
    return [(name, conversion) for name, conversion in found if conversion in METHODS]
