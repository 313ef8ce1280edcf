"""Falcon under ASGI: responders are coroutines; a `def` one is refused."""
import time

import falcon.asgi


class Page:
    async def on_get(self, request, response):
        time.sleep(0.001)


class Plain:
    def on_get(self, request, response):
        time.sleep(0.001)  # never runs: add_route refuses it


class Hook:
    async def process_request(self, request, response):
        time.sleep(0.001)


app = falcon.asgi.App(middleware=[Hook()])
app.add_route("/", Page())
try:
    app.add_route("/def", Plain())
except TypeError:
    pass
