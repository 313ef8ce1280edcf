"""The pylint plugin: ``load-plugins=blocklint.hosts.pylint_plugin``.

Thin on purpose: pylint's nodes place messages, what is found does not come from them. Settings
are those of ``[tool.blocklint]``.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, Protocol

from pylint.checkers import BaseChecker

from blocklint.hosts.per_file import PerFile
from blocklint.rules.codes import BY_CODE, CODES
from blocklint.settings import Overrides

if TYPE_CHECKING:
    from pylint.lint import PyLinter


class _Module(Protocol):
    """astroid's, which has no types."""

    file: str

    def stream(self) -> IO[bytes]: ...


class BlocklintChecker(BaseChecker):
    """Emits what was found in each module as it is visited."""

    name = "blocklint"
    msgs = {row.pylint_id: ("%s", row.symbol, f"{row.code}: {row.title}.") for row in CODES}  # noqa: RUF012

    def open(self) -> None:
        """Begin a run; in a worker, which opens before every file, keep what is known."""
        if multiprocessing.parent_process() is None:
            _begin(self.linter)

    def __getstate__(self) -> Any:
        """Analyse the project: pylint pickles its checkers right before it starts its workers.

        That is the one call in the main process at which it knows what it is to check.
        """
        if multiprocessing.parent_process() is None:
            _begin(self.linter).prepare()
        return super().__getstate__()

    def visit_module(self, node: _Module) -> None:
        """Add the messages of one module."""
        per_file = _memo.get(_KEY) or _begin(self.linter)
        if self.linter.config.from_stdin:
            with node.stream() as stream:
                messages = per_file.messages_of_text(node.file, stream.read())
        else:
            messages = per_file.messages(node.file)
        for message in messages:
            self.add_message(
                BY_CODE[message.code].symbol,
                node=node,
                line=message.line,
                col_offset=message.column - 1,
                end_lineno=message.end_line,
                end_col_offset=message.end_column - 1,
                args=(f"{message.code} {message.text}",),
            )


_KEY = "per_file"
# The one global state of this host: workers that are forked inherit what the main process found,
# while checkers reach them as pickles, once, and their files one by one.
_memo: dict[str, PerFile] = {}


def register(linter: PyLinter) -> None:
    """Called by pylint when it loads the plugin."""
    linter.register_checker(BlocklintChecker(linter))


def _begin(linter: PyLinter) -> PerFile:
    per_file = PerFile(_paths(linter), Overrides(), cache=True)
    _memo[_KEY] = per_file
    return per_file


def _paths(linter: PyLinter) -> Iterator[str]:
    """What pylint was asked to check: files, folders or names of modules."""
    for given in linter.config.files:
        if os.path.exists(given):
            yield given
        elif all(part.isidentifier() for part in given.split(".")):
            inner = given.replace(".", os.sep)
            yield inner if os.path.isdir(inner) else f"{inner}.py"
