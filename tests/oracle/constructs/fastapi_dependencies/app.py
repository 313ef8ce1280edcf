"""FastAPI dependencies of every kind, where their providers run, and start-up and shutdown."""
import functools
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Security, WebSocket
from fastapi.concurrency import run_in_threadpool


@asynccontextmanager
async def lifespan(app):
    time.sleep(0.001)
    yield
    time.sleep(0.001)


def for_all():
    time.sleep(0.001)


async def for_all_async():
    time.sleep(0.001)


app = FastAPI(lifespan=lifespan, dependencies=[Depends(for_all), Depends(for_all_async)])


def plain():
    time.sleep(0.001)


async def coroutine():
    time.sleep(0.001)


class Service:
    def __init__(self):
        time.sleep(0.001)


class Checker:
    def __init__(self, word):
        self.word = word

    def __call__(self):
        time.sleep(0.001)


class AsyncChecker:
    async def __call__(self):
        time.sleep(0.001)


class Methods:
    def method(self):
        time.sleep(0.001)

    async def method_async(self):
        time.sleep(0.001)

    @staticmethod
    def static():
        time.sleep(0.001)

    @classmethod
    def of_class(cls):
        time.sleep(0.001)


@dataclass
class Settings:
    word: str = "a"

    def __post_init__(self):
        time.sleep(0.001)


def generator():
    time.sleep(0.001)
    yield 1
    time.sleep(0.001)


async def generator_async():
    time.sleep(0.001)
    yield 1
    time.sleep(0.001)


def sub():
    time.sleep(0.001)


async def sub_async():
    time.sleep(0.001)


def with_subs(a=Depends(sub), b=Depends(sub_async)):
    time.sleep(0.001)


def secured():
    time.sleep(0.001)


async def secured_async():
    time.sleep(0.001)


def annotated():
    time.sleep(0.001)


async def annotated_async():
    time.sleep(0.001)


def bound(word):
    time.sleep(0.001)


async def bound_async(word):
    time.sleep(0.001)


methods = Methods()


@app.get("/")
async def endpoint(
    two: Annotated[None, Depends(annotated)],
    three: Annotated[None, Depends(annotated_async)],
    service: Annotated[Service, Depends()],
    a=Depends(plain),
    b=Depends(coroutine),
    d=Depends(Checker("a")),
    e=Depends(AsyncChecker()),
    f=Depends(methods.method),
    g=Depends(methods.method_async),
    h=Depends(Methods.static),
    i=Depends(Methods.of_class),
    j=Depends(Settings),
    k=Depends(generator),
    m=Depends(generator_async),
    n=Depends(with_subs),
    o=Security(secured),
    p=Security(secured_async),
    q=Depends(functools.partial(bound, "word")),
    r=Depends(functools.partial(bound_async, "word")),
    s=Depends(lambda: time.sleep(0.001)),
):
    return {}


def by_hand():
    time.sleep(0.001)


@app.get("/by-hand")
async def calls_by_hand():
    by_hand()
    return {}


def in_pool():
    time.sleep(0.001)


@app.get("/in-pool")
async def calls_in_pool():
    await run_in_threadpool(in_pool)
    return {}


def in_decorator():
    time.sleep(0.001)


async def in_decorator_async():
    time.sleep(0.001)


@app.get("/decorator", dependencies=[Depends(in_decorator), Depends(in_decorator_async)])
def decorator():
    return {}


def of_router():
    time.sleep(0.001)


async def of_router_async():
    time.sleep(0.001)


def of_include():
    time.sleep(0.001)


async def of_include_async():
    time.sleep(0.001)


router = APIRouter(prefix="/router", dependencies=[Depends(of_router), Depends(of_router_async)])


@router.get("/")
def in_router():
    return {}


app.include_router(router, dependencies=[Depends(of_include), Depends(of_include_async)])


def replaced():
    time.sleep(0.001)  # never runs: it is overridden


def replacement():
    time.sleep(0.001)


async def replacement_async():
    time.sleep(0.001)


async def replaced_async():
    return None


app.dependency_overrides[replaced] = replacement
app.dependency_overrides[replaced_async] = replacement_async


@app.get("/overridden")
def overridden(a=Depends(replaced), b=Depends(replaced_async)):
    return {}


def for_socket():
    time.sleep(0.001)


async def for_socket_async():
    time.sleep(0.001)


@app.websocket("/socket")
async def socket(websocket: WebSocket, a=Depends(for_socket), b=Depends(for_socket_async)):
    await websocket.accept()
    await websocket.close()
