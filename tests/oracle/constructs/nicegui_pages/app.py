"""NiceGUI: pages, hooks and events run on the loop, `def` or not; `run.io_bound` in a thread."""
import time

from fastapi import FastAPI
from nicegui import app, run, ui

api = FastAPI()


@ui.page("/def")
def page():
    time.sleep(0.001)
    ui.label("text")


@ui.page("/async")
async def page_async():
    time.sleep(0.001)


def offloaded():
    time.sleep(0.001)


@ui.page("/offloaded")
async def page_offloaded():
    await run.io_bound(offloaded)


def on_startup():
    time.sleep(0.001)


async def on_shutdown():
    time.sleep(0.001)


def tick():
    time.sleep(0.001)  # never runs: timers wait for a browser, and there is none


@ui.page("/timer")
async def page_with_timer():
    ui.timer(0.01, tick, once=True)


@app.get("/api")
def endpoint():
    time.sleep(0.001)
    return 1


app.on_startup(on_startup)
app.on_shutdown(on_shutdown)
ui.run_with(api)
