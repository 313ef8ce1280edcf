"""APScheduler's AsyncIOScheduler: `def` jobs run in threads, coroutines and listeners on the loop."""
import time

from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.schedulers.asyncio import AsyncIOScheduler


def job():
    time.sleep(0.001)


async def job_async():
    time.sleep(0.001)


def listener(event):
    time.sleep(0.001)


def make():
    scheduler = AsyncIOScheduler()
    scheduler.add_job(job)
    scheduler.add_job(job_async)
    scheduler.add_listener(listener, EVENT_JOB_EXECUTED)

    @scheduler.scheduled_job("interval", seconds=0.01)
    def scheduled():
        time.sleep(0.001)

    @scheduler.scheduled_job("interval", seconds=0.01)
    async def scheduled_async():
        time.sleep(0.001)

    scheduler.start()
    return scheduler
