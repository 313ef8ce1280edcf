from tests.oracle.asgi import request, serving


async def drive(app):
    async with serving(app.app):
        for path in ("/async", "/def", "/background", "/stream", "/stream-async"):
            status, body = await request(app.app, path)
            assert status == 200, (path, status, body)
        for path in ("/value-error", "/key-error"):
            assert (await request(app.app, path))[0] == 400, path
