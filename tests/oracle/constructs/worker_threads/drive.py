import asyncio


async def drive(app):
    await app.main()
    await asyncio.sleep(0.1)
