"""Flask under WSGI: views run in a server's thread, asynchronous ones on a loop made for them alone."""
import asyncio
import time

from flask import Flask

app = Flask(__name__)


@app.get("/def")
def plain():
    time.sleep(0.001)
    return ""


@app.get("/async")
async def coroutine():
    time.sleep(0.001)
    return ""


async def helper():
    time.sleep(0.001)


@app.get("/helper")
async def awaits():
    await helper()
    await asyncio.sleep(0)
    return ""


@app.before_request
def before():
    time.sleep(0.001)
