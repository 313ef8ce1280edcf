"""What a lifespan and startup hooks begin: tasks, threads, timers; what they do themselves is startup."""
import asyncio
import threading
import time
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from fastapi import FastAPI, Request


class Poller:
    def __init__(self):
        self.task = None
        self.rounds = 0

    async def run(self):
        while self.rounds < 2:
            self.rounds += 1
            self.check()
            await asyncio.sleep(0)

    def check(self):
        time.sleep(0.001)

    def start(self):
        self.task = asyncio.create_task(self.run())

    async def stop(self):
        self.task.cancel()
        time.sleep(0.001)


def in_thread():
    time.sleep(0.001)


def warm_up():
    time.sleep(0.001)


async def connect():
    time.sleep(0.001)


@contextmanager
def connection():
    yield "connection"
    time.sleep(0.001)


@asynccontextmanager
async def resource():
    time.sleep(0.001)
    yield Resource()
    time.sleep(0.001)


class Resource:
    def read(self):
        time.sleep(0.001)
        return {}


def closed():
    time.sleep(0.001)


def delayed():
    time.sleep(0.001)


@asynccontextmanager
async def lifespan(app):
    poller = Poller()
    poller.start()
    threading.Thread(target=in_thread).start()
    await asyncio.to_thread(warm_up)
    await connect()
    asyncio.get_running_loop().call_later(0, delayed)
    async with AsyncExitStack() as stack:
        stack.enter_context(connection())
        app.state.resource = await stack.enter_async_context(resource())
        stack.callback(closed)
        yield
    await poller.stop()


app = FastAPI(lifespan=lifespan)


@app.get("/read")
async def read(request: Request):
    return request.app.state.resource.read()


@app.get("/read-def")
def read_def(request: Request):
    return request.app.state.resource.read()
