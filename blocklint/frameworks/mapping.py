"""Attributes of mapped classes: what a class body says of them, and what reading one from an object loads.

``relationship(…)`` and its like are values that know their loading strategy; an object knows the session
that it comes from and what has been loaded since (``Origin``). What is lazy by which option follows
SQLAlchemy's documentation, "Relationship Loading Techniques" and "Column Loading Options".
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.edges import NO_ARGUMENTS, NOWHERE, Arguments, CallSite
from blocklint.flow.members import MAPPED, MAPPER
from blocklint.flow.origins import handed_at
from blocklint.frameworks.loaded import (
    ASYNC_ATTRS,
    DEFERRED,
    LAZY,
    PROXY,
    RELATIONSHIP,
    STRATEGIES,
    UNKNOWN,
)
from blocklint.project.values import (
    ClassObject,
    Instance,
    LibraryInstance,
    Literal,
    Values,
    gather,
)

RELATIONSHIPS = frozenset(
    {
        "sqlalchemy.orm.relationship", "sqlalchemy.orm.relation", "sqlalchemy.orm.dynamic_loader",
        "sqlalchemy.Relationship", "flask_sqlalchemy.SQLAlchemy.relationship",
    }
)  # fmt: skip
MAYBE_DEFERRED = frozenset({"sqlalchemy.orm.mapped_column", "sqlalchemy.orm.column_property"})
DECLARED = frozenset({"sqlalchemy.orm.declared_attr", "sqlalchemy.orm.declared_attr.directive"})
GETTERS = {f"{name}.__get__": name for name in (RELATIONSHIP, DEFERRED, PROXY, MAPPED, MAPPER, ASYNC_ATTRS)}


class Mapping:
    """The value hook for what the bodies of mapped classes are made of."""

    names = frozenset(
        {
            *RELATIONSHIPS, *DECLARED, *MAYBE_DEFERRED, *GETTERS, "sqlalchemy.orm.deferred",
            "sqlalchemy.ext.associationproxy.association_proxy",
        }
    )  # fmt: skip
    registering = frozenset[str]()

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """Mapping passes nothing to parameters."""
        return None

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """What an attribute of a mapped class is, and what reading it from an object gives."""
        kind = GETTERS.get(name)
        if kind is not None:
            from blocklint.frameworks.reading import read

            return read(frame, kind, arguments, site)
        if name in RELATIONSHIPS:
            return (relationship(frame, name, arguments),)
        if name in DECLARED:
            with frame.deferring():
                return frame.inference.call(frame, arguments.at(0, "fn"), NO_ARGUMENTS, NOWHERE)
        if name == "sqlalchemy.orm.deferred":
            return (LibraryInstance(DEFERRED),)
        if name in MAYBE_DEFERRED:
            deferred = arguments.at(None, "deferred")
            return (LibraryInstance(DEFERRED),) if deferred == (Literal(True),) else None
        return (LibraryInstance(PROXY, (arguments.at(0, "target_collection"),)),)


# ------------------------------------------------------------ in the class body


def relationship(frame: Frame, name: str, arguments: Arguments) -> LibraryInstance:
    """The value of ``relationship(…)``: target, strategy, one object or many, the other side's name."""
    from blocklint.frameworks.sides import written_shape

    given = arguments
    options = arguments.at(None, "sa_relationship_kwargs")
    if options:  # SQLModel passes these on
        found = [v for v in options if hasattr(v, "items")]
        keywords = tuple((str(k), values) for v in found for k, values in v.items)
        given = Arguments((), (*arguments.keywords, *keywords), not found or arguments.open)
    strategy = "dynamic" if name.endswith("dynamic_loader") else _strategy(given)
    target = _target(frame, arguments)
    other = given.at(None, "back_populates") or given.at(None, "backref")
    shape = Literal(written_shape(given))
    return LibraryInstance(RELATIONSHIP, (target, (Literal(strategy),), (shape,), _plain(other)))


def _plain(values: Values) -> Values:
    return tuple(value for value in values if type(value) is Literal)


def _strategy(arguments: Arguments) -> str:
    lazy = arguments.at(None, "lazy")
    if not lazy:
        return UNKNOWN if arguments.open else LAZY
    if len(lazy) != 1 or type(lazy[0]) is not Literal:
        return UNKNOWN
    return STRATEGIES.get(lazy[0].value, UNKNOWN)


def _target(frame: Frame, arguments: Arguments) -> Values:
    """The class that a relationship leads to: itself, by its name, or given by a function."""
    found: list[Values] = []
    for value in arguments.at(0, "argument"):
        if type(value) is Literal and isinstance(value.value, str):
            found.append(class_named(frame.inference, frame.file, value.value))
        elif type(value) is ClassObject:
            found.append((Instance(value),))
        else:
            made = frame.inference.call(frame, (value,), NO_ARGUMENTS, NOWHERE)
            found.append(tuple(Instance(v) for v in made if type(v) is ClassObject))
    if not found:
        written = handed_at(arguments.node, 0, "argument")
        if type(written) is r.Constant and isinstance(written.value, str):
            found.append(class_named(frame.inference, frame.file, written.value))
    return gather(found)


def class_named(inference: Inference, file: str, name: str) -> Values:
    """The class of a name as the registry of mapped classes knows it, () if there is not just one."""
    last = name.rpartition(".")[2]
    project = inference.project
    found = [(at, d) for at, d in project.classes if d.name.rpartition(".")[2] == last]
    if len(found) > 1:
        found = [each for each in found if each[0] == file] or [
            (at, d) for at, d in found if "__tablename__" in project.class_bindings[d]
        ]
    return (Instance(ClassObject(*found[0])),) if len(found) == 1 else ()
