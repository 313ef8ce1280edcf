"""More of Starlette: authentication, ASGI applications as endpoints, hosts, routers, guards, middleware functions."""
import time
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError, SimpleUser, requires
from starlette.concurrency import run_in_threadpool
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Mount, Route, Router


class Backend(AuthenticationBackend):
    async def authenticate(self, connection):
        time.sleep(0.001)
        if "fail" in connection.url.path:
            raise AuthenticationError("no")
        return self.verify()

    def verify(self):
        time.sleep(0.001)
        return AuthCredentials(["authenticated"]), SimpleUser("user")


def on_error(request, error):
    time.sleep(0.001)
    return JSONResponse({}, 400)


@requires("authenticated")
def guarded(request):
    time.sleep(0.001)
    return PlainTextResponse("")


@requires("authenticated")
async def guarded_async(request):
    time.sleep(0.001)
    return PlainTextResponse("")


class Application:
    """An ASGI application."""

    async def __call__(self, scope, receive, send):
        self.work()
        await PlainTextResponse("")(scope, receive, send)

    def work(self):
        time.sleep(0.001)


async def plain_application(scope, receive, send):
    time.sleep(0.001)
    await PlainTextResponse("")(scope, receive, send)


class Page(HTTPEndpoint):
    async def get(self, request):
        return PlainTextResponse(self.title())

    def title(self):
        time.sleep(0.001)
        return ""

    def post(self, request):
        return PlainTextResponse(self.saved())

    def saved(self):
        time.sleep(0.001)
        return ""


class Mixed(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        await run_in_threadpool(self.before)
        response = await call_next(request)
        self.after()
        return response

    def before(self):
        time.sleep(0.001)

    def after(self):
        time.sleep(0.001)


def wrapped(application):
    async def inner(scope, receive, send):
        counted()
        await application(scope, receive, send)

    return inner


def counted():
    time.sleep(0.001)


class Cache:
    def get(self):
        time.sleep(0.001)
        return ""


@asynccontextmanager
async def lifespan(application):
    application.state.cache = Cache()
    yield {"cache": application.state.cache}


async def from_cache(request):
    return PlainTextResponse(request.app.state.cache.get())


class Other:
    def get(self):
        time.sleep(0.001)  # miss: what an endpoint of a list without annotation sets itself
        return ""


async def of_request(request):
    request.state.other = Other()
    return PlainTextResponse(request.state.other.get())


router = Router([Route("/in-router", plain := lambda request: PlainTextResponse(slow()))])


def slow():
    time.sleep(0.001)
    return ""


inner = Starlette(
    routes=[
        Route("/guarded", guarded),
        Route("/guarded-async", guarded_async),
        Route("/application", Application()),
        Route("/page", Page),
        Route("/cache", from_cache),
        Route("/request", of_request),
        Mount("/plain", plain_application),
        Mount("/router", router),
    ],
    middleware=[Middleware(AuthenticationMiddleware, backend=Backend(), on_error=on_error), Middleware(Mixed)],
    lifespan=lifespan,
)
app = wrapped(inner)
