"""For hosts that ask file by file: one analysis of everything, answers for each file."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from blocklint.analysis import RootReport, analyze_roots
from blocklint.project.roots import canonical
from blocklint.rules.codes import COMMENT, INTERNAL_ERROR
from blocklint.settings import Overrides


class Message(msgspec.Struct, frozen=True, order=True):
    """What a host shows at a place; ``text`` is without the code."""

    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    text: str


class PerFile:
    """The messages of one run by file. Nothing here raises: a problem becomes one LAG000.

    ``paths`` are those that the host was given; what they lack on the disk is the host's to say.
    """

    def __init__(self, paths: Iterable[str], overrides: Overrides, *, cache: bool) -> None:
        self._paths = [path for path in paths if os.path.exists(path)]
        self._overrides = overrides
        self._cache = cache
        self._messages: defaultdict[Path, list[Message]] | None = None
        self._problems: list[str] = []

    @classmethod
    def failed(cls, problem: str) -> PerFile:
        """What there is to tell when the host's own options are wrong."""
        per_file = cls((), Overrides(), cache=False)
        per_file._messages = defaultdict(list)
        per_file._problems.append(problem)
        return per_file

    def prepare(self) -> None:
        """Analyse now, so that processes forked from this one need not."""
        if self._messages is None:
            self._messages = defaultdict(list)
            self._analyse(self._messages, self._paths, {})

    def messages(self, file: str) -> Sequence[Message]:
        """The messages for a file on the disk, sorted. A problem of the whole run is told once."""
        self.prepare()
        return self._of(self._messages or {}, file)

    def messages_of_text(self, file: str, text: bytes) -> Sequence[Message]:
        """The messages for a text that takes the place of a file."""
        messages: defaultdict[Path, list[Message]] = defaultdict(list)
        self._analyse(messages, [file], {Path(file): text})
        return self._of(messages, file)

    def _of(self, messages: dict[Path, list[Message]], file: str) -> Sequence[Message]:
        problems, self._problems = self._problems, []
        told = [Message(1, 1, 1, 1, INTERNAL_ERROR, problem) for problem in problems]
        return sorted([*told, *messages.get(canonical(file), ())])

    def _analyse(
        self, messages: defaultdict[Path, list[Message]], paths: Sequence[str], texts: dict[Path, bytes]
    ) -> None:
        try:
            reports = analyze_roots(paths, overrides=self._overrides, overlay=texts, cache=self._cache)
        except Exception as error:
            self._problems.append(str(error) or repr(error))
            return
        for report in reports:
            self._take(messages, report)

    def _take(self, messages: defaultdict[Path, list[Message]], report: RootReport) -> None:
        for finding in report.findings:
            site = finding.site
            text = finding.message.removeprefix(f"{finding.code} ")
            place = (site.line, site.column, site.end_line, site.end_column)
            messages[Path(report.root, site.file)].append(Message(*place, finding.code, text))
        for error in report.errors:
            # What cannot be read or parsed is the host's own business.
            if error.message.startswith((INTERNAL_ERROR, COMMENT)):
                text = error.message.removeprefix(f"{INTERNAL_ERROR} ")
                if error.path == ".":
                    self._problems.append(text)
                else:
                    message = Message(error.line, 1, error.line, 1, INTERNAL_ERROR, text)
                    messages[Path(report.root, error.path)].append(message)
