import asyncio


def visit(app):
    client = app.test_client()
    for path in ("/def", "/async", "/helper"):
        assert client.get(path).status_code == 200, path


async def drive(app):
    await asyncio.to_thread(visit, app.app)
