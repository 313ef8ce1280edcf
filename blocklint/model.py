"""The vocabulary shared by every stage. No behaviour lives here.

Positions are 1-based lines and 1-based columns in code points, ends exclusive, everywhere
above ``facts.lower``, which converts them once from the UTF-8 byte offsets of ``ast``.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

import msgspec

Span = tuple[int, int, int, int]
"""Line, column, end line, end column: 1-based, code points, end column exclusive."""


class Runs(StrEnum):
    """Where a function runs. A property of the edge into it, never of the function."""

    EVENT_LOOP = "event-loop"
    WORKER_THREAD = "worker-thread"
    GREENLET_BRIDGE = "greenlet-bridge"
    OTHER_PROCESS = "other-process"


class Blocks(StrEnum):
    """What the calling thread waits for.

    ``loop``: for an event loop, its own or another, which no thread that runs one can wait for;
    ``computation``: for a loop in the project's own text that computes for long.
    ``lazy-load`` and ``expired-load``: for the database, when an attribute is read. ``async-bound``: for the
    database by an object of an async engine, which raises outside SQLAlchemy's greenlet bridge.
    """

    DATABASE = "database"
    NETWORK = "network"
    DISK = "disk"
    METADATA = "metadata"
    SLEEP = "sleep"
    SUBPROCESS = "subprocess"
    WAIT = "wait"
    STDIN = "stdin"
    CPU = "cpu"
    LOOP = "loop"
    COMPUTATION = "computation"
    LAZY_LOAD = "lazy-load"
    EXPIRED = "expired-load"
    ASYNC_BOUND = "async-bound"


BOUNDARY = "boundary"
"""The category of mistakes where work is handed to another thread, which wait for nothing themselves."""


SUPPRESSION = "suppression"
"""The category of comments that suppress nothing."""

UNRESOLVED = "unresolved"
"""The category of calls of which it is not known what they wait for."""


class Certainty(IntEnum):
    """How sure a resolution or an effect is. Shown in lower case."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


class Via(StrEnum):
    """How an edge is taken."""

    CALL = "call"
    AWAIT = "await"
    DEPENDS = "depends"
    CONTEXT_MANAGER = "context-manager"
    ITERATION = "iteration"
    ATTRIBUTE = "attribute"
    OPERATOR = "operator"
    DECORATOR = "decorator"
    CALLBACK = "callback"


class Starts(StrEnum):
    """What a call sets going on the event loop: tasks beside its caller, or a server.

    After ``server`` what answers requests runs; ``serving`` is done when that is.
    """

    TASKS = "tasks"
    SERVER = "server"
    SERVING = "serving"


class Phase(StrEnum):
    """Whether the loop is serving requests when it gets to a finding."""

    SERVING = "serving"
    STARTUP = "startup"


class FunctionKey(msgspec.Struct, frozen=True, order=True, cache_hash=True):
    """One function of the project: file (relative to the root, "/"), qualified name, ordinal.

    The ordinal is 1 for the first definition of a name in its scope, 2 for the next.
    A module's body is the function ``<module>``.
    """

    file: str
    name: str
    ordinal: int = 1


class Site(msgspec.Struct, frozen=True, order=True):
    """A place in the project's text."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Hop(msgspec.Struct, frozen=True):
    """One step of a chain: ``function`` calls ``callee`` at a place. Names are as shown to people."""

    function: str
    callee: str
    path: str
    line: int
    column: int
    via: Via


class EntryPoint(msgspec.Struct, frozen=True, order=True):
    """A way by which the event loop gets into the project: a route, a task, a callback."""

    kind: str
    name: str
    function: str
    path: str
    line: int


class Finding(msgspec.Struct, frozen=True):
    """One fault at one place, as every host reports it.

    ``site`` runs from the name that is called to the end of the call; ``expression`` is the whole
    site. ``category`` is what is waited for (``Blocks``), or :data:`BOUNDARY`, :data:`SUPPRESSION` or
    :data:`UNRESOLVED`. ``culprit`` and ``also`` are dotted public names of library callables.
    ``chain[0]`` is the site, the last hop's callee is the culprit.
    """

    code: str
    site: Site
    expression: Site
    function: str
    message: str
    category: str
    culprit: str
    also: tuple[str, ...]
    certainty: Certainty
    phase: Phase
    chain: tuple[Hop, ...]
    entry_points: tuple[EntryPoint, ...]
    entry_points_total: int
    hint: str
    fingerprint: str


class SourceError(msgspec.Struct, frozen=True, order=True):
    """A file that could not be read or parsed; the others are analysed all the same."""

    path: str
    line: int
    message: str


class Summary(msgspec.Struct, frozen=True):
    """What an analysis covered."""

    files: int
    functions: int
    async_functions: int
    calls: int
    unresolved_calls: int
    seconds: float


class Report(msgspec.Struct, frozen=True):
    """The result of an analysis: findings sorted by (path, line, column, code), errors, summary."""

    findings: tuple[Finding, ...]
    errors: tuple[SourceError, ...]
    summary: Summary
