"""Dependencies that are made: closures, methods of objects that are called, cached ones, aliases, whole chains."""
import functools
import time
from contextlib import contextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Request
from fastapi.concurrency import contextmanager_in_threadpool

app = FastAPI()


def require(role):
    def check():
        time.sleep(0.001)
        return role

    return check


def require_async(role):
    async def check():
        time.sleep(0.001)
        return role

    return check


class Pool:
    def connection(self):
        time.sleep(0.001)
        return "connection"

    async def connection_async(self):
        time.sleep(0.001)
        return "connection"

    @classmethod
    async def create(cls):
        time.sleep(0.001)
        return cls()

    def __call__(self):
        time.sleep(0.001)
        yield "item"


def pool():
    return Pool()


@functools.lru_cache
def settings():
    time.sleep(0.001)
    return {}


class Session:
    def query(self):
        time.sleep(0.001)
        return []

    def read(self):
        time.sleep(0.001)
        return []

    def close(self):
        time.sleep(0.001)


def get_session():
    session = Session()
    try:
        yield session
    finally:
        session.close()


Db = Annotated[Session, Depends(get_session)]


class Repository:
    def __init__(self, session: Db):
        self.session = session

    def items(self):
        return self.session.query()


def repository(session: Db):
    return Repository(session)


@contextmanager
def opened():
    time.sleep(0.001)
    yield "opened"


async def in_threads():
    async with contextmanager_in_threadpool(opened()) as value:
        yield value


def logged():
    time.sleep(0.001)


def adds_task(tasks: BackgroundTasks):
    tasks.add_task(logged)


async def of_request(request: Request):
    time.sleep(0.001)
    return request.url.path


class Base:
    def authenticate(self):
        raise NotImplementedError

    async def __call__(self):
        return self.authenticate()


class Basic(Base):
    def authenticate(self):
        time.sleep(0.001)
        return "user"


@app.get("/")
async def endpoint(
    session: Db,
    a=Depends(require("admin")),
    b=Depends(require_async("admin")),
    c=Depends(pool().connection),
    d=Depends(pool().connection_async),
    e=Depends(Pool.create),
    f=Depends(Pool()),
    g=Depends(settings),
    h=Depends(in_threads),
    i=Depends(adds_task),
    j=Depends(of_request),
    k=Depends(Basic()),
):
    session.read()
    return {}


@app.get("/items")
async def items(repository: Repository = Depends(repository)):
    return repository.items()


@app.get("/items-def")
def items_def(repository: Annotated[Repository, Depends()]):
    return Session.read(repository.session)


@app.get("/dependency", dependencies=[Depends(require_async("other")), Depends(lambda: time.sleep(0.001))])
def with_dependencies():
    return {}
