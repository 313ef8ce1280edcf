"""Attributes that no class body shows: ``backref=`` of the other side, classical mapping's ``properties``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.base import Inference
from blocklint.frameworks.loaded import LAZY, RELATIONSHIP, STRATEGIES, UNKNOWN
from blocklint.frameworks.sides import MANY, ONE
from blocklint.project.index import Project
from blocklint.project.values import ClassObject, Instance, LibraryInstance, Literal, Value, Values, gather

MAKERS = ("relationship", "relation", "Relationship", "dynamic_loader")
"""The last names of what makes relationships."""

CLASSICAL = ("map_imperatively", "mapper")
"""The last names of what maps a class to a table in a call."""


def other_side(inference: Inference, cls: ClassObject, name: str) -> LibraryInstance | None:
    """The relationship that a class has under a name without saying so, None if there is none."""
    mapped = {c.definition for c in inference.mro(cls) if isinstance(c, ClassObject)}
    for owner, made in _classical(inference, name):
        if owner.definition in mapped:
            return made
    for owner, call in _with_backref(inference.project, name):
        target = _relationship(inference, owner, call)
        if any(type(v) is Instance and v.cls.definition in mapped for v in target):
            return _reversed(owner, call)
    return None


def _with_backref(project: Project, name: str) -> Iterator[tuple[ClassObject, r.Call]]:
    """The relationships in class bodies whose ``backref`` is called so."""
    if not any(project.uses.callers(maker) for maker in MAKERS):
        return
    for file, definition in project.classes:
        for statement in definition.body:
            if type(statement) is r.Assign and type(statement.value) is r.Call:
                call = statement.value
                if _name(call) in MAKERS and _backref(call)[0] == name:
                    yield ClassObject(file, definition), call


def _name(call: r.Call) -> str:
    return call.callee.name if isinstance(call.callee, r.Name | r.Attribute) else ""


def _backref(call: r.Call) -> tuple[str, r.Call | None]:
    """The name of the other side, and the ``backref(…)`` that describes it, if one does."""
    for keyword in call.keywords:
        if keyword.name == "backref":
            value = keyword.value
            described = value if type(value) is r.Call and value.arguments else None
            named = described.arguments[0] if described is not None else value
            if type(named) is r.Constant and isinstance(named.value, str):
                return named.value, described
    return "", None


def _relationship(inference: Inference, owner: ClassObject, call: r.Call) -> Values:
    """What a relationship in the body of a class leads to."""
    made = inference.evaluate(inference.scope(owner.file, owner.closure, owner), call)
    return gather(v.arguments[0] for v in made if _is_relationship(v))


def _is_relationship(value: Value) -> TypeGuard[LibraryInstance]:
    return type(value) is LibraryInstance and value.name == RELATIONSHIP and bool(value.arguments)


def _reversed(owner: ClassObject, call: r.Call) -> LibraryInstance:
    """The other side of a relationship, as ``backref("name", lazy=…)`` describes it."""
    described = _backref(call)[1]
    keywords = {k.name: k.value for k in described.keywords} if described is not None else {}
    strategy, lazy = LAZY, keywords.get("lazy")
    if lazy is not None:
        strategy = STRATEGIES.get(lazy.value, UNKNOWN) if type(lazy) is r.Constant else UNKNOWN
    target: Values = (Instance(owner),)
    shape = MANY if any(k.name == "secondary" for k in call.keywords) else ""
    if "uselist" in keywords:
        shape = ONE
    return LibraryInstance(RELATIONSHIP, (target, (Literal(strategy),), (Literal(shape),), ()))


def _classical(inference: Inference, name: str) -> Iterator[tuple[ClassObject, LibraryInstance]]:
    """What calls that map classes give an attribute of this name, with its class."""
    project = inference.project
    for maker in CLASSICAL:
        for file, function in project.uses.callers(maker):
            for call in project.uses.calls(function, maker):
                properties = next((k.value for k in call.keywords if k.name == "properties"), None)
                if not call.arguments or properties is None:
                    continue
                for cls in inference.evaluate(inference.scope(file, None, None), call.arguments[0]):
                    if type(cls) is ClassObject:
                        for made in _property(inference, file, properties, name):
                            yield cls, made


def _property(
    inference: Inference, file: str, properties: r.Expression, name: str
) -> Iterator[LibraryInstance]:
    for each in expressions((properties,)):
        if type(each) is r.Collection and each.kind == "dict":
            for key, value in zip(each.keys, each.items, strict=True):
                if type(key) is r.Constant and key.value == name:
                    found = inference.evaluate(inference.scope(file, None, None), value)
                    yield from (v for v in found if _is_relationship(v))
