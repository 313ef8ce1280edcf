from tests.oracle.asgi import request, serving, websocket


async def drive(app):
    async with serving(app.app):
        for path in (
            "/def", "/async", "/added", "/added-async", "/instance", "/instance-async", "/partial",
            "/partial-async", "/lambda", "/decorated?args=1&kwargs=1", "/decorated-async?args=1&kwargs=1",
            "/wraps-async?args=1&kwargs=1", "/router/def", "/router/async", "/inner/def", "/inner/async",
            "/background", "/stream", "/stream-async", "/stream-by-hand", "/answer",
        ):  # fmt: skip
            status, body = await request(app.app, path)
            assert status == 200, (path, status, body)
        for path in ("/key-error", "/value-error"):
            assert (await request(app.app, path))[0] == 400, path
        assert (await request(app.app, "/body", "POST", b'{"name": "a"}'))[0] == 200
        await websocket(app.app, "/socket")
        await websocket(app.app, "/socket-def")
