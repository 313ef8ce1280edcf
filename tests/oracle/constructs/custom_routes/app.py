"""Own classes of routes and applications, routers within routers, endpoints that factories make."""
import time

from fastapi import APIRouter, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute


def measured():
    time.sleep(0.001)


def stored():
    time.sleep(0.001)


class Timed(APIRoute):
    def get_route_handler(self):
        original = super().get_route_handler()

        async def handler(request: Request):
            measured()
            response = await original(request)
            await run_in_threadpool(stored)
            return response

        return handler


timed = APIRouter(route_class=Timed, prefix="/timed")


@timed.get("/def")
def in_timed():
    time.sleep(0.001)
    return {}


class Application(FastAPI):
    def __init__(self):
        super().__init__()
        self.add_api_route("/own", self.own)
        self.add_api_route("/own-async", self.own_async)

    def own(self):
        time.sleep(0.001)
        return {}

    async def own_async(self):
        time.sleep(0.001)
        return {}


app = Application()
app.include_router(timed)


def crud(name, read):
    router = APIRouter(prefix=f"/{name}")

    @router.get("/read")
    def read_one():
        return read()

    @router.get("/read-async")
    async def read_async():
        return read()

    return router


def read_in_both():
    time.sleep(0.001)
    return {}


app.include_router(crud("crud", read_in_both))


def endpoint_of(load):
    def endpoint():
        return load()

    return endpoint


def endpoint_of_async(load):
    async def endpoint():
        return load()

    return endpoint


def load_in_thread():
    time.sleep(0.001)
    return {}


def load_on_loop():
    time.sleep(0.001)
    return {}


app.add_api_route("/made", endpoint_of(load_in_thread))
app.add_api_route("/made-async", endpoint_of_async(load_on_loop))


def first():
    time.sleep(0.001)
    return {}


async def second():
    time.sleep(0.001)
    return {}


for path, endpoint in {"/first": first, "/second": second}.items():
    app.add_api_route(path, endpoint)


class Plugin:
    def install(self, application):
        @application.get("/plugin")
        async def plugin():
            return self.answer()

        @application.get("/plugin-def")
        def plugin_def():
            return self.answer_def()

    def answer(self):
        time.sleep(0.001)
        return {}

    def answer_def(self):
        time.sleep(0.001)
        return {}


Plugin().install(app)


def both(function):
    app.get("/both")(function)
    return function


@both
async def in_both():
    time.sleep(0.001)
    return {}
