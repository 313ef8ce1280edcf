"""FastAPI path operations, whatever they are made of, middleware, handlers, background work."""
import functools
import time

from fastapi import APIRouter, BackgroundTasks, FastAPI, Request, WebSocket
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, computed_field, field_serializer, field_validator, model_validator
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()
router = APIRouter(prefix="/router")


@app.get("/def")
def plain():
    time.sleep(0.001)
    return {}


@app.get("/async")
async def coroutine():
    time.sleep(0.001)
    return {}


def added():
    time.sleep(0.001)
    return {}


async def added_async():
    time.sleep(0.001)
    return {}


app.add_api_route("/added", added)
app.add_api_route("/added-async", added_async)


class Endpoint:
    def __call__(self):
        time.sleep(0.001)
        return {}


class AsyncEndpoint:
    async def __call__(self):
        time.sleep(0.001)
        return {}


app.add_api_route("/instance", Endpoint())
app.add_api_route("/instance-async", AsyncEndpoint())


def with_argument(word):
    time.sleep(0.001)
    return {"word": word}


async def with_argument_async(word):
    time.sleep(0.001)
    return {"word": word}


app.add_api_route("/partial", functools.partial(with_argument, "word"))
app.add_api_route("/partial-async", functools.partial(with_argument_async, "word"))
app.add_api_route("/lambda", lambda: time.sleep(0.001))


def asynchronous(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def synchronous(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@app.get("/decorated")
@synchronous
def decorated():
    time.sleep(0.001)
    return {}


@app.get("/decorated-async")
@asynchronous
def decorated_async():
    time.sleep(0.001)
    return {}


@app.get("/wraps-async")
@synchronous
async def coroutine_in_def_wrapper():
    time.sleep(0.001)
    return {}


@router.get("/def")
def in_router():
    time.sleep(0.001)
    return {}


@router.get("/async")
async def in_router_async():
    time.sleep(0.001)
    return {}


app.include_router(router)
inner = FastAPI()


@inner.get("/def")
def in_mounted():
    time.sleep(0.001)
    return {}


@inner.get("/async")
async def in_mounted_async():
    time.sleep(0.001)
    return {}


app.mount("/inner", inner)


@app.websocket("/socket")
async def socket(websocket: WebSocket):
    await websocket.accept()
    time.sleep(0.001)
    await websocket.close()


@app.websocket("/socket-def")
def socket_def(websocket: WebSocket):
    time.sleep(0.001)


def task():
    time.sleep(0.001)


async def task_async():
    time.sleep(0.001)


@app.get("/background")
async def background(tasks: BackgroundTasks):
    tasks.add_task(task)
    tasks.add_task(task_async)
    return {}


@app.exception_handler(KeyError)
def on_key_error(request, error):
    time.sleep(0.001)
    return JSONResponse({}, 400)


@app.exception_handler(ValueError)
async def on_value_error(request, error):
    time.sleep(0.001)
    return JSONResponse({}, 400)


@app.get("/key-error")
async def key_error():
    raise KeyError


@app.get("/value-error")
async def value_error():
    raise ValueError


@app.middleware("http")
async def middleware(request: Request, call_next):
    time.sleep(0.001)
    return await call_next(request)


class Middleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        time.sleep(0.001)
        return await call_next(request)


class PureMiddleware:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        time.sleep(0.001)
        await self.app(scope, receive, send)


app.add_middleware(Middleware)
app.add_middleware(PureMiddleware)


def items():
    time.sleep(0.001)
    yield "a"


async def items_async():
    time.sleep(0.001)
    yield "a"


@app.get("/stream")
async def stream():
    return StreamingResponse(items())


@app.get("/stream-async")
async def stream_async():
    return StreamingResponse(items_async())


@app.get("/stream-by-hand")
async def stream_by_hand():
    return StreamingResponse(iter(list(items_by_hand())))


def items_by_hand():
    time.sleep(0.001)
    yield "a"


class Body(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def check_name(cls, value):
        time.sleep(0.001)
        return value

    @model_validator(mode="after")
    def check_all(self):
        time.sleep(0.001)
        return self

    def model_post_init(self, context):
        time.sleep(0.001)


@app.post("/body")
def with_body(body: Body):
    time.sleep(0.001)
    return {}


class Answer(BaseModel):
    name: str

    @field_serializer("name")
    def show_name(self, value):
        time.sleep(0.001)
        return value

    @computed_field
    @property
    def length(self) -> int:
        time.sleep(0.001)
        return len(self.name)


@app.get("/answer", response_model=Answer)
def answer():
    return {"name": "a"}
