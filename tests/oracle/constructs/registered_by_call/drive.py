from tests.oracle.asgi import request, visit, websocket


async def drive(app):
    await visit(
        app.app, "/listed", "/listed-async", "/listed-class", "/plain", "/mounted/plain", "/added", "/by-router",
        "/plain-added", "/appended", "/by-call", "/by-call-async", "/key-error", "/value-error", "/outer/slow",
        "/outer/inner/def", "/classed/def",
    )  # fmt: skip
    assert (await request(app.app, "/listed-body", "POST", b'{"name": "a"}'))[0] == 200
    await websocket(app.app, "/socket")
    await websocket(app.app, "/socket-appended")
