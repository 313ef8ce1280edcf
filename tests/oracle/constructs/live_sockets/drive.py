from tests.oracle.asgi import websocket


async def drive(app):
    await websocket(app.app, "/chat", "text")
    await websocket(app.app, "/user", "text")
    await websocket(app.app, "/echo", "text")
