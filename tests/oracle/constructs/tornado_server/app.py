"""Tornado: every method of a handler runs on the loop, `def` or not, and so do callbacks."""
import time

from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler


class Plain(RequestHandler):
    def prepare(self):
        time.sleep(0.001)

    def get(self):
        time.sleep(0.001)

    async def post(self):
        time.sleep(0.001)

    def on_finish(self):
        time.sleep(0.001)


class InThread(RequestHandler):
    async def get(self):
        await IOLoop.current().run_in_executor(None, in_thread)


def in_thread():
    time.sleep(0.001)


class Socket(WebSocketHandler):
    def open(self):
        time.sleep(0.001)

    def on_message(self, message):
        time.sleep(0.001)

    def on_close(self):
        time.sleep(0.001)


def callback():
    time.sleep(0.001)


def later():
    time.sleep(0.001)


def periodic():
    time.sleep(0.001)


async def spawned():
    time.sleep(0.001)


def make():
    loop = IOLoop.current()
    loop.add_callback(callback)
    loop.call_later(0, later)
    loop.spawn_callback(spawned)
    timer = PeriodicCallback(periodic, 1)
    timer.start()
    return Application([("/", Plain), ("/thread", InThread), ("/socket", Socket)])
