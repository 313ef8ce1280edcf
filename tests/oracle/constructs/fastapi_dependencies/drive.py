from tests.oracle.asgi import request, serving, websocket


async def drive(app):
    async with serving(app.app):
        for path in ("/", "/by-hand", "/in-pool", "/decorator", "/router/", "/overridden"):
            status, body = await request(app.app, path)
            assert status == 200, (path, status, body)
        await websocket(app.app, "/socket")
