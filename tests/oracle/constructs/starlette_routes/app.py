"""Starlette without FastAPI: routes, endpoint classes, middleware, handlers, lifespan, WSGI."""
import functools
import time
from contextlib import asynccontextmanager

from a2wsgi import WSGIMiddleware
from starlette.applications import Starlette
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute


def plain(request):
    time.sleep(0.001)
    return PlainTextResponse("")


async def coroutine(request):
    time.sleep(0.001)
    return PlainTextResponse("")


class Endpoint(HTTPEndpoint):
    def get(self, request):
        time.sleep(0.001)
        return PlainTextResponse("")

    async def post(self, request):
        time.sleep(0.001)
        return PlainTextResponse("")


class Socket(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket):
        time.sleep(0.001)
        await websocket.accept()

    async def on_receive(self, websocket, data):
        time.sleep(0.001)

    async def on_disconnect(self, websocket, close_code):
        time.sleep(0.001)


async def socket(websocket):
    await websocket.accept()
    time.sleep(0.001)
    await websocket.close()


def task(word):
    time.sleep(0.001)


async def task_async(word):
    time.sleep(0.001)


async def background(request):
    tasks = BackgroundTasks()
    tasks.add_task(task_async, "word")
    tasks.add_task(task, "word")
    return PlainTextResponse("", background=tasks)


def alone():
    time.sleep(0.001)


async def background_task(request):
    return PlainTextResponse("", background=BackgroundTask(alone))


def on_key_error(request, error):
    time.sleep(0.001)
    return JSONResponse({}, 400)


async def on_value_error(request, error):
    time.sleep(0.001)
    return JSONResponse({}, 400)


async def key_error(request):
    raise KeyError


async def value_error(request):
    raise ValueError


def partial(word, request):
    time.sleep(0.001)
    return PlainTextResponse("")


async def partial_async(word, request):
    time.sleep(0.001)
    return PlainTextResponse("")


class Base(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        time.sleep(0.001)
        return await call_next(request)


class Pure:
    def __init__(self, app, service):
        self.app = app
        self.service = service

    async def __call__(self, scope, receive, send):
        self.service.find()
        await self.app(scope, receive, send)


class Service:
    def find(self):
        time.sleep(0.001)


class Rows:
    def __init__(self):
        self.left = 1

    def __iter__(self):
        return self

    def __next__(self):
        time.sleep(0.001)
        if not self.left:
            raise StopIteration
        self.left -= 1
        return "row"


async def rows(request):
    return StreamingResponse(Rows())


class Slow(JSONResponse):
    def render(self, content):
        time.sleep(0.001)
        return super().render(content)


async def rendered(request):
    return Slow({})


class SlowInThread(JSONResponse):
    def render(self, content):
        time.sleep(0.001)
        return super().render(content)


def rendered_in_thread(request):
    return SlowInThread({})


def wsgi(environ, start_response):
    time.sleep(0.001)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b""]


@asynccontextmanager
async def lifespan(app):
    time.sleep(0.001)
    yield
    time.sleep(0.001)


app = Starlette(
    routes=[
        Route("/def", plain),
        Route("/async", coroutine),
        Route("/endpoint", Endpoint),
        Route("/background", background),
        Route("/background-task", background_task),
        Route("/key-error", key_error),
        Route("/value-error", value_error),
        Route("/partial", functools.partial(partial, "word")),
        Route("/partial-async", functools.partial(partial_async, "word")),
        Route("/rows", rows),
        Route("/rendered", rendered),
        Route("/rendered-in-thread", rendered_in_thread),
        WebSocketRoute("/socket", socket),
        WebSocketRoute("/socket-class", Socket),
        Mount("/wsgi", WSGIMiddleware(wsgi)),
    ],
    exception_handlers={KeyError: on_key_error, ValueError: on_value_error},
    middleware=[Middleware(Base), Middleware(Pure, service=Service())],
    lifespan=lifespan,
)
