"""How long the event loop stands still for one call of each kind (LAG101–LAG108, LAG111).

Each call is made in a coroutine, then in a thread.
Needs nothing but Python: `python docs/measure/blocking_calls.py`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import queue
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from loop_gap import gap_of, show

FOLDER = Path(tempfile.mkdtemp())
DATABASE = FOLDER / "shop.db"
FILE = FOLDER / "export.bin"


class Slow(BaseHTTPRequestHandler):
    """A server that answers after a tenth of a second."""

    def do_GET(self) -> None:
        time.sleep(0.1)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def prepare() -> str:
    """Make the database and the server; the server's address."""
    with sqlite3.connect(DATABASE) as connection:
        connection.execute("create table names (name text)")
        rows = ((f"name {number * 7919 % 300_000}",) for number in range(300_000))
        connection.executemany("insert into names values (?)", rows)
    server = HTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def query() -> None:
    connection = sqlite3.connect(DATABASE, check_same_thread=False)
    connection.execute("select name from names order by name desc limit 10").fetchall()
    connection.close()


def write() -> None:
    with FILE.open("wb") as file:
        file.write(bytes(50_000_000))
        file.flush()
        os.fsync(file.fileno())


def run_python() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def wait_for_queue() -> None:
    jobs: queue.Queue[int] = queue.Queue()
    threading.Timer(0.1, jobs.put, (1,)).start()
    jobs.get()


def read_terminal() -> None:
    reading, writing = os.pipe()
    threading.Timer(0.1, os.write, (writing, b"yes\n")).start()
    with os.fdopen(reading) as terminal:
        before, sys.stdin = sys.stdin, terminal
        input()
        sys.stdin = before


def hash_password() -> None:
    hashlib.scrypt(b"password", salt=b"salt", n=2**15, r=8, p=1, maxmem=2**26)


def stat() -> None:
    for _ in range(20_000):
        os.stat(DATABASE)


async def main() -> None:
    address = prepare()
    rows: list[tuple[str, Callable[[], object]]] = [
        ("LAG101 a query that sorts 300,000 rows", query),
        ("LAG102 a request, answered after 100 ms", lambda: urllib.request.urlopen(address).read()),
        ("LAG103 writing 50 MB and syncing them", write),
        ("LAG104 time.sleep(0.1)", lambda: time.sleep(0.1)),
        ("LAG105 starting Python and waiting for its end", run_python),
        ("LAG106 a queue that is filled after 100 ms", wait_for_queue),
        ("LAG107 a line that is typed after 100 ms", read_terminal),
        ("LAG108 hashlib.scrypt(n=2**15)", hash_password),
        ("LAG111 20,000 times os.stat on a local disk", stat),
    ]
    for name, function in rows:

        async def here(function: Callable[[], object] = function) -> None:
            function()

        show(name, await gap_of(here))
        show("       in a thread", await gap_of(lambda function=function: asyncio.to_thread(function)))


asyncio.run(main())
