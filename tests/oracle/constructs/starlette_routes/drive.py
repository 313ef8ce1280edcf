from tests.oracle.asgi import request, serving, websocket


async def drive(app):
    async with serving(app.app):
        for path in (
            "/def", "/async", "/endpoint", "/background", "/background-task", "/partial", "/partial-async",
            "/rows", "/rendered", "/rendered-in-thread", "/wsgi/",
        ):  # fmt: skip
            assert (await request(app.app, path))[0] == 200, path
        assert (await request(app.app, "/endpoint", "POST"))[0] == 200
        for path in ("/key-error", "/value-error"):
            assert (await request(app.app, path))[0] == 400, path
        await websocket(app.app, "/socket")
        await websocket(app.app, "/socket-class", "text")
