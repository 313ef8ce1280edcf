from tests.oracle.asgi import request


async def drive(app):
    for path in ("/def", "/async", "/page", "/async-page", "/offloads"):
        status, body = await request(app.app, path)
        assert status == 200, (path, status, body)
