"""The flake8 plugin, entry point ``LAG``.

flake8 hands over one file at a time, in worker processes; the project is analysed once. Forked
workers inherit what the main process found, others read it from the cache on disk or, failing
that, analyse for themselves. Settings are those of ``[tool.blocklint]``.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Protocol

from blocklint.facts.source import encode
from blocklint.hosts.per_file import Message, PerFile
from blocklint.settings import Overrides, certainty

_PREFIX = "LAG"
_STDIN = "-"


class _OptionManager(Protocol):
    """flake8's, which is not imported: it has no types."""

    def add_option(self, *names: str, **options: Any) -> None: ...


class Plugin:
    """One file's check, as flake8 makes it; what is found is shared by all of a process.

    ``_per_file`` is the one global state of this host: flake8 gives plugins no other way to hand
    what the main process found to the checks of single files.
    """

    _per_file: ClassVar[PerFile | None] = None
    _stdin_name: ClassVar[str | None] = None

    def __init__(self, tree: object, filename: str, lines: Sequence[str]) -> None:
        """``tree`` is asked for so that flake8 leaves out files that do not parse: E999 tells of them."""
        self._filename = filename
        self._lines = lines

    @classmethod
    def add_options(cls, option_manager: _OptionManager) -> None:
        """Register the few options that differ from run to run."""
        option_manager.add_option(
            "--lag-certainty",
            choices=("possible", "likely", "certain"),
            parse_from_config=True,
            help="the least certainty that blocklint reports (default: that of [tool.blocklint])",
        )
        option_manager.add_option(
            "--lag-no-cache",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="blocklint neither reads nor writes its cache",
        )

    @classmethod
    def parse_options(cls, _: object, options: argparse.Namespace, __: Sequence[str]) -> None:
        """Analyse the project, in the main process only. Never raises."""
        names = list(options.filenames) or ["."]
        uses_stdin = _STDIN in names
        cls._stdin_name = options.stdin_display_name if uses_stdin else None
        files = [name for name in names if name != _STDIN]
        try:
            cls._per_file = PerFile(files, _overrides(options), cache=not options.lag_no_cache)
        except ValueError as error:  # flake8 checks no choices in its configuration files
            cls._per_file = PerFile.failed(f"lag-certainty must be possible, likely or certain, not {error}")
        if not uses_stdin and not options.bug_report and multiprocessing.parent_process() is None:
            cls._per_file.prepare()

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """The findings of this file, with columns from 0. Never raises."""
        for message in self._messages():
            yield message.line, message.column - 1, f"{message.code} {message.text}", type(self)

    def _messages(self) -> Iterable[Message]:
        if self._per_file is None:
            return ()
        if self._filename == self._stdin_name:
            return self._per_file.messages_of_text(self._filename, encode("".join(self._lines)))
        return self._per_file.messages(self._filename)


def _overrides(options: argparse.Namespace) -> Overrides:
    """flake8's select decides for itself; here it only turns on codes that are off by default.

    ``LAG`` alone does not: people write it to make an explicit ``select`` let the plugin through.
    """
    chosen = [*(options.select or ()), *(options.extend_select or ())]
    return Overrides(
        extend_select=tuple(code for code in chosen if code.startswith(_PREFIX) and code != _PREFIX),
        certainty=certainty(options.lag_certainty) if options.lag_certainty else None,
        disable_noqa=options.disable_noqa,
    )
