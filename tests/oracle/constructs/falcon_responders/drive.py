from tests.oracle.asgi import request


async def drive(app):
    assert (await request(app.app, "/"))[0] == 200
