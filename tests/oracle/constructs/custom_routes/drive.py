from tests.oracle.asgi import visit


async def drive(app):
    await visit(app.app, "/timed/def", "/own", "/own-async", "/crud/read", "/crud/read-async", "/made", "/made-async", "/first", "/second", "/plugin", "/plugin-def", "/both")
