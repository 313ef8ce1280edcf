"""A small mapped database, made anew for every call that is executed."""

from __future__ import annotations

import asyncio
import importlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.oracle_sqlalchemy.recording import CHECKOUT, RECORDER, install

install()
sa: Any = importlib.import_module("sqlalchemy")
orm: Any = importlib.import_module("sqlalchemy.orm")
pool: Any = importlib.import_module("sqlalchemy.pool")
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where databases are made: thousands of them, which need not survive."""
VERSION: str = sa.__version__
RELEASE = tuple(map(int, VERSION.split(".")[:2]))
try:
    aio: Any = importlib.import_module("sqlalchemy.ext.asyncio")
    importlib.import_module("aiosqlite")
except ImportError:  # not in 1.3
    aio = None


def _base() -> Any:
    if hasattr(orm, "declarative_base"):
        return orm.declarative_base()
    return importlib.import_module("sqlalchemy.ext.declarative").declarative_base()


Base = _base()


class User(Base):  # type: ignore[misc, valid-type]
    """A table with everything that loads late."""

    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50))
    addresses = orm.relationship("Address", back_populates="user", cascade="all, delete-orphan")
    tags = orm.relationship("Tag", lazy="dynamic")


class Address(Base):  # type: ignore[misc, valid-type]
    """The other end of a relationship that is loaded when it is read."""

    __tablename__ = "addresses"
    id = sa.Column(sa.Integer, primary_key=True)
    user_id = sa.Column(sa.ForeignKey("users.id"))
    user = orm.relationship("User", back_populates="addresses")


class Tag(Base):  # type: ignore[misc, valid-type]
    """What a dynamic relationship gives."""

    __tablename__ = "tags"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50))
    user_id = sa.Column(sa.ForeignKey("users.id"))


class Author(Base):  # type: ignore[misc, valid-type]
    """A table with a collection that is never loaded, where the version has such."""

    __tablename__ = "authors"
    id = sa.Column(sa.Integer, primary_key=True)
    if RELEASE >= (2, 0):
        books = orm.relationship("Book", lazy="write_only", passive_deletes=True)


class Book(Base):  # type: ignore[misc, valid-type]
    """What a write-only relationship holds."""

    __tablename__ = "books"
    id = sa.Column(sa.Integer, primary_key=True)
    author_id = sa.Column(sa.ForeignKey("authors.id"))


class World:
    """One database file with an engine, and the names that recipes may use (`names`)."""

    _template: Path | None = None

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.file = self.folder / "oracle.db"
        self.engines: list[Any] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        if World._template is not None:
            shutil.copy(World._template, self.file)
        self.engine = self._listened(
            sa.create_engine(f"sqlite:///{self.file}", poolclass=pool.QueuePool, pool_size=5)
        )
        if World._template is None:
            self._fill()
        self.names: dict[str, Any] = {
            "__name__": "oracle", "sa": sa, "orm": orm, "pool": pool, "aio": aio, "engine": self.engine, "world": self,
            "User": User, "Address": Address, "Tag": Tag, "Author": Author, "Book": Book, "Base": Base, "users": User.__table__,
            "select_one": selected(sa.literal_column("1")), "select_users": selected(User.__table__.c.id).where(User.__table__.c.id == 2),
            "select_entities": selected(User) if RELEASE > (1, 3) else selected(User.__table__),
            "insert_user": User.__table__.insert().values(name="new"),
        }  # fmt: skip

    def _listened(self, engine: Any) -> Any:
        sync = getattr(engine, "sync_engine", engine)
        _add_two_phase(sync.dialect)
        if sync is engine:  # the pool of an asynchronous engine lets the loop go on
            sa.event.listen(sync, "checkout", lambda *_: RECORDER.note(CHECKOUT))
        self.engines.append(engine)
        return engine

    def _fill(self) -> None:
        Base.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            for row in range(1, 5):
                connection.execute(User.__table__.insert().values(id=row, name=f"user {row}"))
                connection.execute(Address.__table__.insert().values(id=row, user_id=row))
                connection.execute(Tag.__table__.insert().values(id=row, user_id=row))
                connection.execute(Author.__table__.insert().values(id=row))
                connection.execute(Book.__table__.insert().values(id=row, author_id=row))
        World._template = Path(tempfile.mkdtemp(dir=MEMORY)) / "template.db"
        shutil.copy(self.file, World._template)

    def warm(self) -> Any:
        """The engine, with an idle connection in its pool."""
        with RECORDER.paused():
            self.engine.connect().close()
        return self.engine

    def session(self, **keywords: Any) -> Any:
        """A new session on the warm engine."""
        return orm.Session(bind=self.warm(), **keywords)

    def run(self, awaitable: Any) -> Any:
        """What an awaitable gives, on a loop in this thread."""
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
        return self.loop.run_until_complete(awaitable)

    def async_engine(self) -> Any:
        """An engine of the asyncio extension on the same file, with a pool as for a server on the network."""
        url, pooled = f"sqlite+aiosqlite:///{self.file}", pool.AsyncAdaptedQueuePool
        return self._listened(aio.create_async_engine(url, poolclass=pooled))

    def in_coroutine(self, call: Callable[[], Any]) -> Any:
        """What a call gives in a coroutine: on the event loop, outside the greenlet bridge."""

        async def coroutine() -> Any:
            return call()

        return self.run(coroutine())

    def in_run_sync(self, call: Callable[[], Any]) -> Any:
        """What a call gives inside ``run_sync`` of the session or connection that the state keeps as `bridge`."""
        return self.run(self.names["bridge"].run_sync(lambda _: call()))

    def async_session(self) -> Any:
        """The synchronous half of a session of the asyncio extension."""
        self.names["kept"] = aio.AsyncSession(self.async_engine())
        return self.names["kept"].sync_session

    def with_view(self) -> None:
        """Add a view."""
        connection = self.warm().raw_connection()
        connection.cursor().execute("create view seen as select id from users")
        connection.commit()


def _add_two_phase(dialect: Any) -> None:
    """sqlite has no two-phase transactions: its dialect is given the statements that others send."""
    dialect.do_begin_twophase = lambda connection, xid: None
    dialect.do_prepare_twophase = lambda connection, xid: _send(connection)
    dialect.do_commit_twophase = lambda connection, *_, **__: _send(connection)
    dialect.do_rollback_twophase = lambda connection, *_, **__: _send(connection)
    dialect.do_recover_twophase = _send


def _send(connection: Any) -> Any:
    connection.connection.cursor().execute("select 1")
    return []


def selected(*columns: Any) -> Any:
    """A SELECT in the way of the installed version."""
    return sa.select(list(columns)) if RELEASE == (1, 3) else sa.select(*columns)
