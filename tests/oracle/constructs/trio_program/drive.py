import asyncio

import trio


async def drive(app):
    await asyncio.to_thread(trio.run, app.main)
