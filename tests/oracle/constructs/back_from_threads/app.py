"""From a worker thread back to the loop: portals, coroutines, callbacks."""
import asyncio
import functools
import time

import anyio
from anyio import from_thread
from fastapi import Depends, FastAPI

app = FastAPI()


async def by_run():
    time.sleep(0.001)


def by_run_sync():
    time.sleep(0.001)


async def by_partial(word):
    time.sleep(0.001)


@app.get("/def")
def endpoint():
    from_thread.run(by_run)
    from_thread.run_sync(by_run_sync)
    from_thread.run(functools.partial(by_partial, "word"))
    time.sleep(0.001)
    return {}


async def by_dependency():
    time.sleep(0.001)


def dependency():
    from_thread.run(by_dependency)
    time.sleep(0.001)


@app.get("/dependency")
async def with_dependency(a=Depends(dependency)):
    return {}


class Bridge:
    def __init__(self, loop):
        self.loop = loop

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def soon(self, function, *args):
        self.loop.call_soon_threadsafe(function, *args)


async def by_bridge():
    time.sleep(0.001)


def soon(word):
    time.sleep(0.001)


def uses_bridge(bridge):
    bridge.call(by_bridge())
    bridge.soon(soon, "word")


@app.get("/bridge")
async def bridge():
    await asyncio.to_thread(uses_bridge, Bridge(asyncio.get_running_loop()))
    return {}


async def in_portal():
    time.sleep(0.001)


def in_portal_def():
    time.sleep(0.001)


def uses_portal(portal):
    portal.call(in_portal)
    portal.call(in_portal_def)
    portal.start_task_soon(in_portal_soon).result()


async def in_portal_soon():
    time.sleep(0.001)


@app.get("/portal")
async def with_portal():
    async with from_thread.BlockingPortal() as portal:
        await anyio.to_thread.run_sync(uses_portal, portal)
    return {}


async def in_own_portal():
    time.sleep(0.001)


def in_own_portal_def():
    time.sleep(0.001)


def own_portal():
    with from_thread.start_blocking_portal() as portal:
        portal.call(in_own_portal)
        portal.call(in_own_portal_def)


@app.get("/own-portal")
def with_own_portal():
    own_portal()
    return {}
