"""``blocklint check``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from blocklint.analysis import RootReport, analyze_roots, merge
from blocklint.hosts.cli.overrides import overrides
from blocklint.model import Report
from blocklint.project.roots import canonical, find_root
from blocklint.rules.codes import INTERNAL_ERROR
from blocklint.settings import Overrides, UsageError, certainty

if TYPE_CHECKING:
    from blocklint.callgraph.unresolved import Unresolved


def check(arguments: argparse.Namespace) -> int:
    """Analyse and print; the exit code. Raises UsageError."""
    if arguments.group_by and arguments.format != "text":
        raise UsageError("--group-by needs --format text")
    paths, overlay = _inputs(arguments)
    started = time.perf_counter()
    reports = analyze_roots(
        paths, overrides=_overrides(arguments), overlay=overlay, cache=not arguments.no_cache
    )
    report = merge(reports, time.perf_counter() - started)
    _print_errors(report, _left_out(paths, reports))
    _print(report, arguments, _unresolved(paths, overlay, arguments) if arguments.unresolved else None)
    if any(error.message.startswith(INTERNAL_ERROR) for error in report.errors):
        return 2
    return int(bool(report.findings or report.errors) and not arguments.exit_zero)


def _inputs(arguments: argparse.Namespace) -> tuple[list[str], dict[Path, bytes]]:
    """The paths to report on, and the text of stdin as the file that it stands for."""
    paths: list[str] = arguments.paths or ["."]
    name: str | None = arguments.stdin_filename
    if "-" not in paths:
        if name is not None:
            raise UsageError("--stdin-filename needs - as the only PATH")
        return paths, {}
    if len(paths) > 1 or name is None:
        raise UsageError("- reads one file from stdin: blocklint check - --stdin-filename PATH")
    if os.path.isdir(name):
        raise UsageError(f"--stdin-filename names a folder: {name}")
    return [name], {Path(name): sys.stdin.buffer.read()}


def _overrides(arguments: argparse.Namespace) -> Overrides:
    return msgspec.structs.replace(
        overrides(arguments),
        select=_joined(arguments.select),
        ignore=_joined(arguments.ignore),
        extend_select=_joined(arguments.extend_select) or (),
        extend_ignore=_joined(arguments.extend_ignore) or (),
        certainty=certainty(arguments.certainty) if arguments.certainty else None,
        report_tests=arguments.report_tests,
        cache_dir=os.path.abspath(arguments.cache_dir) if arguments.cache_dir else None,
        disable_noqa=arguments.disable_noqa,
    )


def _joined(given: Sequence[tuple[str, ...]] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(code for codes in given for code in codes)


def _left_out(paths: Iterable[str], reports: Iterable[RootReport]) -> list[str]:
    """A note for every given path that is not analysed: an empty result must not pass for a clean one."""
    left_out = {
        Path(report.root): {Path(report.root, left.path): left.reason for left in report.left_out}
        for report in reports
    }
    notes = []
    for given in paths:
        path = canonical(given)
        reasons = left_out.get(find_root(path), {})
        holder = next((folder for folder in (path, *path.parents) if folder in reasons), None)
        if holder is not None:
            reason = reasons[holder] if holder == path else f"{os.path.relpath(holder)} is {reasons[holder]}"
            notes.append(f'{given} is left out: {reason} (the setting "include" brings it back)')
    return notes


def _print_errors(report: Report, notes: Sequence[str]) -> None:
    if report.errors or notes:
        from blocklint.hosts.formats.text import printable, render_error

        lines = [*map(render_error, report.errors), *(f"blocklint: {printable(note)}" for note in notes)]
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()


def _unresolved(
    paths: Iterable[str], overlay: Mapping[Path, bytes], arguments: argparse.Namespace
) -> Unresolved:
    from blocklint.analysis.unseen import unresolved_in

    cache = not arguments.no_cache
    return unresolved_in(paths, overrides=_overrides(arguments), overlay=overlay, cache=cache)


def _print(report: Report, arguments: argparse.Namespace, unresolved: Unresolved | None) -> None:
    if arguments.format == "json":
        from blocklint.hosts.formats import json

        sys.stdout.buffer.write(json.render(report, unresolved))
    else:
        from blocklint.hosts.formats import text

        color = wants_color()
        sys.stdout.write(text.render(report, color=color, by_function=arguments.group_by == "function"))
        if unresolved is not None:
            from blocklint.hosts.formats.unresolved import render

            sys.stdout.write("\n" + text.printable_lines(render(unresolved)))


def wants_color() -> bool:
    """As Python itself decides: NO_COLOR, then FORCE_COLOR, then whether this is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout.isatty()
