from tests.oracle.asgi import visit


async def drive(app):
    await visit(app.app, "/all", "/offloaded?args=1&kwargs=1", "/either?args=1&kwargs=1", "/result?args=1&kwargs=1")
