from tests.oracle.asgi import request, visit


async def drive(app):
    await visit(
        app.app, "/users/read", "/users/write", "/users/hidden", "/orders",
        "/page", "/page-def", "/bound", "/bound-async", "/twice", "/first",
    )  # fmt: skip
    assert (await request(app.app, "/orders", "POST"))[0] == 200
