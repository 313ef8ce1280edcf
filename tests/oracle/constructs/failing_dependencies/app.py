"""FastAPI: what is given to `Depends` and fails: context managers, and coroutines hidden in a `def`."""
import time
from contextlib import asynccontextmanager, contextmanager

from fastapi import Depends, FastAPI

app = FastAPI()


@contextmanager
def session():
    time.sleep(0.001)  # never runs: a context manager is made, and entered by nobody
    yield 1


@asynccontextmanager
async def connection():
    time.sleep(0.001)  # never runs: as above
    yield 1


def bare():
    time.sleep(0.001)
    yield 1


async def bare_async():
    time.sleep(0.001)
    yield 1


@app.get("/context-manager")
def with_session(value=Depends(session)):
    return str(type(value))


@app.get("/async-context-manager")
async def with_connection(value=Depends(connection)):
    return str(type(value))


@app.get("/bare")
async def with_generator(value=Depends(bare)):
    return value


@app.get("/bare-async")
def with_async_generator(value=Depends(bare_async)):
    return value
