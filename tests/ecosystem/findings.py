"""Findings of a project: running the check, storing them, and the difference of two sets as a table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent.parent


class Found(NamedTuple):
    """What is stored of a finding, and compared."""

    path: str
    line: int
    code: str
    certainty: str
    phase: str
    function: str
    culprit: str


class Place(NamedTuple):
    """Where a finding lies: the line it is placed on, and the lines of its whole expression."""

    path: str
    line: int
    first: int
    last: int


class Checked(NamedTuple):
    """One run of `check`."""

    findings: tuple[Found, ...]
    places: tuple[Place, ...]
    errors: tuple[str, ...]
    summary: dict[str, Any]
    unresolved: dict[str, Any]


def check(folder: Path, *options: str) -> Checked:
    """Run `blocklint check` on a folder, in an interpreter of its own and without a cache."""
    command = [sys.executable, "-m", "blocklint", "check", "--format", "json", "--no-cache", "--exit-zero"]
    # The blocklint of this checkout, installed or not.
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    run = subprocess.run(
        [*command, *options, "."], cwd=folder, env=environment, capture_output=True, check=False
    )
    if run.returncode != 0:
        raise RuntimeError(f"check failed with {run.returncode}: {run.stderr.decode()}")
    return read_report(json.loads(run.stdout))


def read_report(report: dict[str, Any]) -> Checked:
    """Read the JSON of `check`, version 1."""
    if report["version"] != 1:
        raise ValueError(f"JSON of version {report['version']}")
    findings = report["findings"]
    return Checked(
        tuple(sorted(Found(**{field: finding[field] for field in Found._fields}) for finding in findings)),
        tuple(_place(finding) for finding in findings),
        tuple(f"{error['path']}:{error['line']}: {error['message']}" for error in report["errors"]),
        report["summary"],
        report.get("unresolved", {}),
    )


def _place(finding: dict[str, Any]) -> Place:
    whole = finding["expression"]
    return Place(finding["path"], finding["line"], whole["line"], whole["end_line"])


def load(path: Path) -> tuple[Found, ...]:
    """Read stored findings; none if nothing is stored."""
    if not path.exists():
        return ()
    return tuple(Found(**json.loads(line)) for line in path.read_text().splitlines())


def store(path: Path, findings: Iterable[Found]) -> None:
    """Store findings, one a line, so that a change of them is a change of lines."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(found._asdict()) + "\n" for found in findings))


def difference(expected: Iterable[Found], found: Iterable[Found]) -> list[str]:
    """Write the difference as a table per file and code, followed by every line of it; empty if none."""
    before, now = Counter(expected), Counter(found)
    new, gone = list((now - before).elements()), list((before - now).elements())
    if not new and not gone:
        return []
    counts = {(f.path, f.code): [0, 0] for f in sorted((*new, *gone))}
    for column, side in enumerate((new, gone)):
        for finding in side:
            counts[finding.path, finding.code][column] += 1
    width = max(len(path) for path, _ in counts)
    rows = [f"{'file':{width}}  code     new  gone"]
    rows += [f"{path:{width}}  {code}  {n:4}  {g:4}" for (path, code), (n, g) in counts.items()]
    rows.append(f"{'all':{width}}          {len(new):4}  {len(gone):4}")
    marked = [(found, "+") for found in new] + [(found, "-") for found in gone]
    rows += [
        f"{mark} {f.path}:{f.line}  {f.code} {f.certainty} {f.phase}  {f.function} -> {f.culprit}"
        for f, mark in sorted(marked)
    ]
    return rows
