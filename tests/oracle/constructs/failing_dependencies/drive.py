from tests.oracle.asgi import request, serving


async def drive(app):
    async with serving(app.app):
        for path in ("/context-manager", "/async-context-manager", "/bare", "/bare-async"):
            print(path, await request(app.app, path))
