"""Dramatiq's actors and Celery's eager tasks."""
import time

import dramatiq
from celery import Celery
from dramatiq.brokers.stub import StubBroker

broker = StubBroker()
dramatiq.set_broker(broker)

queue = Celery(broker="memory://", backend="cache+memory://")
queue.conf.task_always_eager = True


@dramatiq.actor
def actor():
    time.sleep(0.001)


@queue.task
def eager():
    time.sleep(0.001)


@queue.task
def called():
    time.sleep(0.001)


async def main():
    actor.send()
    eager.delay()
    called()
