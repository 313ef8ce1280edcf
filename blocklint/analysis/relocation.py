"""Paths of a root as they are shown: relative to the working directory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import msgspec

from blocklint.model import Finding, SourceError
from blocklint.project.installed import INSTALLED


def mover(root: str) -> Callable[[str], str]:
    """What makes a path relative to a root one relative to the working directory.

    What is installed keeps its path: that is the same on every machine.
    """
    here = os.path.realpath(os.getcwd())

    @cache
    def moved(path: str) -> str:
        if path.startswith(INSTALLED):
            return path
        absolute = os.path.join(root, path)
        try:
            return Path(os.path.relpath(absolute, here)).as_posix()
        except ValueError:  # another drive
            return Path(absolute).as_posix()

    return moved


def from_here(
    root: str, findings: Iterable[Finding], errors: Iterable[SourceError]
) -> tuple[Iterable[Finding], Iterable[SourceError]]:
    """The findings and errors of a root, but for their messages, with paths from the working directory."""
    if root == os.path.realpath(os.getcwd()):
        return findings, errors
    moved = mover(root)
    replace = msgspec.structs.replace
    moved_errors = [replace(error, path=moved(error.path)) for error in errors]
    moved_findings = [
        replace(
            finding,
            site=replace(finding.site, file=moved(finding.site.file)),
            expression=replace(finding.expression, file=moved(finding.expression.file)),
            chain=tuple(replace(hop, path=moved(hop.path)) for hop in finding.chain),
            entry_points=tuple(replace(entry, path=moved(entry.path)) for entry in finding.entry_points),
        )
        for finding in findings
    ]
    return moved_findings, moved_errors
