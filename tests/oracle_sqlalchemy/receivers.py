"""Objects to call methods on, in every state that can decide whether a method waits.

For each class of the catalogue the states by their names, the first of them the ordinary one; a state is a
Python expression over `World.names`, or a function of the world. A class without states has no instances here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle_sqlalchemy import bridged
from tests.oracle_sqlalchemy.bridged import State, async_connection, async_session
from tests.oracle_sqlalchemy.helpers import begun, loaded, new_table
from tests.oracle_sqlalchemy.world import RELEASE, Author, Base, User, World, aio, orm, sa, selected


def fresh(world: World) -> Any:
    world.names["user"] = User(id=3)
    return world.session()


def pending(world: World) -> Any:
    session = world.session()
    world.names["user"] = User(name="pending")
    session.add(world.names["user"])
    return session


def dirty(world: World) -> Any:
    session = begun(world)
    world.names["user"].name = "changed"
    return session


def expired(world: World) -> Any:
    session = begun(world)
    session.commit()
    return session


def nested(world: World) -> Any:
    session = begun(world)
    session.begin_nested()
    session.query(User.id).first()
    return session


def _factory(world: World, **keywords: Any) -> Any:
    return orm.sessionmaker(bind=world.warm(), **keywords)


def _scoped(make: Callable[[World], Any]) -> Callable[[World], Any]:
    def scoped(world: World) -> Any:
        registry = orm.scoped_session(_factory(world))
        registry.registry.set(make(world))
        return registry

    return scoped


def _transaction(used: bool) -> Callable[[World], Any]:
    def transaction(world: World) -> Any:
        session = world.session()
        found = session.begin() if RELEASE > (1, 3) else session.transaction
        if used:
            world.names["user"] = session.query(User).filter_by(id=1).one()
        world.names["kept"] = session
        return found

    return transaction


def _transaction_of(session: Any) -> Any:
    return session.get_transaction() if hasattr(session, "get_transaction") else session.transaction


def _query(make: Callable[[World], Any]) -> Callable[[World], Any]:
    return lambda world: make(world).query(User).filter(User.id == 2)


def _connection(used: bool) -> Callable[[World], Any]:
    def connection(world: World) -> Any:
        found = world.warm().connect()
        if used:
            if RELEASE < (2, 0):
                world.names["transaction"] = found.begin()
            found.execute(world.names["insert_user"])
        return found

    return connection


def _two_phase(world: World) -> Any:
    return world.warm().connect().begin_twophase()


def _two_phase_session(world: World) -> Any:
    return loaded(world, world.session(twophase=True))


SESSION: dict[str, State] = {
    "begun": begun, "fresh": fresh, "pending": pending, "dirty": dirty, "expired": expired, "nested": nested,
    "two-phase": _two_phase_session,
}  # fmt: skip


ENTITIES = selected(User).where(User.id == 1) if RELEASE > (1, 3) else None
"""A statement whose rows bring more statements with them when they are fetched."""
if ENTITIES is not None:
    ENTITIES = ENTITIES.options(orm.selectinload(User.addresses))


def _result(world: World) -> Any:
    world.names["kept"] = connection = world.warm().connect()
    return connection.execute(world.names["select_users"])


def _orm_result(world: World) -> Any:
    world.names["kept"] = session = world.session()
    return session.execute(ENTITIES)


def _bound(world: World) -> Any:
    """A statement of 1.x that knows where to be executed."""
    metadata = sa.MetaData(bind=world.warm())
    return selected(sa.Table("users", metadata, sa.Column("id", sa.Integer)).c.id)


def _bound_function(world: World) -> Any:
    return sa.func.count(sa.text("1"), bind=world.warm())


def _cursor(world: World) -> Any:
    cursor = world.warm().raw_connection().cursor()
    cursor.execute("select id from users")
    return cursor


def _async_scoped(world: World) -> Any:
    factory = orm.sessionmaker(world.async_engine(), class_=aio.AsyncSession)
    scoped = aio.async_scoped_session(factory, lambda: 1)
    scoped.registry.set(async_session(world))
    return scoped


def _begun_on(make: Callable[[World], Any]) -> Callable[[World], Any]:
    """A transaction on an asynchronous connection or session."""

    def transaction(world: World) -> Any:
        async def started() -> Any:
            return await owner.begin_nested()

        owner = make(world)
        return world.run(started())

    return transaction


def _streamed(world: World) -> Any:
    connection = async_connection(world)
    return world.run(connection.stream(world.names["select_users"]))


def _write_only(world: World) -> Any:
    session = world.session()
    world.names["author"] = session.get(Author, 1)
    return world.names["author"].books


def entered(manager: Any, world: World) -> Any:
    """A context manager inside which a statement has been executed."""
    session = manager.__enter__()
    world.names["user"] = session.query(User).filter_by(id=1).one()
    return manager


STATES: dict[str, dict[str, State]] = {
    "sqlalchemy.orm.Session": SESSION,
    "sqlalchemy.orm.SessionTransaction": {
        "used": _transaction(True), "unused": _transaction(False),
        "two-phase": lambda world: _transaction_of(_two_phase_session(world))},
    "sqlalchemy.orm.sessionmaker": {"made": _factory},
    "sqlalchemy.orm.SessionScope": {"made": lambda world: _factory(world).begin(), "used": lambda world: entered(_factory(world).begin(), world)},
    "sqlalchemy.orm.scoped_session": {name: _scoped(make) for name, make in SESSION.items() if callable(make)},
    "sqlalchemy.util.ScopedRegistry": {"made": lambda world: _scoped(begun)(world).registry},
    "sqlalchemy.orm.Query": {"begun": _query(begun), "fresh": _query(fresh), "pending": _query(pending)},
    "sqlalchemy.orm.AppenderQuery": {"begun": lambda world: begun(world).query(User).get(2).tags},
    "sqlalchemy.orm.WriteOnlyCollection": {"begun": _write_only},
    "sqlalchemy.orm.Load": {"joined": "orm.joinedload(User.addresses)", "made": "orm.Load(User)"},
    "sqlalchemy.Executable": {"bound": _bound, "made": "select_users"},
    "sqlalchemy.Compiled": {"made": "select_users.compile(engine)"},
    "sqlalchemy.FromClause": {"table": "users", "alias": "users.alias()"},
    "sqlalchemy.ColumnElement": {"column": "users.c.id", "comparison": "users.c.id == 1"},
    "sqlalchemy.FunctionElement": {"bound": _bound_function, "made": "sa.func.count(users.c.id)"},
    "sqlalchemy.FunctionGenerator": {"made": "sa.func"},
    "sqlalchemy.URL": {"made": "engine.url"},
    "sqlalchemy.Engine": {"warm": "world.warm()", "cold": "engine"},
    "sqlalchemy.Connection": {"used": _connection(True), "fresh": _connection(False)},
    "sqlalchemy.RootTransaction": {"begun": "world.warm().connect().begin()"},
    "sqlalchemy.Transaction": {"root": "world.warm().connect().begin()", "nested": "begin_nested(world)",
                               "two-phase": _two_phase},
    "sqlalchemy.TwoPhaseTransaction": {"begun": _two_phase},
    "sqlalchemy.Pool": {"warm": "world.warm().pool", "cold": "engine.pool"},
    "sqlalchemy.PoolProxiedConnection": {"made": "world.warm().raw_connection()"},
    "sqlalchemy.engine.interfaces.DBAPICursor": {"executed": _cursor},
    "sqlalchemy.Result": {"core": _result, "orm": _orm_result},
    "sqlalchemy.CursorResult": {"core": _result, "insert": "world.warm().connect().execute(insert_user)"},
    "sqlalchemy.ScalarResult": {"core": lambda world: _result(world).scalars(),
                                "orm": lambda world: _orm_result(world).scalars()},
    "sqlalchemy.MappingResult": {"core": lambda world: _result(world).mappings()},
    "sqlalchemy.FrozenResult": {"made": lambda world: _result(world).freeze()},
    "sqlalchemy.Row": {"made": lambda world: _result(world).fetchone()},
    "sqlalchemy.MetaData": {"new": lambda world: new_table(world).metadata, "created": lambda world: Base.metadata},
    "sqlalchemy.Table": {"new": new_table},
    "sqlalchemy.Index": {"new": "new_index(world)"},
    "sqlalchemy.Sequence": {"new": "sa.Sequence('numbers')"},
    "sqlalchemy.Inspector": {"engine": "sa.inspect(world.warm())", "connection": "sa.inspect(world.warm().connect())"},
    "sqlalchemy.orm.DeclarativeBase": {"made": "User"},
    "sqlalchemy.orm.registry": {"made": "orm.registry()"},
    "sqlalchemy.orm.Mapper": {"made": "sa.inspect(User)"},
    "sqlalchemy.orm.InstanceState": {"begun": lambda world: (begun(world), sa.inspect(world.names["user"]))[1]},
    "sqlalchemy.ext.automap.AutomapBase": {"made": "automap_base()"},
    "sqlalchemy.ext.declarative.DeferredReflection": {"made": "reflected()"},
    "sqlalchemy.ext.asyncio.AsyncSession": {"begun": async_session,
                                            "fresh": lambda world: aio.AsyncSession(world.async_engine())},
    "sqlalchemy.ext.asyncio.async_scoped_session": {
        "begun": _async_scoped},
    "sqlalchemy.ext.asyncio.async_sessionmaker": {"made": lambda world: aio.async_sessionmaker(world.async_engine())},
    "sqlalchemy.ext.asyncio.AsyncSessionTransaction": {
        "begun": _begun_on(async_session), "made": lambda world: async_session(world).begin_nested()},
    "sqlalchemy.ext.asyncio.AsyncEngine": {"cold": lambda world: world.async_engine()},
    "sqlalchemy.ext.asyncio.AsyncConnection": {
        "used": async_connection, "made": lambda world: world.async_engine().connect(),
        "started": lambda world: world.run(world.async_engine().connect().start())},
    "sqlalchemy.ext.asyncio.AsyncTransaction": {
        "begun": _begun_on(async_connection), "made": lambda world: async_connection(world).begin_nested()},
    "sqlalchemy.ext.asyncio.AsyncResult": {"core": _streamed},
    "sqlalchemy.ext.asyncio.AsyncScalarResult": {"core": lambda world: _streamed(world).scalars()},
    "sqlalchemy.ext.asyncio.AsyncMappingResult": {"core": lambda world: _streamed(world).mappings()},
    "sqlalchemy.ext.asyncio.BufferedResult": {
        "core": lambda world: (async_connection(world), world.names["result"])[1],
        "orm": lambda world: world.run(async_session(world).execute(
            ENTITIES))},
    **bridged.STATES,
}  # fmt: skip
