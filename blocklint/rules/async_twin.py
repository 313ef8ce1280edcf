"""LAG601: a call that is handed to a thread has an asynchronous form, which needs no thread."""

from __future__ import annotations

from blocklint.callgraph.graph import CallGraph
from blocklint.flow.inference import Inference
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks, Certainty, Hop, Phase, Runs
from blocklint.rules.reporting import Located, Reporter

CODE = "LAG601"

WAITS = frozenset({Blocks.DATABASE, Blocks.NETWORK, Blocks.SLEEP, Blocks.SUBPROCESS})
"""What can be waited for without a thread. Files cannot: their asynchronous forms use threads themselves."""

_THREADS = ("asyncio.to_thread", "anyio.to_", "asgiref.", "asyncio.AbstractEventLoop.run_in_executor")
"""Instead of which no thread is spared."""


def find(inference: Inference, graph: CallGraph) -> list[Located]:
    """The findings at the calls of coroutines that hand such a callable over by itself."""
    reporter, show = Reporter(inference.project, CODE), inference.project.show
    for activation in graph.on_loop:
        if not activation.function.is_async:
            continue
        for edge in graph.edges[activation]:
            target, site = edge.target, edge.site
            if type(target) is not LibraryCallable or site.switches_to is not Runs.WORKER_THREAD:
                continue
            if target.blocks not in WAITS or not target.instead or target.instead.startswith(_THREADS):
                continue
            if target.certainty is Certainty.POSSIBLE or target.raises or edge.reason:
                continue  # what refuses to run on a loop (Django) has forms that use threads themselves
            key = activation.key()
            hop = Hop(show(key), target.name, key.file, *site.place, site.via)
            said = f"{target.name} is handed to a thread: {target.instead} needs none"
            phase = graph.phase_at(activation, site.place)
            if phase is Phase.SERVING:
                hint = f"use {target.instead}"
                reporter.add(key, site, said, (hop,), phase, hint, target.blocks.value, within=activation)
    return reporter.findings()
