"""Protocols: the classes of the project that have all methods of one, without inheriting from it."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.project.values import ClassObject

PROTOCOL = "typing.Protocol"

MOST_IMPLEMENTERS = 3
"""A protocol that more classes fit says nothing about any of them: \"close\" fits half a project."""


def implementers(inference: Inference, protocol: ClassObject) -> tuple[ClassObject, ...]:
    """The classes that have the methods of a protocol; () if there are many."""
    if PROTOCOL not in inference.mro(protocol):
        return ()
    wanted = _methods(protocol.definition)
    if not wanted:
        return ()
    found: list[ClassObject] = []
    by_method = inference.project.classes_by_method
    for file, definition in by_method.get(min(wanted), ()):
        candidate = ClassObject(file, definition)
        if definition is protocol.definition or PROTOCOL in inference.mro(candidate):
            continue
        if wanted <= _all_methods(inference, candidate):
            found.append(candidate)
    return tuple(found) if len(found) <= MOST_IMPLEMENTERS else ()


def _methods(definition: r.Class) -> frozenset[str]:
    return frozenset(
        statement.function.name.rpartition(".")[2]
        for statement in definition.body
        if isinstance(statement, r.DefineFunction)
    )


def _all_methods(inference: Inference, cls: ClassObject) -> frozenset[str]:
    own = (c.definition for c in inference.mro(cls) if isinstance(c, ClassObject))
    return frozenset[str]().union(*map(_methods, own))
