"""Everything that is registered without decorators: lists of routes, calls of decorators, routers of routers."""
import time

from fastapi import APIRouter, Depends, FastAPI, WebSocket
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute, APIWebSocketRoute
from pydantic import BaseModel, computed_field, field_serializer, field_validator
from starlette.routing import Mount, Route


class Body(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def known(cls, value):
        time.sleep(0.001)
        return value


class Answer(BaseModel):
    name: str = "a"

    @computed_field
    @property
    def length(self) -> int:
        time.sleep(0.001)
        return 1


class Listed(BaseModel):
    name: str = "a"

    @field_serializer("name")
    def shown(self, value):
        time.sleep(0.001)
        return value


class Slow(JSONResponse):
    def render(self, content):
        time.sleep(0.001)
        return super().render(content)


class OfRouter(JSONResponse):
    def render(self, content):
        time.sleep(0.001)
        return super().render(content)


class OfRoute(JSONResponse):
    def render(self, content):
        time.sleep(0.001)
        return super().render(content)


def listed():
    time.sleep(0.001)
    return {}


async def listed_async():
    time.sleep(0.001)
    return {}


def listed_body(body: Body):
    time.sleep(0.001)
    return {}


def for_listed():
    time.sleep(0.001)


async def for_listed_async():
    time.sleep(0.001)


async def socket(websocket: WebSocket):
    await websocket.accept()
    time.sleep(0.001)
    await websocket.close()


def socket_def(websocket: WebSocket):
    time.sleep(0.001)


def plain(request):
    time.sleep(0.001)
    return JSONResponse({})


async def plain_async(request):
    time.sleep(0.001)
    return JSONResponse({})


app = FastAPI(
    routes=[
        APIRoute("/listed", listed, dependencies=[Depends(for_listed)]),
        APIRoute("/listed-async", endpoint=listed_async, dependencies=[Depends(for_listed_async)]),
        APIRoute("/listed-body", listed_body, methods=["POST"], response_model=Listed),
        APIRoute("/listed-class", listed, response_class=OfRoute),
        Route("/plain", plain),
        Mount("/mounted", routes=[Route("/plain", plain_async)]),
    ]
)


def added():
    return Answer()


app.add_api_route("/added", added, response_model=Answer)
app.router.add_api_route("/by-router", lambda: time.sleep(0.001))
app.add_route("/plain-added", plain)
app.router.routes.append(APIRoute("/appended", listed_async))
app.add_api_websocket_route("/socket", socket_def)
app.router.routes.append(APIWebSocketRoute("/socket-appended", socket))


def by_call():
    time.sleep(0.001)
    return {}


async def by_call_async():
    time.sleep(0.001)
    return {}


app.get("/by-call")(by_call)
app.get("/by-call-async")(by_call_async)


async def middleware(request, call_next):
    time.sleep(0.001)
    return await call_next(request)


def on_key_error(request, error):
    time.sleep(0.001)
    return JSONResponse({})


async def on_value_error(request, error):
    time.sleep(0.001)
    return JSONResponse({})


app.middleware("http")(middleware)
app.exception_handler(KeyError)(on_key_error)
app.add_exception_handler(ValueError, on_value_error)


def fails():
    raise KeyError


async def fails_async():
    raise ValueError


app.get("/key-error")(fails)
app.get("/value-error")(fails_async)

outer = APIRouter(prefix="/outer", default_response_class=Slow)
inner = APIRouter(prefix="/inner")
classed = APIRouter(prefix="/classed", default_response_class=OfRouter)


@inner.get("/def")
def in_inner():
    time.sleep(0.001)
    return {}


@outer.get("/slow")
async def slow():
    return {}


@classed.get("/def")
def in_classed():
    return {}


outer.include_router(inner)
app.include_router(outer)
app.include_router(classed)
