"""Functions that are called in worker threads only: by what a framework runs there, as far as names tell."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.inference import Inference
from blocklint.model import Runs
from blocklint.project.files import is_test
from blocklint.project.uses import Place

MOST_CALLERS = 24
"""A function that more may call is taken to be called anywhere."""


class OnlyThreads:
    """Asks where the calls of a function come from, one name after the other.

    What a library runs in a thread, such as a ``def`` endpoint of FastAPI, is the beginning of a thread.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def calls(self, file: str, function: r.Function) -> bool:
        """Whether everything that calls a function by its name is in a worker thread, and something does.

        Coroutine functions do not count: a loop cannot be started below them.
        """
        found: set[r.Function] = set()
        pending: list[Place] = [(file, function)]
        while pending:
            place, each = pending.pop()
            if each in found:
                continue
            found.add(each)
            if each.is_async or self._begins_thread(place, each):
                continue
            if each.name == "<module>" or len(found) > MOST_CALLERS:
                return False
            callers = self._inference.project.uses.callers(each.name.rpartition(".")[2])
            callers = [caller for caller in callers if not is_test(caller[0])]
            if not callers:
                return False
            pending += callers
        return True

    def _begins_thread(self, file: str, function: r.Function) -> bool:
        definition = self._inference.project.definition_of[file].get(function)
        return definition is not None and self._inference.handlers.runs(definition) is Runs.WORKER_THREAD
