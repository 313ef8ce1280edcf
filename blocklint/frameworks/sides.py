"""The two sides of a relationship: which class has the foreign key, and how many objects each side sees.

A many-to-one loads nothing if its target is in the session already or its key is None; a collection and
the side of a one-to-one that has no key always ask the database (SQLAlchemy's "Basic Relationship Patterns").
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.base import Inference
from blocklint.flow.edges import Arguments
from blocklint.project.uses import last_name
from blocklint.project.values import ClassObject, Instance, Literal, Value, Values, known

ONE, MANY = "one", "many"
"""What ``uselist=`` or ``secondary=`` of a relationship says of it; "" where neither is written."""


def written_shape(arguments: Arguments) -> str:
    """``ONE`` or ``MANY`` as the arguments of ``relationship(…)`` say it, else ""."""
    uselist = arguments.at(None, "uselist")
    if uselist:
        return ONE if uselist == (Literal(False),) else MANY
    return MANY if arguments.at(None, "secondary") else ""


def is_many(inference: Inference, owner: Instance, target: Values, declared: Values, shape: str) -> bool:
    """Whether a relationship is a collection: by its annotation, its arguments or the foreign keys."""
    if known(declared):
        return not any(type(value) is Instance for value in declared)
    return shape == MANY or (not shape and not refers(inference, (owner,), target))


def always_asks(inference: Inference, owner: Instance, target: Values, declared: Values, shape: str) -> bool:
    """Whether reading a relationship that is not loaded goes to the database whatever the session has.

    So does a collection, and the one object whose table has the key. Where the foreign keys do not say
    which side this is, it is not sure.
    """
    if known(declared) or shape == MANY:
        if is_many(inference, owner, target, declared, shape):
            return True
    return refers(inference, target, (owner,)) and not refers(inference, (owner,), target)


def refers(inference: Inference, owners: Values, targets: Values) -> bool:
    """Whether a foreign key in the body of a class, or of its bases, leads to the table of another."""
    tables = {table for value in targets for table in _tables_of(inference, value)}
    return any(not tables.isdisjoint(_referred_to(inference, v.cls)) for v in owners if type(v) is Instance)


def _tables_of(inference: Inference, value: Value) -> set[str]:
    """The names of the table of a class; its own name in place of one that is made when it runs."""
    if type(value) is not Instance:
        return set()
    found = inference.find_member(value.cls, "__tablename__")
    named = {_plain(v.value) for v in found[1] if type(v) is Literal} if found is not None else set()
    return named or {_plain(value.cls.definition.name.rpartition(".")[2])}


def _plain(table: object) -> str:
    """The name of a table as classes are called that have it: ``user_groups`` is of ``UserGroups``."""
    return str(table).replace("_", "").lower()


def _referred_to(inference: Inference, cls: ClassObject) -> set[str]:
    found = set[str]()
    for item in inference.mro(cls):
        for each in expressions(item.definition.body) if isinstance(item, ClassObject) else ():
            if type(each) is r.Call:
                keys = [k.value for k in each.keywords if k.name in ("foreign_key", "refcolumns")]
                name = last_name(each)
                if name == "ForeignKey":
                    keys += each.arguments[:1]
                elif name == "ForeignKeyConstraint":
                    keys += each.arguments[1:2]
                found.update(_table_in(column) for key in keys for column in _columns(key))
    return found


def _columns(key: r.Expression) -> tuple[r.Expression, ...]:
    return key.items if type(key) is r.Collection else (key,)


def _table_in(column: r.Expression) -> str:
    """The table of ``"users.id"``, ``"public.users.id"``, ``User.id`` and ``users.c.id``."""
    if type(column) is r.Constant:
        return _plain(str(column.value).rpartition(".")[0].rpartition(".")[2])
    while type(column) is r.Attribute:
        column = column.value
    return _plain(column.name) if type(column) is r.Name else ""
