"""Methods that a library calls on instances of its subclasses, and the thread it calls them in.

Where each runs: ``threading`` and ``multiprocessing`` by their documentation; asyncio's protocols
and Tornado's handlers on the loop, Starlette's endpoints as its routes.
"""

from __future__ import annotations

from blocklint.model import Runs

_CONNECTION = ("connection_made", "connection_lost", "pause_writing", "resume_writing")
_VERBS = ("get", "head", "post", "put", "patch", "delete", "options")

INHERITED: dict[str, tuple[tuple[str, ...], Runs]] = {
    "asyncio.Protocol": ((*_CONNECTION, "data_received", "eof_received"), Runs.EVENT_LOOP),
    "asyncio.BufferedProtocol": (
        (*_CONNECTION, "get_buffer", "buffer_updated", "eof_received"),
        Runs.EVENT_LOOP,
    ),
    "asyncio.DatagramProtocol": (
        (*_CONNECTION, "datagram_received", "error_received"),
        Runs.EVENT_LOOP,
    ),
    "asyncio.SubprocessProtocol": (
        (*_CONNECTION, "pipe_data_received", "pipe_connection_lost", "process_exited"),
        Runs.EVENT_LOOP,
    ),
    "multiprocessing.Process": (("run",), Runs.OTHER_PROCESS),
    "starlette.endpoints.HTTPEndpoint": (_VERBS, Runs.WORKER_THREAD),
    "starlette.endpoints.WebSocketEndpoint": (
        ("on_connect", "on_receive", "on_disconnect"),
        Runs.EVENT_LOOP,
    ),
    "threading.Thread": (("run",), Runs.WORKER_THREAD),
    "tornado.web.RequestHandler": ((*_VERBS, "prepare", "on_finish", "initialize"), Runs.EVENT_LOOP),
}
"""By base class: the names of the methods, and where they run if they are no coroutines."""
