"""SQLAlchemy: factories whose product depends on their arguments.

``sessionmaker(class_=AsyncSession)`` is how SQLAlchemy 1.4 made asynchronous sessions, so the
class must be read; SQLAlchemy's documentation, "sessionmaker" and "async_sessionmaker".
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.base import Frame
from blocklint.flow.edges import (
    NO_ARGUMENTS,
    NOWHERE,
    Arguments,
    CallSite,
    Edge,
)
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks
from blocklint.project.values import (
    ClassObject,
    Instance,
    LibraryInstance,
    Unknown,
    Values,
    known,
)

INSPECTOR = "sqlalchemy.Inspector"
SESSION = "sqlalchemy.orm.Session"
ASYNC_SESSION = "sqlalchemy.ext.asyncio.AsyncSession"
FACTORIES = {
    "sqlalchemy.orm.sessionmaker": SESSION,
    "sqlalchemy.ext.asyncio.async_sessionmaker": ASYNC_SESSION,
}
SCOPED = {
    "sqlalchemy.orm.scoped_session": SESSION,
    "sqlalchemy.ext.asyncio.async_scoped_session": ASYNC_SESSION,
}


class SqlAlchemy:
    """The value hook for session factories."""

    names = frozenset({*FACTORIES, *SCOPED, "sqlalchemy.inspect", "sqlalchemy.Table"})
    registering = frozenset[str]()

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """SQLAlchemy passes nothing to parameters."""
        return None

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """``sessionmaker(…)`` and ``scoped_session(factory)`` with the session they make."""
        if name in FACTORIES:
            made = known(instances(arguments.at(2, "class_")))
            return (LibraryInstance(name, (made or (LibraryInstance(FACTORIES[name]),),)),)
        if name in SCOPED:
            factory = arguments.at(0, "session_factory")
            made = known(frame.inference.call(frame, factory, NO_ARGUMENTS, NOWHERE))
            return (LibraryInstance(name, (made or (LibraryInstance(SCOPED[name]),),)),)
        if name == "sqlalchemy.inspect":
            return _inspect(frame, arguments.at(0, "subject"), site)
        if name == "sqlalchemy.Table" and (
            arguments.at(None, "autoload_with") or arguments.at(None, "autoload")
        ):
            frame.record(Edge(site, LibraryCallable(name, Blocks.DATABASE, bridged=True)))
            return (LibraryInstance(name),)
        return None


def _inspect(frame: Frame, subject: Values, site: CallSite) -> Values | None:
    """Inspecting an engine checks out a connection; a connection, class or object costs nothing."""
    names = {value.name for value in subject if isinstance(value, LibraryInstance)}
    if "sqlalchemy.Engine" in names:
        frame.record(Edge(site, LibraryCallable("sqlalchemy.inspect", Blocks.DATABASE, bridged=True)))
        return (LibraryInstance(INSPECTOR),)
    if "sqlalchemy.Connection" in names:
        return (LibraryInstance(INSPECTOR),)
    if any(isinstance(value, Instance | ClassObject) for value in subject):
        return (Unknown("inspected"),)
    return None
