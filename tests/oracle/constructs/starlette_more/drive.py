from tests.oracle.asgi import request, visit


async def drive(app):
    await visit(
        app.app, "/guarded", "/guarded-async", "/application", "/page", "/cache", "/request", "/plain/",
        "/router/in-router",
    )  # fmt: skip
    assert (await request(app.app, "/page", "POST"))[0] == 200
    assert (await request(app.app, "/fail"))[0] == 400
