"""Threads of a project's own: queues of jobs, listeners, futures that another thread completes, logging."""
import asyncio
import logging
import logging.handlers
import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor


class Worker:
    def __init__(self):
        self.jobs = queue.Queue()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while (job := self.jobs.get()) is not None:
            function, future = job
            future.set_result(function())

    def submit(self, function):
        future = Future()
        self.jobs.put((function, future))
        return asyncio.wrap_future(future)


def job():
    time.sleep(0.001)


class Slow(logging.Handler):
    def emit(self, record):
        time.sleep(0.001)  # miss: which handlers a logger has is not followed


class SlowInThread(logging.Handler):
    def emit(self, record):
        time.sleep(0.001)


log = logging.getLogger("slow")
log.addHandler(Slow())
log.propagate = False

quiet = logging.getLogger("quiet")
quiet.propagate = False


class Notifier:
    def __init__(self, loop):
        self.loop = loop
        self.done = asyncio.Event()

    def watch(self):
        time.sleep(0.001)
        self.loop.call_soon_threadsafe(self.changed)

    def changed(self):
        time.sleep(0.001)
        self.done.set()


def in_with(number):
    time.sleep(0.001)


def by_lambda(word):
    time.sleep(0.001)


def by_timer():
    time.sleep(0.001)


class Counter(threading.Thread):
    def __init__(self):
        threading.Thread.__init__(self)
        time.sleep(0.001)

    def run(self):
        self.count()

    def count(self):
        time.sleep(0.001)


def collected():
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(in_with, range(2)))


async def main():
    logging.disable(logging.NOTSET)
    await Worker().submit(job)
    log.warning("slow")
    records = queue.SimpleQueue()
    quiet.addHandler(logging.handlers.QueueHandler(records))
    listener = logging.handlers.QueueListener(records, SlowInThread())
    listener.start()
    quiet.warning("quiet")
    notifier = Notifier(asyncio.get_running_loop())
    threading.Thread(target=notifier.watch).start()
    await notifier.done.wait()
    await asyncio.to_thread(listener.stop)
    await asyncio.to_thread(collected)
    thread = threading.Thread(target=lambda: by_lambda("word"))
    thread.start()
    threading.Timer(0, by_timer).start()
    counter = Counter()
    counter.start()
    while thread.is_alive() or counter.is_alive():
        await asyncio.sleep(0.01)
