"""Which objects are worth following from the session that gives them.

Following costs time. Objects of a class that has columns only, in a project without relationships or
deferred columns whose commits expire nothing, are left unknown: reading them runs nothing.
"""

from __future__ import annotations

import functools

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.project.index import Project
from blocklint.project.uses import last_name
from blocklint.project.values import ClassObject

LOADING_LATER = (
    "relationship", "relation", "Relationship", "dynamic_loader", "deferred", "column_property",
    "association_proxy", "defer", "load_only", "map_imperatively", "mapper", "expire", "expire_all",
)  # fmt: skip
"""The last names of what gives objects attributes that are loaded when they are read."""

COLUMNS = frozenset({"Column", "mapped_column", "Field"})
"""The last names of what makes the columns in the body of a class."""


def is_plain(inference: Inference, cls: ClassObject, file: str) -> bool:
    """Whether an object of a class that a session gives in a file does nothing when it is used."""
    if may_load_later(inference.project, file) or may_load_later(inference.project, cls.file):
        return False
    return all(type(item) is not ClassObject or _has_columns(item.definition) for item in inference.mro(cls))


def may_load_later(project: Project, file: str) -> bool:
    """Whether an attribute of an object that a file has from a session may be loaded when it is read."""
    return _loads_later(project) or file in _rolled_back_in(project)


@functools.lru_cache(maxsize=8)
def _loads_later(project: Project) -> bool:
    if not keeps_loaded(project) or any(project.uses.callers(name) for name in LOADING_LATER):
        return True
    places = project.uses.callers("mapped_column")
    columns = [call for _, body in places for call in project.uses.calls(body, "mapped_column")]
    return any(keyword.name in (None, "deferred") for call in columns for keyword in call.keywords)


@functools.lru_cache(maxsize=8)
def _rolled_back_in(project: Project) -> frozenset[str]:
    """The files that roll back: that expires objects even where a commit does not."""
    return frozenset(file for file, _ in project.uses.callers("rollback"))


@functools.lru_cache(maxsize=1024)
def _has_columns(cls: r.Class) -> bool:
    """Whether the body of a class has columns, settings and text only."""
    for statement in cls.body:
        if type(statement) is not r.Assign and type(statement) is not r.Evaluate:
            return False
        value = statement.value
        if type(value) is r.Call:
            deferring = any(keyword.name in (None, "deferred") for keyword in value.keywords)
            if deferring or last_name(value) not in COLUMNS:
                return False
    return True


MAKING_SESSIONS = (
    "sessionmaker", "async_sessionmaker", "Session", "AsyncSession", "create_session", "scoped_session",
    "configure", "SQLAlchemy",
)  # fmt: skip


@functools.lru_cache(maxsize=8)
def keeps_loaded(project: Project) -> bool:
    """Whether the project makes some session whose objects stay loaded when it commits.

    Which session is which is not told apart: then no commit is taken to expire anything.
    """
    for maker in MAKING_SESSIONS:
        for _, function in project.uses.callers(maker):
            for call in project.uses.calls(function, maker):
                for keyword in call.keywords:
                    if keyword.name in (None, "expire_on_commit", "session_options"):
                        if not (type(keyword.value) is r.Constant and keyword.value.value is True):
                            return True
    return False
