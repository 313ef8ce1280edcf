"""What reading attributes of SQLAlchemy objects costs the event loop: LAG201, LAG202 and LAG504.

Run it with any Python that has SQLAlchemy 2 and aiosqlite: python docs/measure/implicit_loads.py
Every statement sleeps for 10 ms, as a database in the next rack would make it wait. Printed is, for each way
of reading 20 objects, how many statements ran on the event loop's thread and the longest time for which the
loop could run nothing else.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.exc import MissingGreenlet
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
from sqlalchemy.pool import StaticPool

LATENCY = 0.010
OBJECTS = 20


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list[Book]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


def authors() -> list[Author]:
    """Authors with two books each."""
    return [
        Author(id=key, name=str(key), books=[Book(id=2 * key), Book(id=2 * key + 1)])
        for key in range(1, OBJECTS + 1)
    ]


engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
on_loop: list[str] = []


@event.listens_for(engine, "before_cursor_execute")
def count(connection, cursor, statement, parameters, context, executemany):
    """Note the statements of the loop's thread; every one takes its time."""
    if threading.current_thread() is threading.main_thread():
        on_loop.append(statement)
    time.sleep(LATENCY)


async def longest_gap(read: Callable[[], object]) -> float:
    """The longest time in seconds between two turns of a task that only sleeps, while ``read`` runs."""
    gaps, done = [0.0], asyncio.Event()

    async def tick() -> None:
        before = time.perf_counter()
        while not done.is_set():
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            gaps.append(now - before)
            before = now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.005)
    on_loop.clear()
    read()
    done.set()
    await ticking
    return max(gaps)


async def synchronous() -> None:
    """Lazy and expired attributes of a synchronous session's objects, and what helps."""
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(authors())
        session.commit()

    def names(listed: list[Author]) -> list[int]:
        return [len(author.books) for author in listed]

    for name, options in (("lazy", ()), ("selectinload", (selectinload(Author.books),))):
        with Session(engine) as session:
            listed = list(session.scalars(select(Author).options(*options)))
            gap = await longest_gap(lambda listed=listed: names(listed))
            print(f"LAG201 {name:<24} {len(on_loop):3} statements, loop stood still {gap * 1000:4.0f} ms")
    for name, keeps in (("expired", False), ("expire_on_commit=False", True)):
        with Session(engine, expire_on_commit=not keeps) as session:
            listed = list(session.scalars(select(Author)))
            session.commit()
            gap = await longest_gap(lambda listed=listed: [author.name for author in listed])
            print(f"LAG202 {name:<24} {len(on_loop):3} statements, loop stood still {gap * 1000:4.0f} ms")


async def raises(name: str, session: AsyncSession, read: Callable[[], object]) -> None:
    """Print what a use raises."""
    try:
        read()
    except MissingGreenlet as error:
        print(f"LAG504 {name:<24} {type(error).__name__}")
    except Exception as error:  # 2.1 wraps it
        print(f"LAG504 {name:<24} {type(error).__name__} from {type(error.__cause__).__name__}")
    else:
        print(f"LAG504 {name:<24} nothing is raised")
    await session.rollback()


async def asynchronous() -> None:
    """The same of an asynchronous session."""
    bound = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    async with bound.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with async_sessionmaker(bound)() as session:
        session.add_all(authors())
        await session.commit()
        author = (await session.scalars(select(Author))).first()
        await raises("lazy relationship", session, lambda: author.books)
        author = (await session.scalars(select(Author).options(selectinload(Author.books)))).first()
        await raises("selectinload", session, lambda: author.books)
        author = (await session.scalars(select(Author))).first()
        await session.commit()
        await raises("expired by commit", session, lambda: author.name)
        await raises("sync_session.execute", session, lambda: session.sync_session.execute(select(Author)))
        counted = await session.run_sync(lambda sync: len(sync.get(Author, 1).books))
        print(f"LAG504 {'in run_sync':<24} {counted} books")
    await bound.dispose()


if __name__ == "__main__":
    asyncio.run(synchronous())
    asyncio.run(asynchronous())
