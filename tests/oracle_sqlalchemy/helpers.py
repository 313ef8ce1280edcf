"""Objects that states and recipes need: `HELPERS` are called in recipes by their names."""

from __future__ import annotations

import importlib
from typing import Any

from tests.oracle_sqlalchemy.world import RELEASE, User, World, orm, sa


def loaded(world: World, session: Any) -> Any:
    """A session with one object in it, in a transaction."""
    world.names["user"] = session.query(User).filter_by(id=1).one()
    return session


def begun(world: World) -> Any:
    """A session in a transaction, with an object that it has loaded: `user`."""
    return loaded(world, world.session())


def new_table(world: World) -> Any:
    """A table that is not in the database."""
    metadata = sa.MetaData(bind=world.warm()) if RELEASE < (2, 0) else sa.MetaData()
    return sa.Table("things", metadata, sa.Column("id", sa.Integer, primary_key=True))


def new_index(world: World) -> Any:
    """An index that is not in the database."""
    metadata = sa.MetaData(bind=world.warm()) if RELEASE < (2, 0) else sa.MetaData()
    table = sa.Table("users", metadata, sa.Column("id", sa.Integer), sa.Column("name", sa.String(50)))
    return sa.Index("by_name", table.c.name)


def begin_nested(world: World) -> Any:
    """A savepoint on a connection."""
    connection = world.warm().connect()
    connection.begin()
    return connection.begin_nested()


def automap_base() -> Any:
    """A new base of automap."""
    return importlib.import_module("sqlalchemy.ext.automap").automap_base()


def reflected() -> Any:
    """A class whose table is read from the database when it is prepared."""
    mixin = importlib.import_module("sqlalchemy.ext.declarative").DeferredReflection
    base = orm.declarative_base() if hasattr(orm, "declarative_base") else importlib.import_module(
        "sqlalchemy.ext.declarative").declarative_base()
    deferred = type("Deferred", (mixin, base), {"__abstract__": True})
    type("Reflected", (deferred,), {"__tablename__": "users"})
    return deferred


def reflecting(world: World) -> dict[str, Any]:
    """How a table is read from the database."""
    return {"autoload": True, "autoload_with": world.warm()} if RELEASE < (1, 4) else {"autoload_with": world.warm()}


def preparing(world: World) -> dict[str, Any]:
    """How automap reads the database."""
    return {"engine": world.warm(), "reflect": True} if RELEASE < (1, 4) else {"autoload_with": world.warm()}


def new_class() -> Any:
    """A class that is not mapped yet."""
    return type("Other", (), {"__tablename__": "others", "id": sa.Column(sa.Integer, primary_key=True)})


HELPERS = {
    "new_index": new_index, "begin_nested": begin_nested, "automap_base": automap_base, "reflected": reflected,
    "reflecting": reflecting, "preparing": preparing, "new_class": new_class, "begun": begun,
    "new_table": new_table,
}  # fmt: skip
