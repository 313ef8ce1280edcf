"""A thread with a loop of its own: what it runs keeps nobody waiting but itself."""
import asyncio
import threading
import time

from fastapi import FastAPI

app = FastAPI()


class Background:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def submit(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def call(self, function):
        self.loop.call_soon_threadsafe(function)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)


background = Background()


async def submitted():
    time.sleep(0.001)
    helper()


def helper():
    time.sleep(0.001)


def called():
    time.sleep(0.001)


async def on_both():
    time.sleep(0.001)


@app.get("/")
async def endpoint():
    await asyncio.wrap_future(background.submit(submitted()))
    background.call(called)
    await asyncio.wrap_future(background.submit(on_both()))
    await on_both()
    return {}


async def own():
    time.sleep(0.001)


async def own_by_run():
    time.sleep(0.001)


async def own_by_until_complete():
    time.sleep(0.001)


async def own_in_runner():
    time.sleep(0.001)


def in_thread():
    asyncio.run(own())


def by_until_complete():
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(own_by_until_complete())
    finally:
        loop.close()


def by_runner():
    with asyncio.Runner() as runner:
        runner.run(own_in_runner())


@app.get("/own")
async def own_loops():
    await asyncio.to_thread(in_thread)
    await asyncio.to_thread(asyncio.run, own_by_run())
    await asyncio.to_thread(by_until_complete)
    await asyncio.to_thread(by_runner)
    return {}


async def in_def():
    time.sleep(0.001)


@app.get("/def")
def endpoint_def():
    asyncio.run(in_def())
    return {}
