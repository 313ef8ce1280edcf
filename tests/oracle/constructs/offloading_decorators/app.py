"""Decorators that move a `def` off the loop, or leave it there: with and without arguments, classes, methods."""
import asyncio
import functools
import inspect
import time
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

app = FastAPI()
pool = ThreadPoolExecutor(2)


def threaded(function=None, *, executor=None):
    """With or without arguments."""
    if function is None:
        return functools.partial(threaded, executor=executor)

    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, functools.partial(function, *args, **kwargs))

    return wrapper


@threaded
def bare():
    time.sleep(0.001)


@threaded(executor=pool)
def with_pool():
    time.sleep(0.001)


class Offload:
    """A class as decorator."""

    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    async def __call__(self, *args, **kwargs):
        return await run_in_threadpool(self.function, *args, **kwargs)

    def __get__(self, instance, owner=None):
        return functools.partial(self.__call__, instance)


@Offload
def by_class():
    time.sleep(0.001)


class Repository:
    @Offload
    def find(self):
        time.sleep(0.001)

    @threaded
    def load(self):
        return self.deep()

    def deep(self):
        time.sleep(0.001)


def either(function):
    """Coroutine functions stay where they are, others go to a thread."""
    if asyncio.iscoroutinefunction(function):

        @functools.wraps(function)
        async def inner(*args, **kwargs):
            return await function(*args, **kwargs)

    else:

        @functools.wraps(function)
        async def inner(*args, **kwargs):
            return await asyncio.to_thread(function, *args, **kwargs)

    return inner


@either
def either_def():
    time.sleep(0.001)


@either
async def either_async():
    time.sleep(0.001)


def maybe(function):
    """Decided when it is called."""

    @functools.wraps(function)
    async def inner(*args, **kwargs):
        if inspect.iscoroutinefunction(function):
            return await function(*args, **kwargs)
        return await run_in_threadpool(function, *args, **kwargs)

    return inner


@maybe
def maybe_def():
    time.sleep(0.001)


@maybe
async def maybe_async():
    time.sleep(0.001)


def result(function):
    """What it gives is awaited if it can be: a `def` runs on the loop."""

    @functools.wraps(function)
    async def inner(*args, **kwargs):
        value = function(*args, **kwargs)
        if inspect.isawaitable(value):
            value = await value
        return value

    return inner


@result
def result_def():
    time.sleep(0.001)


@result
async def result_async():
    time.sleep(0.001)


def timed(function):
    @functools.wraps(function)
    async def inner(*args, **kwargs):
        began()
        try:
            return await function(*args, **kwargs)
        finally:
            ended()

    return inner


def began():
    time.sleep(0.001)


def ended():
    time.sleep(0.001)


@timed
@threaded
def stacked():
    time.sleep(0.001)


@app.get("/offloaded")
@threaded
def endpoint():
    time.sleep(0.001)
    return {}


@app.get("/either")
@either
def either_endpoint():
    time.sleep(0.001)
    return {}


@app.get("/result")
@result
def result_endpoint():
    time.sleep(0.001)
    return {}


@app.get("/all")
async def everything():
    await bare()
    await with_pool()
    await by_class()
    repository = Repository()
    await repository.find()
    await repository.load()
    await either_def()
    await either_async()
    await maybe_def()
    await maybe_async()
    await result_def()
    await result_async()
    await stacked()
    return {}
