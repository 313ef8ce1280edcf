"""python-socketio's AsyncServer: handlers run on the loop, `def` or not."""
import time

import socketio

server = socketio.AsyncServer(async_mode="asgi", async_handlers=False)


@server.event
async def connect(sid, environ):
    time.sleep(0.001)


@server.on("message")
def on_message(sid, data):
    time.sleep(0.001)


@server.on("other")
async def on_other(sid, data):
    time.sleep(0.001)


class Room(socketio.AsyncNamespace):
    def on_talk(self, sid, data):
        time.sleep(0.001)

    async def on_listen(self, sid, data):
        time.sleep(0.001)


server.register_namespace(Room("/room"))
