"""Tasks, however they come about: gathered, shielded, waited for, mapped, made in comprehensions."""
import asyncio
import functools
import time


async def gathered(number):
    time.sleep(0.001)


async def mapped(number):
    time.sleep(0.001)


async def shielded():
    time.sleep(0.001)


async def timed():
    time.sleep(0.001)


async def completed(number):
    time.sleep(0.001)


async def waited(number):
    time.sleep(0.001)


async def of_loop():
    time.sleep(0.001)


async def named():
    time.sleep(0.001)


def in_thread(number):
    time.sleep(0.001)


def in_pool(number):
    time.sleep(0.001)


def argument():
    time.sleep(0.001)
    return 1


def finished(future):
    time.sleep(0.001)


def offloaded():
    time.sleep(0.001)


def finished_partial(word, future):
    time.sleep(0.001)


class Task:
    def __await__(self):
        time.sleep(0.001)
        yield from asyncio.sleep(0).__await__()
        return 1


async def steps():
    for number in range(2):
        time.sleep(0.001)
        yield number


queue = asyncio.Queue()


async def consumer():
    while (job := await queue.get()) is not None:
        job()


def job():
    time.sleep(0.001)


async def limited(semaphore, number):
    async with semaphore:
        work(number)


def work(number):
    time.sleep(0.001)


async def main():
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(gathered(number) for number in range(2)))
    await asyncio.gather(*map(mapped, range(2)))
    await asyncio.shield(shielded())
    async with asyncio.timeout(1):
        await timed()
    for each in asyncio.as_completed([completed(1), completed(2)]):
        await each
    await asyncio.wait([asyncio.create_task(waited(number)) for number in range(2)])
    await loop.create_task(of_loop())
    task = asyncio.Task(named(), name="task")
    await task
    await asyncio.gather(*[asyncio.to_thread(in_thread, number) for number in range(2)])
    await asyncio.gather(*(loop.run_in_executor(None, in_pool, number) for number in range(2)))
    await asyncio.gather(gathered(argument()))
    future = loop.run_in_executor(None, offloaded)
    future.add_done_callback(finished)
    future.add_done_callback(functools.partial(finished_partial, "word"))
    await future
    await Task()
    async for _ in steps():
        pass
    found = [number async for number in steps()]
    assert found
    running = asyncio.create_task(consumer())
    await queue.put(job)
    await queue.put(None)
    await running
    semaphore = asyncio.Semaphore(1)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(limited(semaphore, number)) for number in range(2)]
    assert len(tasks) == 2
