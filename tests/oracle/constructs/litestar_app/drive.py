from tests.oracle.asgi import request, serving


async def drive(app):
    async with serving(app.app):
        for path in (
            "/async", "/def", "/thread", "/loop", "/pages/async", "/pages/def", "/provided", "/generator",
            "/guarded", "/hooked", "/background", "/background-async", "/stream", "/stream-async",
        ):  # fmt: skip
            status, body = await request(app.app, path)
            assert status == 200, (path, status, body)
        assert (await request(app.app, "/value-error"))[0] == 400
