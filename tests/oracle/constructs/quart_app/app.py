"""Quart: `def` routes and hooks run in threads, coroutines on the loop."""
import time

from quart import Quart, Response

app = Quart(__name__)


@app.get("/async")
async def coroutine():
    time.sleep(0.001)
    return ""


@app.get("/def")
def plain():
    time.sleep(0.001)
    return ""


@app.before_request
def before():
    time.sleep(0.001)


@app.before_request
async def before_async():
    time.sleep(0.001)


@app.after_request
def after(response):
    time.sleep(0.001)
    return response


@app.after_request
async def after_async(response):
    time.sleep(0.001)
    return response


@app.teardown_request
def teardown(error):
    time.sleep(0.001)


@app.before_serving
def before_serving():
    time.sleep(0.001)


@app.before_serving
async def before_serving_async():
    time.sleep(0.001)


@app.errorhandler(ValueError)
def on_value_error(error):
    time.sleep(0.001)
    return "", 400


@app.errorhandler(KeyError)
async def on_key_error(error):
    time.sleep(0.001)
    return "", 400


@app.get("/value-error")
async def value_error():
    raise ValueError


@app.get("/key-error")
async def key_error():
    raise KeyError


def task():
    time.sleep(0.001)


async def task_async():
    time.sleep(0.001)


@app.get("/background")
async def background():
    app.add_background_task(task)
    app.add_background_task(task_async)
    return ""


def rows():
    time.sleep(0.001)
    yield "row"


async def rows_async():
    time.sleep(0.001)
    yield "row"


@app.get("/stream")
async def stream():
    return Response(rows())


@app.get("/stream-async")
async def stream_async():
    return Response(rows_async())
