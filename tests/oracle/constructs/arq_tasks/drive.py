from unittest import mock

from arq import worker as workers
from arq.connections import ArqRedis
from fakeredis.aioredis import FakeConnection
from redis.asyncio import ConnectionPool


async def drive(app):
    pool = ArqRedis(connection_pool=ConnectionPool(connection_class=FakeConnection))
    for name in ("task", "task_in_thread"):
        await pool.enqueue_job(name)
    settings = app.WorkerSettings
    workers.log_redis_info = mock.AsyncMock()  # asks what the imitated server cannot answer
    worker = workers.Worker(
        functions=settings.functions, on_startup=settings.__dict__["on_startup"], redis_pool=pool, burst=True,
        handle_signals=False, poll_delay=0,
    )
    await worker.main()
