from tests.oracle.asgi import websocket


async def drive(app):
    for consumer in (app.Plain, app.Coroutine):
        sent = await websocket(consumer.as_asgi(), "/", "text")
        assert any(message["type"] == "websocket.send" for message in sent), sent
