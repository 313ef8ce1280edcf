import grpc


async def drive(app):
    server = app.make()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        for name in ("Plain", "Coroutine"):
            await channel.unary_unary(f"/Greeter/{name}")(b"")
    await server.stop(None)
