import asyncio


async def drive(app):
    scheduler = app.make()
    await asyncio.sleep(0.3)
    scheduler.shutdown()
