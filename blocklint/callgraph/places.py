"""Where functions run, as comments say it: ``def f():  # blocklint: runs=worker-thread reason``."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.model import Runs
from blocklint.project.index import Project
from blocklint.project.scopes import first_line

_RUNS = {runs.value: runs for runs in Runs}


def runs_on(project: Project) -> dict[r.Function, Runs]:
    """The functions of which comments say where they run. What is no valid word says nothing."""
    found = {}
    for file, facts in project.modules.items():
        words = {each.line: each.codes[0] for each in facts.directives if each.kind == "runs"}
        places = {line: _RUNS[word] for line, word in words.items() if word in _RUNS}
        if places:
            for function, line in headers(project, file):
                if line in places:
                    found[function] = places[line]
    return found


def headers(project: Project, file: str) -> Iterator[tuple[r.Function, int]]:
    """The functions of a module with each line of what stands before their bodies."""
    for definition in project.definitions[file]:
        function = definition.function
        first = function.span[0]
        body = first_line(function.body[0]) if function.body else function.span[2]
        for line in range(first, max(body, first + 1)):
            yield function, line


def is_off_loop(function: r.Function, runs: Runs) -> bool:
    """Whether nothing in a function that runs there can block the loop.

    Inside the greenlet bridge some things do. A coroutine function cannot run in it.
    """
    return runs is not Runs.EVENT_LOOP and (runs is not Runs.GREENLET_BRIDGE or function.is_async)
