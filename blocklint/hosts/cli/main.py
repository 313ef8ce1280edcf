"""The command line's outermost layer: every way to end, and its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from blocklint.hosts.cli.arguments import parse
from blocklint.hosts.cli.check import check
from blocklint.settings import UsageError

FAILED = 2
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 clean, 1 findings or unreadable files, 2 wrong usage or an internal error.

    Raises SystemExit for ``--help``, ``--version`` and arguments that cannot be parsed.
    """
    _never_fail_to_encode()
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        _need_working_directory()
        if arguments.command == "files":
            from blocklint.hosts.cli.files import files

            code = files(arguments)
        elif arguments.command == "graph":
            from blocklint.hosts.cli.graph import graph

            code = graph(arguments)
        elif arguments.command == "routes":
            from blocklint.hosts.cli.routes import routes

            code = routes(arguments)
        elif arguments.command == "knowledge":
            from blocklint.hosts.cli.knowledge import knowledge

            code = knowledge(arguments)
        elif arguments.command == "rule":
            from blocklint.hosts.cli.rule import rule

            code = rule(arguments)
        elif arguments.command == "why":
            from blocklint.hosts.cli.why import why

            code = why(arguments)
        else:
            code = check(arguments)
        sys.stdout.flush()
    except UsageError as error:
        print(f"blocklint: error: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # `| head` has seen enough. What Python still flushes at exit must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        import traceback

        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(frame.filename)}:{frame.lineno}"
        print(f"blocklint: internal error, please report it: {error!r} ({place})", file=sys.stderr)
        return FAILED
    return code


def run() -> NoReturn:
    """The rest of the process of the console scripts: :func:`main`, without taking memory apart at the end.

    Collecting and freeing what was linked took a tenth of a cold run (measured on 38,000 lines).
    """
    code = FAILED
    try:
        code = main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else FAILED
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _need_working_directory() -> None:
    """Every path is taken relative to it. Raises UsageError if it has been removed meanwhile."""
    try:
        os.getcwd()
    except OSError as error:
        message = f"cannot read the working directory ({error.strerror}); change to another"
        raise UsageError(message) from error


def _never_fail_to_encode() -> None:
    """A name that the terminal's encoding lacks is escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
