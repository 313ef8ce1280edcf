from tests.oracle.asgi import visit


async def drive(app):
    await visit(app.api, "/def", "/async", "/offloaded", "/timer", "/api")
