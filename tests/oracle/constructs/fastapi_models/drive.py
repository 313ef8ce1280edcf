from tests.oracle.asgi import request, serving


async def drive(app):
    async with serving(app.app):
        for path in (
            "/pages?size=3", "/settings", "/loaded", "/price", "/summary", "/row", "/row-in-thread", "/slow", "/made",
            "/lines", "/steps", "/items", "/inner/always",
        ):  # fmt: skip
            status, body = await request(app.app, path)
            assert status == 200, (path, status, body)
        group = b'{"name": "a", "people": [{"age": 1}]}'
        assert (await request(app.app, "/group", "POST", group))[0] == 200
        assert (await request(app.app, "/filtered", "POST", b'{"name": "a"}'))[0] == 200
