"""Records in which thread `time.sleep` is called: the one of the event loop that serves, or another."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

LOOP = "loop"
ELSEWHERE = "elsewhere"


class Detector:
    """While it is installed, notes for every line of one file that sleeps where it did.

    ``seen`` holds the places by line. A loop that a worker thread runs for one coroutine is not the one
    that serves: what blocks it holds up nobody else. One that runs forever, or that has more tasks, is.
    """

    def __init__(self, file: Path) -> None:
        self.seen: dict[int, set[str]] = {}
        self.serving: asyncio.AbstractEventLoop | None = None
        self._file = str(file)
        self._sleep: Callable[[Any], None] = time.sleep

    def install(self) -> None:
        """Take the place of `time.sleep`; what the libraries themselves sleep is left alone."""
        time.sleep = self._record

    def _record(self, seconds: Any) -> None:
        frame: Any = sys._getframe(1)
        if frame.f_code.co_filename == self._file:
            self.seen.setdefault(frame.f_lineno, set()).add(LOOP if self._on_loop() else ELSEWHERE)
            return
        self._sleep(seconds)

    def _on_loop(self) -> bool:
        trio = sys.modules.get("trio")
        if trio is not None and trio.lowlevel.in_trio_run():
            return True
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            return False
        if running is self.serving:
            return True
        return len(asyncio.all_tasks(running)) > 1 or not _runs_until_complete()


def _runs_until_complete() -> bool:
    """Whether the loop of this thread was started for one coroutine."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code is not RUN_UNTIL_COMPLETE:
        frame = frame.f_back
    return frame is not None


RUN_UNTIL_COMPLETE = asyncio.BaseEventLoop.run_until_complete.__code__
