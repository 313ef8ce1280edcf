"""What asyncio calls: callbacks, readers, signals, protocols, tasks, and other threads' ways back."""
import asyncio
import os
import signal
import socket
import threading
import time


def soon():
    time.sleep(0.001)


def later():
    time.sleep(0.001)


def at():
    time.sleep(0.001)


def from_thread():
    time.sleep(0.001)


def done(task):
    time.sleep(0.001)


def readable(end, event):
    time.sleep(0.001)
    end.recv(1)
    event.set()


def writable(end, event):
    time.sleep(0.001)
    asyncio.get_running_loop().remove_writer(end)
    event.set()


def interrupted(event):
    time.sleep(0.001)
    event.set()


async def created():
    time.sleep(0.001)


async def gathered():
    time.sleep(0.001)


async def grouped():
    time.sleep(0.001)


async def ensured():
    time.sleep(0.001)


async def waited():
    time.sleep(0.001)


async def threadsafe():
    time.sleep(0.001)


def in_thread(loop):
    time.sleep(0.001)
    loop.call_soon_threadsafe(from_thread)
    asyncio.run_coroutine_threadsafe(threadsafe(), loop).result()


async def own():
    time.sleep(0.001)


def own_loop():
    asyncio.run(own())


class Protocol(asyncio.Protocol):
    def __init__(self):
        time.sleep(0.001)

    def connection_made(self, transport):
        time.sleep(0.001)
        self.transport = transport

    def data_received(self, data):
        time.sleep(0.001)
        self.transport.close()

    def connection_lost(self, error):
        time.sleep(0.001)


async def connected(reader, writer):
    time.sleep(0.001)
    writer.close()


def connected_def(reader, writer):
    time.sleep(0.001)
    writer.close()


class Rows:
    def __aiter__(self):
        time.sleep(0.001)
        return self

    async def __anext__(self):
        time.sleep(0.001)
        raise StopAsyncIteration


class Manager:
    async def __aenter__(self):
        time.sleep(0.001)

    async def __aexit__(self, *error):
        time.sleep(0.001)


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(soon)
    loop.call_later(0, later)
    loop.call_at(loop.time(), at)
    asyncio.create_task(created()).add_done_callback(done)
    await asyncio.gather(gathered(), asyncio.ensure_future(ensured()))
    async with asyncio.TaskGroup() as group:
        group.create_task(grouped())
    await asyncio.wait_for(waited(), 1)
    await callbacks(loop)
    await threads(loop)
    await servers(loop)
    async for _ in Rows():
        pass
    async with Manager():
        pass


async def callbacks(loop):
    left, right = socket.socketpair()
    event = asyncio.Event()
    loop.add_reader(left, readable, left, event)
    right.send(b"a")
    await event.wait()
    loop.remove_reader(left)
    event.clear()
    loop.add_writer(right, writable, right, event)
    await event.wait()
    left.close()
    right.close()
    event.clear()
    loop.add_signal_handler(signal.SIGUSR1, interrupted, event)
    os.kill(os.getpid(), signal.SIGUSR1)
    await event.wait()


async def threads(loop):
    thread = threading.Thread(target=in_thread, args=(loop,))
    thread.start()
    other = threading.Thread(target=own_loop)
    other.start()
    while thread.is_alive() or other.is_alive():
        await asyncio.sleep(0.01)


async def servers(loop):
    server = await loop.create_server(Protocol, "127.0.0.1", 0)
    await visit(server)
    await visit(await asyncio.start_server(connected, "127.0.0.1", 0))
    await visit(await asyncio.start_server(connected_def, "127.0.0.1", 0))


async def visit(server):
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"a")
    try:
        await reader.read()
    except ConnectionResetError:
        pass
    writer.close()
    server.close()
