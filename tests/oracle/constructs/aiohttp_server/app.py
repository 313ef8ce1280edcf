"""aiohttp: handlers, middleware, signals, clean-up contexts. All of it runs on the loop."""
import time

from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/async")
async def coroutine(request):
    time.sleep(0.001)
    return web.Response()


@routes.get("/def")
def plain(request):
    time.sleep(0.001)
    return web.Response()


async def added(request):
    time.sleep(0.001)
    return web.Response()


def added_def(request):
    time.sleep(0.001)
    return web.Response()


class Page(web.View):
    async def get(self):
        time.sleep(0.001)
        return web.Response()


@web.middleware
async def middleware(request, handler):
    time.sleep(0.001)
    return await handler(request)


async def on_startup(app):
    time.sleep(0.001)


async def on_cleanup(app):
    time.sleep(0.001)


async def context(app):
    time.sleep(0.001)
    yield
    time.sleep(0.001)


async def socket(request):
    connection = web.WebSocketResponse()
    await connection.prepare(request)
    async for message in connection:
        time.sleep(0.001)
    return connection


def make():
    app = web.Application(middlewares=[middleware])
    app.add_routes(routes)
    app.router.add_get("/added", added)
    app.router.add_get("/added-def", added_def)
    app.router.add_view("/page", Page)
    app.router.add_get("/socket", socket)
    app.on_startup.append(on_startup)
    app.on_cleanup.append(on_cleanup)
    app.cleanup_ctx.append(context)
    return app
