from tests.oracle.asgi import visit


async def drive(app):
    await visit(app.app, "/map", "/expression", "/list", "/wrapped", "/file", "/background-async", "/page", "/custom", "/custom-class", "/streamed", "/row", "/rows", "/point")
