"""Patterns of ``match``: what they say of their subject, and the names they bind."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.attributes import read
from blocklint.flow.edges import NOWHERE
from blocklint.flow.expressions import evaluate
from blocklint.flow.frames import BodyFrame
from blocklint.flow.instance_tests import of_classes
from blocklint.flow.operators import item_of
from blocklint.flow.protocols import site
from blocklint.flow.sequences import LIST, positions
from blocklint.flow.unpacking import unpacked
from blocklint.model import Via
from blocklint.project.scopes import places
from blocklint.project.values import (
    Instance,
    LibraryInstance,
    Literal,
    Tuple,
    Unknown,
    Value,
    Values,
    gather,
)


def bind_pattern(frame: BodyFrame, pattern: r.Pattern, subject: Values) -> None:
    """Bind what a pattern captures; a class pattern says what the subject is."""
    subject = _as_class(frame, pattern, subject)
    for position, child in enumerate(pattern.children):
        bind_pattern(frame, child, _part(frame, pattern, position, subject))
        if pattern.kind == "capture":
            subject = _as_class(frame, child, subject)
    if pattern.name is not None:
        frame.assign(pattern.name, subject)


def _as_class(frame: BodyFrame, pattern: r.Pattern, subject: Values) -> Values:
    """The subject where a pattern matches: of the class that it names."""
    if pattern.kind != "class" or pattern.expression is None:
        return subject
    named = instances(evaluate(frame, pattern.expression))
    kept = of_classes(frame, subject, pattern.expression, True)
    return kept or named


def _part(frame: BodyFrame, pattern: r.Pattern, position: int, subject: Values) -> Values:
    """The part of the subject that one of a pattern's children is matched with."""
    first = len(pattern.children) - len(pattern.attributes)
    named = pattern.attributes[position - first] if position >= first else None
    if pattern.kind in ("capture", "or"):
        return subject
    if pattern.kind == "sequence":
        starred = [child.kind == "star" for child in pattern.children]
        return unpacked(frame, _long_enough(subject, starred), (places(starred)[position],))
    if pattern.kind == "mapping" and named is not None:
        key: Values = (Literal(named),)
        return gather(item_of(frame, v, key, NOWHERE) for v in subject if not _is_sequence(v))
    if pattern.kind == "class" and pattern.expression is not None:
        where = site(pattern.expression, Via.ATTRIBUTE)
        if named is not None:
            return read(frame, subject, named, where)
        return gather(_field(frame, value, position) for value in subject)
    return (Unknown("pattern"),)


def _is_sequence(value: Value) -> bool:
    return type(value) is Tuple or (type(value) is LibraryInstance and value.name == LIST)


def _field(frame: BodyFrame, value: Value, position: int) -> Values:
    """What a positional pattern is matched with: a field of a dataclass or named tuple."""
    if isinstance(value, Instance):
        fields = frame.inference.record(value.cls).positional
        if position < len(fields):
            return frame.inference.instance_member(value, fields[position]).values
    return (Unknown("pattern"),)


def _long_enough(subject: Values, starred: list[bool]) -> Values:
    """The subject without lists and tuples of another length than the pattern's, unless no other is left."""
    least = starred.count(False)
    kept = tuple(v for v in subject if (items := positions(v)) is None or len(items) == least or any(starred))
    return kept or subject
