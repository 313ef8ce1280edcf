"""The table of codes: one row a fault, the only place that lists them."""

from __future__ import annotations

import msgspec

from blocklint.model import Blocks, Certainty


class Code(msgspec.Struct, frozen=True):
    """One fault. ``symbol`` and ``pylint_id`` are its names in pylint, ``blocks`` what leads to it.

    ``on``: shown without being selected. ``shown_from``: the least certainty that the default
    output shows. ``effect``: what its messages say of the culprit; ``hint``: what helps, if not the
    library's own asynchronous form.
    """

    code: str
    symbol: str
    pylint_id: str
    title: str
    blocks: Blocks | None = None
    on: bool = True
    shown_from: Certainty = Certainty.LIKELY
    effect: str = "blocks the event loop"
    hint: str = ""


INTERNAL_ERROR = "LAG000"
STARTUP = "LAG110"
LAZY = "LAG403"

UNUSED_SUPPRESSION = "LAG901"
UNRESOLVED_CALL = "LAG902"

REMEDIES = frozenset({"LAG501", "LAG502", "LAG503", "LAG601", "LAG903"})
ON_DEMAND = REMEDIES | {UNRESOLVED_CALL}
"""What is looked for only if it is selected: it takes time of its own."""

PREFIX = "LAG"

COMMENT = "comment "
"""How the errors begin that speak of a comment of ours."""

CODES = (
    Code(INTERNAL_ERROR, "blocklint-internal-error", "W7400", "internal error of blocklint on a file"),
    Code(
        "LAG101",
        "blocking-database-call-in-async",
        "W7401",
        "a database call blocks the event loop",
        Blocks.DATABASE,
    ),
    Code(
        "LAG102",
        "blocking-network-call-in-async",
        "W7402",
        "a network call blocks the event loop",
        Blocks.NETWORK,
    ),
    Code(
        "LAG103",
        "blocking-file-access-in-async",
        "W7403",
        "reading or writing files blocks the event loop",
        Blocks.DISK,
    ),
    Code(
        "LAG104",
        "blocking-sleep-in-async",
        "W7404",
        "a sleep blocks the event loop",
        Blocks.SLEEP,
    ),
    Code(
        "LAG105",
        "blocking-subprocess-in-async",
        "W7405",
        "running or waiting for a subprocess blocks the event loop",
        Blocks.SUBPROCESS,
    ),
    Code(
        "LAG106",
        "blocking-wait-in-async",
        "W7406",
        "waiting for a lock, queue, thread or future blocks the event loop",
        Blocks.WAIT,
        shown_from=Certainty.CERTAIN,
    ),
    Code(
        "LAG107",
        "blocking-terminal-input-in-async",
        "W7407",
        "waiting for terminal input blocks the event loop",
        Blocks.STDIN,
    ),
    Code(
        "LAG108",
        "cpu-heavy-call-in-async",
        "W7408",
        "a CPU-heavy library call blocks the event loop",
        Blocks.CPU,
    ),
    Code(
        "LAG109",
        "cpu-bound-loop-in-async",
        "W7409",
        "a CPU-bound loop blocks the event loop",
        Blocks.COMPUTATION,
        shown_from=Certainty.CERTAIN,
    ),
    Code(
        STARTUP,
        "blocking-call-at-startup-in-async",
        "W7410",
        "a blocking call on the event loop at startup or shutdown only",
        on=False,
    ),
    Code(
        "LAG111",
        "blocking-file-metadata-in-async",
        "W7411",
        "cheap file metadata access on the event loop",
        Blocks.METADATA,
        on=False,
    ),
    Code(
        "LAG201",
        "lazy-load-in-async",
        "W7421",
        "an attribute that is not loaded yet loads from the database on the event loop",
        Blocks.LAZY_LOAD,
        shown_from=Certainty.CERTAIN,
        effect="loads from the database on the event loop",
        hint="load it with the query: selectinload() or joinedload()",
    ),
    Code(
        "LAG202",
        "expired-load-in-async",
        "W7422",
        "an attribute that a commit or rollback has expired is loaded again on the event loop",
        Blocks.EXPIRED,
        shown_from=Certainty.CERTAIN,
        effect="is expired and loads from the database on the event loop",
        hint="read it before the commit, or make the session with expire_on_commit=False",
    ),
    Code(
        "LAG301",
        "connection-held-across-await",
        "W7431",
        "a session or connection held across an await",
    ),
    Code(
        "LAG302",
        "thread-lock-held-across-await",
        "W7432",
        "a lock of threads or processes held across an await",
    ),
    Code(
        "LAG401",
        "called-not-passed-to-thread",
        "W7441",
        "a call's result is handed to a thread in place of the callable",
    ),
    Code(
        "LAG402",
        "coroutine-function-in-thread",
        "W7442",
        "a coroutine function is handed to a thread and never runs",
    ),
    Code(
        LAZY,
        "lazy-work-made-in-thread",
        "W7443",
        "lazy work made in a thread is done on the event loop",
        effect="blocks the event loop, only the making of it was handed to a thread",
        hint="go through it in the thread as well",
    ),
    Code(
        "LAG404",
        "nested-event-loop",
        "W7444",
        "a nested event loop, or the loop waits for itself",
        Blocks.LOOP,
        effect="fails or hangs on the running event loop",
        hint="await the coroutine, or call the function in a thread",
    ),
    Code(
        "LAG405",
        "function-moved-onto-event-loop",
        "W7445",
        "a decorator moves a def onto the event loop, where it blocks",
    ),
    Code(
        "LAG406",
        "failing-dependency",
        "W7446",
        "a dependency, endpoint or handler that fails whenever it is called",
    ),
    Code(
        "LAG501",
        "endpoint-could-be-def",
        "W7451",
        "an async def that awaits nothing and blocks, where a def would run in a thread",
        on=False,
    ),
    Code(
        "LAG502",
        "blocking-def-on-event-loop",
        "W7452",
        "a def that a framework calls on the event loop blocks",
        on=False,
    ),
    Code(
        "LAG503",
        "fake-async-function",
        "W7453",
        "a coroutine function that is awaited, awaits nothing and blocks",
        on=False,
    ),
    Code(
        "LAG504",
        "async-bound-object-used-synchronously",
        "W7454",
        "synchronous use of what is bound to an async engine raises",
        Blocks.ASYNC_BOUND,
        effect="raises MissingGreenlet on the event loop",
        hint="await the session's own method, or do it in run_sync()",
    ),
    Code(
        "LAG601",
        "thread-for-what-has-async-form",
        "W7461",
        "a call that is handed to a thread has an asynchronous form",
        on=False,
    ),
    Code(
        UNUSED_SUPPRESSION,
        "unused-lag-suppression",
        "W7491",
        "a comment suppresses nothing",
        on=False,
    ),
    Code(
        UNRESOLVED_CALL,
        "unresolved-call-in-async",
        "W7492",
        "it is not known what a call in async code does",
        on=False,
    ),
    Code(
        "LAG903",
        "blocking-import-in-async",
        "W7493",
        "an import inside a coroutine runs a module's body, which blocks",
        on=False,
    ),
)

BY_CODE = {row.code: row for row in CODES}
BY_BLOCKS = {row.blocks: row.code for row in CODES if row.blocks is not None}
