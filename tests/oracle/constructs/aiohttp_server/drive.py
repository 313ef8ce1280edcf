from aiohttp.test_utils import TestClient, TestServer


async def drive(app):
    async with TestClient(TestServer(app.make())) as client:
        for path in ("/async", "/def", "/added", "/added-def", "/page"):
            assert (await client.get(path)).status == 200, path
        connection = await client.ws_connect("/socket")
        await connection.send_str("text")
        await connection.close()
