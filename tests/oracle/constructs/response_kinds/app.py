"""What responses run: iterators of all kinds, background tasks, rendering, what is read from rows."""
import time
from dataclasses import dataclass

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict
from starlette.background import BackgroundTask

app = FastAPI()


def each(row):
    time.sleep(0.001)
    return row


def each_lazily(row):
    time.sleep(0.001)
    return row


@app.get("/map")
async def by_map():
    return StreamingResponse(map(each, ["a"]))


@app.get("/expression")
async def by_expression():
    return StreamingResponse(each_lazily(row) for row in ["a"])


def at_once(row):
    time.sleep(0.001)
    return row


@app.get("/list")
async def by_list():
    return StreamingResponse([at_once(row) for row in ["a"]])


async def lines():
    for line in file_lines():
        yield line


def file_lines():
    time.sleep(0.001)
    yield "a"


@app.get("/wrapped")
async def wrapped():
    return StreamingResponse(lines())


def removed():
    time.sleep(0.001)


@app.get("/file")
async def file():
    return FileResponse(__file__, background=BackgroundTask(removed))


async def later_async():
    time.sleep(0.001)


@app.get("/background-async")
def background_async():
    return JSONResponse({}, background=BackgroundTask(later_async))


class Page(HTMLResponse):
    def render(self, content):
        time.sleep(0.001)
        return b""


@app.get("/page")
async def page():
    return Page("")


class Custom(Response):
    media_type = "text/plain"

    def __init__(self, content=None, **kwargs):
        time.sleep(0.001)
        super().__init__(content, **kwargs)


@app.get("/custom")
def custom():
    return Custom("")


class CustomOnLoop(Response):
    def __init__(self, content=None, **kwargs):
        time.sleep(0.001)
        super().__init__("", **kwargs)


@app.get("/custom-class", response_class=CustomOnLoop)
def custom_class():
    return {}


class Streamed(Response):
    async def __call__(self, scope, receive, send):
        time.sleep(0.001)
        await super().__call__(scope, receive, send)


@app.get("/streamed")
def streamed():
    return Streamed("")


class Row:
    @property
    def name(self):
        time.sleep(0.001)  # miss: attributes that validating by hand reads are not followed
        return "a"


class RowInThread:
    @property
    def name(self):
        time.sleep(0.001)
        return "a"


class RowOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str


@app.get("/row")
async def row() -> RowOut:
    return RowOut.model_validate(Row())


@app.get("/rows", response_model=list[RowOut])
def rows():
    return [RowInThread()]


@dataclass
class Point:
    x: int = 0

    def __post_init__(self):
        time.sleep(0.001)


@app.get("/point")
async def point() -> Point:
    return Point()
