"""Sanic: handlers, middleware, listeners and signals run on the loop, `def` or not."""
import time

from sanic import Sanic
from sanic.response import text
from sanic.views import HTTPMethodView

app = Sanic("oracle")


@app.get("/async")
async def coroutine(request):
    time.sleep(0.001)
    return text("")


@app.get("/def")
def plain(request):
    time.sleep(0.001)
    return text("")


class Page(HTTPMethodView):
    async def get(self, request):
        time.sleep(0.001)
        return text("")

    def post(self, request):
        time.sleep(0.001)
        return text("")


app.add_route(Page.as_view(), "/page")


@app.middleware("request")
async def on_request(request):
    time.sleep(0.001)


@app.middleware("response")
def on_response(request, response):
    time.sleep(0.001)


@app.before_server_start
async def before_start(app):
    time.sleep(0.001)


@app.listener("after_server_start")
def after_start(app):
    time.sleep(0.001)


async def task(app):
    time.sleep(0.001)


@app.get("/task")
async def with_task(request):
    request.app.add_task(task)
    return text("")


@app.exception(ValueError)
def on_value_error(request, error):
    time.sleep(0.001)
    return text("", status=400)


@app.get("/value-error")
async def value_error(request):
    raise ValueError
