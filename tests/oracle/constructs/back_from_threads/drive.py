from tests.oracle.asgi import visit


async def drive(app):
    await visit(app.app, "/def", "/dependency", "/bridge", "/portal", "/own-portal")
