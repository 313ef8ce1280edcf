"""Objects that an async engine made, and the synchronous halves of them, which raise in a coroutine.

Each state of a synchronous half keeps as ``bridge`` whose ``run_sync`` it is to be used in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle_sqlalchemy.world import User, World, aio

State = str | Callable[[World], Any]
"""How a receiver is made: an expression, or a function."""


def async_session(world: World) -> Any:
    """A session of the asyncio extension that has loaded `user`."""
    session = aio.AsyncSession(world.async_engine())
    world.names["user"] = world.run(session.get(User, 1))
    return session


def async_connection(world: World) -> Any:
    """A connection of the asyncio extension in a transaction, and the `result` of its statement."""

    async def connected() -> Any:
        connection = await world.async_engine().connect()
        world.names["result"] = await connection.execute(world.names["select_users"])
        return connection

    return world.run(connected())


def _bridged_session(change: Callable[[Any, Any], Any] | None = None) -> Callable[[World], Any]:
    """The synchronous half of an asynchronous session that has loaded an object, and changed something."""

    def session(world: World) -> Any:
        found = world.names["bridge"] = async_session(world)
        if change is not None:
            world.run(found.run_sync(change, world.names["user"]))
        return found.sync_session

    return session


def _fresh_bridged_session(world: World) -> Any:
    world.names["user"] = User(id=3)
    world.names["bridge"] = aio.AsyncSession(world.async_engine())
    return world.names["bridge"].sync_session


def _bridged_query(make: Callable[[World], Any]) -> Callable[[World], Any]:
    return lambda world: make(world).query(User).filter(User.id == 2)


def _dynamic(world: World) -> Any:
    world.names["kept"] = _bridged_session()(world)
    return world.names["user"].tags


def _bridged_connection(*, used: bool) -> Callable[[World], Any]:
    def connection(world: World) -> Any:
        found = world.names["bridge"] = (
            async_connection(world) if used else world.run(world.async_engine().connect().start())
        )
        return found.sync_connection

    return connection


def _bridged_engine(*, warm: bool) -> Callable[[World], Any]:
    def engine(world: World) -> Any:
        async def used() -> None:
            async with found.connect():
                pass

        found = world.async_engine()
        if warm:
            world.run(used())
        world.names["bridge"] = world.run(world.async_engine().connect().start())
        return found.sync_engine

    return engine


_SESSION: dict[str, State] = {
    "begun": _bridged_session(),
    "fresh": _fresh_bridged_session,
    "pending": _bridged_session(lambda session, _: session.add(User(name="pending"))),
    "dirty": _bridged_session(lambda _, user: setattr(user, "name", "changed")),
    "expired": _bridged_session(lambda session, _: session.commit()),
    "nested": _bridged_session(lambda session, _: session.begin_nested()),
}

STATES: dict[str, dict[str, State]] = {
    "sqlalchemy.ext.asyncio.BridgedSession": _SESSION,
    "sqlalchemy.ext.asyncio.BridgedQuery": {
        "begun": _bridged_query(_bridged_session()),
        "fresh": _bridged_query(_fresh_bridged_session),
        "dynamic": _dynamic,
    },
    "sqlalchemy.ext.asyncio.BridgedConnection": {
        "used": _bridged_connection(used=True),
        "fresh": _bridged_connection(used=False),
    },
    "sqlalchemy.ext.asyncio.BridgedEngine": {
        "cold": _bridged_engine(warm=False),
        "warm": _bridged_engine(warm=True),
    },
}
