"""sqlite3 with a record of the calls that a database on the network would have to wait for."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

CONNECT, EXECUTE, FETCH, COMMIT, ROLLBACK, CLOSE = "connect", "execute", "fetch", "commit", "rollback", "close"
CHECKOUT = "checkout"
"""A connection is taken from the pool: it is opened, or waited for if all are in use."""


class Recorder:
    """The calls of one thread, or of all, in their order, while it records."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self._thread: int | None = 0
        """None: every thread; 0: none."""

    def note(self, event: str) -> None:
        """Record a call if it is made by a thread that is recorded."""
        if self._thread is None or threading.get_ident() == self._thread:
            self.events.append(event)

    @contextmanager
    def recording(self, *, every_thread: bool = False) -> Iterator[None]:
        """Record what the current thread does inside, or what all of them do."""
        self.events.clear()
        self._thread = None if every_thread else threading.get_ident()
        try:
            yield
        finally:
            self._thread = 0


    @contextmanager
    def paused(self) -> Iterator[None]:
        """Record nothing inside: what a recipe prepares is not what the call does."""
        recorded, self._thread = self._thread, 0
        try:
            yield
        finally:
            self._thread = recorded


RECORDER = Recorder()


class Cursor(sqlite3.Cursor):
    """A cursor whose statements and fetches are recorded."""

    def execute(self, *arguments: Any) -> Any:
        RECORDER.note(EXECUTE)
        return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        RECORDER.note(EXECUTE)
        return super().executemany(*arguments)

    def fetchone(self) -> Any:
        RECORDER.note(FETCH)
        return super().fetchone()

    def fetchmany(self, *arguments: Any) -> Any:
        RECORDER.note(FETCH)
        return super().fetchmany(*arguments)

    def fetchall(self) -> Any:
        RECORDER.note(FETCH)
        return super().fetchall()

    def __next__(self) -> Any:
        RECORDER.note(FETCH)
        return super().__next__()


class Connection(sqlite3.Connection):
    """A connection whose round trips are recorded. Named savepoints are released by statements: EXECUTE."""

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)

    def execute(self, *arguments: Any) -> Any:
        RECORDER.note(EXECUTE)
        return super().execute(*arguments)

    def commit(self) -> None:
        RECORDER.note(COMMIT)
        super().commit()

    def rollback(self) -> None:
        RECORDER.note(ROLLBACK)
        super().rollback()

    def close(self) -> None:
        RECORDER.note(CLOSE)
        super().close()


def install() -> None:
    """Let every driver that is built on sqlite3 make recorded connections."""
    import sqlite3.dbapi2 as dbapi2

    original = sqlite3.connect

    def connect(*arguments: Any, **keywords: Any) -> Any:
        RECORDER.note(CONNECT)
        keywords["factory"] = Connection
        return original(*arguments, **keywords)

    sqlite3.connect = dbapi2.connect = connect


def summary(events: Iterable[str]) -> list[str]:
    """The kinds of calls among some, each once."""
    return sorted(set(events))
