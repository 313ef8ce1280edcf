"""What the loop is told to call: signals, errors, pipes, datagrams, subprocesses, handles of all kinds."""
import asyncio
import functools
import os
import signal
import socket
import sys
import time


def by_signal(number, frame):
    time.sleep(0.001)


def by_loop_signal():
    time.sleep(0.001)


def on_error(loop, context):
    time.sleep(0.001)


def with_partial(word):
    time.sleep(0.001)


class Timer:
    def __init__(self, loop):
        self.loop = loop
        self.left = 2

    def start(self):
        self.loop.call_later(0, self._tick)

    def _tick(self):
        time.sleep(0.001)
        self.left -= 1
        if self.left:
            self.start()


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, received):
        self.received = received

    def connection_made(self, transport):
        time.sleep(0.001)

    def datagram_received(self, data, address):
        self.handle(data)

    def handle(self, data):
        time.sleep(0.001)
        self.received.set()


class Child(asyncio.SubprocessProtocol):
    def __init__(self, ended):
        self.ended = ended

    def pipe_data_received(self, fd, data):
        time.sleep(0.001)

    def process_exited(self):
        time.sleep(0.001)
        self.ended.set()


class Pipe(asyncio.Protocol):
    def __init__(self, received):
        self.received = received

    def data_received(self, data):
        time.sleep(0.001)
        self.received.set()


async def client(reader, writer):
    line = await reader.readline()
    writer.write(answer(line))
    writer.close()


def answer(line):
    time.sleep(0.001)
    return line


async def main():
    loop = asyncio.get_running_loop()
    signal.signal(signal.SIGUSR2, by_signal)
    os.kill(os.getpid(), signal.SIGUSR2)
    loop.add_signal_handler(signal.SIGUSR1, by_loop_signal)
    os.kill(os.getpid(), signal.SIGUSR1)
    loop.set_exception_handler(on_error)
    loop.call_exception_handler({"message": "no"})
    loop.call_soon(functools.partial(with_partial, "word"))
    loop.call_soon(lambda: time.sleep(0.001))
    Timer(loop).start()
    event = asyncio.Event()
    transport, _ = await loop.create_datagram_endpoint(lambda: Datagrams(event), local_addr=("127.0.0.1", 0))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"a", transport.get_extra_info("sockname"))
    await event.wait()
    transport.close()
    event.clear()
    transport, _ = await loop.subprocess_exec(functools.partial(Child, event), sys.executable, "-c", "print(1)")
    await event.wait()
    transport.close()
    event.clear()
    read, write = os.pipe()
    transport, _ = await loop.connect_read_pipe(lambda: Pipe(event), os.fdopen(read, "rb"))
    os.write(write, b"a")
    await event.wait()
    transport.close()
    os.close(write)
    server = await asyncio.start_server(functools.partial(client), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"a\n")
    await reader.read()
    writer.close()
    server.close()
