"""``# noqa``: which findings a file's comments suppress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from blocklint.facts.records import Directive
from blocklint.model import Finding


def unsuppressed(
    findings: Iterable[Finding], directives: Mapping[str, tuple[Directive, ...]]
) -> tuple[Finding, ...]:
    """The findings that no comment suppresses. ``directives`` are each file's, by its path.

    ``# noqa`` counts on every physical line of the whole site, since formatters leave it on any of
    them; ``# flake8: noqa`` for its file.
    """
    lines = {path: _by_line(found) for path, found in directives.items()}
    return tuple(finding for finding in findings if not _is_suppressed(finding, lines))


def noqa_only(directives: Iterable[Directive]) -> tuple[Directive, ...]:
    """The directives that this module reads."""
    return tuple(directive for directive in directives if directive.kind in ("noqa", "file-noqa"))


# Line 0 holds what counts for the whole file.
_Lines = dict[int, tuple[Directive, ...]]


def _by_line(directives: Iterable[Directive]) -> _Lines:
    lines: _Lines = {}
    for directive in noqa_only(directives):
        line = 0 if directive.kind == "file-noqa" else directive.line
        lines[line] = (*lines.get(line, ()), directive)
    return lines


def _is_suppressed(finding: Finding, lines: Mapping[str, _Lines]) -> bool:
    return any(
        not directive.codes or finding.code.startswith(directive.codes)
        for directive in _beside(finding, lines)
    )


def _beside(finding: Finding, lines: Mapping[str, _Lines]) -> Iterator[Directive]:
    """The directives that may speak of a finding."""
    in_file = lines.get(finding.site.file)
    if in_file:
        for line in (0, *range(finding.expression.line, finding.expression.end_line + 1)):
            yield from in_file.get(line, ())


def unused_codes(
    findings: Iterable[Finding], directives: Mapping[str, tuple[Directive, ...]], prefix: str
) -> Iterator[tuple[str, Directive, tuple[str, ...]]]:
    """The directives with codes of ours (with ``prefix``) that suppress nothing, and those codes."""
    lines = {path: _by_line(found) for path, found in directives.items()}
    used: dict[Directive, set[str]] = {}
    for finding in findings:
        for directive in _beside(finding, lines):
            codes = {code for code in directive.codes if finding.code.startswith(code)}
            used.setdefault(directive, set()).update(codes)
    for path, found in directives.items():
        for directive in noqa_only(found):
            mine = [code for code in directive.codes if code.startswith(prefix)]
            unused = tuple(code for code in mine if code not in used.get(directive, ()))
            if unused:
                yield path, directive, unused
