"""``blocklint why``: what is known of one line."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import msgspec

from blocklint.analysis.linking import on_demand
from blocklint.analysis.pipeline import RootSources
from blocklint.analysis.projects import OpenProject, open_projects
from blocklint.callgraph.complete import complete
from blocklint.model import Certainty, Finding
from blocklint.project.files import Scope
from blocklint.project.roots import canonical
from blocklint.rules.engine import find
from blocklint.rules.explaining import FunctionExplained, explain
from blocklint.rules.selection import Selection
from blocklint.rules.suppression import unsuppressed
from blocklint.settings import Overrides, UsageError


class Reported(msgspec.Struct, frozen=True):
    """A finding on the line, and why ``check`` does not show it ("" if it does)."""

    finding: Finding
    hidden: str


class Explanation(msgspec.Struct, frozen=True):
    """What is known of a line. Paths are relative to the project's root.

    ``through`` are findings elsewhere that are reported because of what this line calls.
    ``error`` says why nothing is known: the file cannot be parsed.
    """

    path: str
    line: int
    source: tuple[str, ...]
    reported: tuple[Reported, ...]
    through: tuple[Finding, ...]
    functions: tuple[FunctionExplained, ...]
    error: str = ""


def explain_line(path: str, line: int, *, overrides: Overrides, cache: bool = True) -> Explanation:
    """All that is known of a line. Raises UsageError: no such file or line, or it is left out."""
    if Path(path).is_dir():
        raise UsageError(f"{path} is a folder: why explains one line of a file")
    opened = next(iter(open_projects([path], overrides=overrides, cache=cache)))
    file = canonical(path).relative_to(opened.source.root).as_posix()
    if file not in opened.source.contents:
        raise UsageError(f"{path} is not analysed{_left_out(opened.source, file)}")
    source = tuple(importlib.util.decode_source(opened.source.contents[file]).splitlines())
    if not 1 <= line <= len(source):
        raise UsageError(f"{path} has {len(source)} lines, not {line}")
    for error in opened.errors:
        if error.path == file:
            return Explanation(file, line, source, (), (), (), f"{file}:{error.line}: {error.message}")
    return _explained(opened, file, line, source)


def _explained(opened: OpenProject, file: str, line: int, source: tuple[str, ...]) -> Explanation:
    wanted = on_demand(opened.source.settings)
    findings = find(opened.project, opened.words(), on_demand=wanted).findings
    here = [f for f in findings if f.site.file == file and _lies_on(f, line)]
    through = [
        f
        for f in findings
        if f not in here and any((hop.path, hop.line) == (file, line) for hop in f.chain)
    ]
    return Explanation(
        file,
        line,
        source,
        tuple(_reported(opened, here)),
        tuple(through),
        tuple(explain(complete(opened.project, opened.words()), opened.words(), file, line)),
    )


def _lies_on(finding: Finding, line: int) -> bool:
    return line in (finding.site.line, finding.expression.line)


def _reported(opened: OpenProject, findings: list[Finding]) -> Iterator[Reported]:
    shown = unsuppressed(findings, {f: m.directives for f, m in opened.project.modules.items()})
    scope = opened.source.scope()
    for finding in findings:
        suppressed = "" if finding in shown else "a noqa comment suppresses it"
        yield Reported(finding, suppressed or _not_selected(opened, scope, finding))


def _not_selected(opened: OpenProject, scope: Scope, finding: Finding) -> str:
    settings = opened.source.settings
    if not scope.covers(finding.site.file):
        return "tests are reported only with --report-tests"
    if Selection(settings).shows(finding):
        return ""
    all_certainties = msgspec.structs.replace(settings, certainty=Certainty.POSSIBLE)
    if Selection(all_certainties).shows(finding):
        return f"it is only {finding.certainty.name.lower()}: --certainty possible shows it"
    return f"{finding.code} is not selected: --extend-select {finding.code} shows it"


def _left_out(source: RootSources, file: str) -> str:
    folders = [file, *(parent.as_posix() for parent in Path(file).parents)]
    reasons = {left.path: left.reason for left in source.listing.left_out}
    return next((f": {folder} is {reasons[folder]}" for folder in folders if folder in reasons), "")
