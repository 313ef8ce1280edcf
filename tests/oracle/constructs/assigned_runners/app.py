"""Runners under other names: attributes of modules and objects, set at import or at startup, passed along."""
import asyncio
import time
import types
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

context_utils = types.ModuleType("context_utils")
context_utils.to_thread = asyncio.to_thread


class Runners:
    run = staticmethod(run_in_threadpool)
    inline = None


class Inline:
    """Looks like a runner, runs in place."""

    async def run(self, function, *args):
        return function(*args)


class InlineToo:
    async def run(self, function, *args):
        return function(*args)


def current():
    return asyncio.to_thread


@asynccontextmanager
async def lifespan(app):
    app.state.run = run_in_threadpool
    app.state.inline = Inline()
    Runners.inline = InlineToo().run
    yield


app = FastAPI(lifespan=lifespan)


def by_module():
    time.sleep(0.001)


def by_class():
    time.sleep(0.001)


def by_class_inline():
    time.sleep(0.001)


def by_state():
    time.sleep(0.001)


def by_state_inline():
    time.sleep(0.001)


def by_result():
    time.sleep(0.001)


def by_parameter():
    time.sleep(0.001)


def by_parameter_inline():
    time.sleep(0.001)


def by_default():
    time.sleep(0.001)


def by_choice():
    time.sleep(0.001)


async def inline(function, *args):
    return function(*args)


async def using(run, function):
    return await run(function)


async def with_default(function, run=asyncio.to_thread):
    return await run(function)


offload = run_in_threadpool if asyncio else inline


@app.get("/")
async def endpoint():
    await context_utils.to_thread(by_module)
    await Runners.run(by_class)
    await Runners.inline(by_class_inline)
    await app.state.run(by_state)
    await app.state.inline.run(by_state_inline)
    await current()(by_result)
    await using(asyncio.to_thread, by_parameter)
    await using(inline, by_parameter_inline)
    await with_default(by_default)
    await offload(by_choice)
    return {}
