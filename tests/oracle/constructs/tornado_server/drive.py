import asyncio

from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.websocket import websocket_connect


async def drive(app):
    server = HTTPServer(app.make())
    socket, port = bind_unused_port()
    server.add_socket(socket)
    client = AsyncHTTPClient()
    for path in ("/", "/thread"):
        assert (await client.fetch(f"http://127.0.0.1:{port}{path}")).code == 200
    assert (await client.fetch(f"http://127.0.0.1:{port}/", method="POST", body="")).code == 200
    connection = await websocket_connect(f"ws://127.0.0.1:{port}/socket")
    await connection.write_message("text")
    await asyncio.sleep(0.05)
    connection.close()
    await asyncio.sleep(0.1)
    server.stop()
