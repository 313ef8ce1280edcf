import asyncio

from tests.oracle.asgi import request, serving


async def drive(app):
    async with serving(app.app):
        for path in ("/async", "/def", "/page", "/task"):
            status, body = await request(app.app, path)
            assert status == 200, (path, status, body)
        assert (await request(app.app, "/page", "POST"))[0] == 200
        assert (await request(app.app, "/value-error"))[0] == 400
        await asyncio.sleep(0.05)
