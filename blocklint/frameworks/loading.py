"""Objects from sessions: what queries and statements give, with which loader options."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.flow.mapped_objects import changed
from blocklint.frameworks.loaded import LOAD
from blocklint.knowledge.records import LibraryCallable
from blocklint.project.values import (
    NONE,
    ClassObject,
    Instance,
    LibraryInstance,
    Origin,
    Tuple,
    Unknown,
    Value,
    Values,
)

SYNC, ASYNC = "sync", "async"
SESSIONS = {
    "sqlalchemy.orm.Session": SYNC, "sqlalchemy.orm.scoped_session": SYNC, "sqlmodel.Session": SYNC,
    "sqlalchemy.ext.asyncio.AsyncSession": ASYNC, "sqlalchemy.ext.asyncio.async_scoped_session": ASYNC,
    "sqlmodel.ext.asyncio.session.AsyncSession": ASYNC,
}  # fmt: skip
GIVING = frozenset({"query", "get", "get_one", "scalar", "scalars", "execute", "exec"})
CHANGING = frozenset(
    {"add", "commit", "rollback", "expire", "expire_all", "expunge", "expunge_all", "refresh"}
)
"""The methods of sessions that do something to the objects that they have given."""
OPTIONS = frozenset(
    {
        "contains_eager", "defaultload", "defer", "immediateload", "joinedload", "joinedload_all", "lazyload",
        "load_only", "noload", "options", "raiseload", "selectin_polymorphic", "selectinload", "subqueryload",
        "subqueryload_all", "undefer", "undefer_group", "with_expression",
    }
)  # fmt: skip
STATEMENTS = frozenset({"sqlalchemy.select", "sqlalchemy.Select.options", "sqlalchemy.orm.Query.options"})

class Loading:
    """The value hook for sessions, statements and loader options."""

    names = frozenset(
        {
            *STATEMENTS, LOAD,
            *(f"{session}.{method}" for session in SESSIONS for method in GIVING | CHANGING),
            *(f"{owner}.{name}" for owner in ("sqlalchemy.orm", LOAD) for name in OPTIONS),
        }
    )  # fmt: skip
    registering = frozenset[str]()

    def parameter(self, frame: Frame, parameter: r.Parameter, declared: Values) -> Values | None:
        """Sessions come from elsewhere."""
        return None

    def call(
        self, frame: Frame, name: str, arguments: Arguments, site: CallSite
    ) -> Values | None:
        """What a session or a statement gives; None where it is no object of a class of the project."""
        owner, _, method = name.rpartition(".")
        if owner in SESSIONS and method in CHANGING:
            from blocklint.frameworks.following import may_load_later

            if may_load_later(frame.inference.project, frame.file):
                from blocklint.frameworks.expiring import note_change

                note_change(frame, SESSIONS[owner], method, arguments)
            return None
        if owner in SESSIONS:
            found = _given(frame, SESSIONS[owner], method, arguments)
            if found is not None:
                known = frame.inference.catalog.method(owner, method)
                frame.record(Edge(site, known or LibraryCallable(name)))
                return _later(found) if SESSIONS[owner] == ASYNC else found
        elif name == "sqlalchemy.select":
            return _selected(frame, arguments)
        elif name == LOAD:
            return (LibraryInstance(LOAD),)
        else:
            from blocklint.frameworks.loader_options import loader_option, with_loader_options

            if name in STATEMENTS:
                return with_loader_options(arguments)
            return (loader_option(method, arguments),)
        return None


def _later(values: Values) -> Values:
    return (LibraryInstance("collections.abc.Awaitable", (values,)),)


# -------------------------------------------------------------------- statements


def _entities(positional: Iterable[Values], session: str) -> list[Values]:
    """What is asked for, one by one: objects for classes, else nothing that is known."""
    found: list[Values] = []
    for values in positional:
        classes = [v for v in values if type(v) is ClassObject]
        objects = tuple(Instance(c, origin=Origin(session)) for c in classes)
        found.append(objects or (Unknown("column"),))
    return found


def _rows(entities: list[Values], single: bool) -> Values:
    """A row of a result: of one entity, for a query, that itself."""
    return entities[0] if single and len(entities) == 1 else (Tuple(tuple(entities)),)


def _asks_for_objects(frame: Frame, arguments: Arguments) -> bool:
    """Whether objects are asked for that are worth following."""
    for values in arguments.positional:
        for value in values:
            if type(value) is ClassObject:
                from blocklint.frameworks.following import is_plain

                if not is_plain(frame.inference, value, frame.file):
                    return True
    return False


def _selected(frame: Frame, arguments: Arguments) -> Values | None:
    """``select(User, Item)``: the rows and their first parts are its type arguments."""
    if not _asks_for_objects(frame, arguments) or arguments.open:
        return None
    entities = _entities(arguments.positional, "")
    return (LibraryInstance("sqlalchemy.Select", (_rows(entities, False), entities[0])),)


def _given(frame: Frame, session: str, method: str, arguments: Arguments) -> Values | None:
    """What a method of a session gives, once awaited."""
    if method == "query":
        if not _asks_for_objects(frame, arguments) or arguments.open:
            return None
        rows = _rows(_entities(arguments.positional, session), True)
        return (LibraryInstance("sqlalchemy.orm.Query", (rows,)),)
    if method in ("get", "get_one"):
        if not _asks_for_objects(frame, arguments):
            return None
        found = _entities(arguments.positional[:1], session)[0]
        options = arguments.at(None, "options")
        if options:
            from blocklint.frameworks.loader_options import with_written

            found = with_written(found, options)
        return found if method == "get_one" else (*found, NONE)
    statement = next((v for v in arguments.at(0, "statement") if _is_select(v)), None)
    if type(statement) is not LibraryInstance:
        return None
    rows, first = (changed(each, functools.partial(_run_by, session)) for each in statement.arguments)
    if method == "scalar":
        return (*first, NONE)
    if method == "exec" and _width(rows) == 1:
        rows = first
    if session == ASYNC:
        parts = (first, first) if method == "scalars" else (rows, first)
        return (LibraryInstance("sqlalchemy.ext.asyncio.BufferedResult", parts),)
    if method == "scalars" or rows is first:
        return (LibraryInstance("sqlalchemy.ScalarResult", (first,)),)
    return (LibraryInstance("sqlalchemy.Result", (rows, first)),)


def _is_select(value: Value) -> bool:
    return type(value) is LibraryInstance and value.name == "sqlalchemy.Select" and len(value.arguments) == 2


def _width(rows: Values) -> int:
    return len(rows[0].items) if len(rows) == 1 and type(rows[0]) is Tuple else 0


def _run_by(session: str, origin: Origin | None) -> Origin | None:
    return None if origin is None else msgspec.structs.replace(origin, session=session)
