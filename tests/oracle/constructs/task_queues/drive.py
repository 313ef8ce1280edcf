import asyncio

import dramatiq


async def drive(app):
    worker = dramatiq.Worker(app.broker, worker_timeout=10)
    worker.start()
    await app.main()
    await asyncio.sleep(0.2)
    worker.stop()
