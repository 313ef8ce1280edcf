"""Compares what a fixture expects with what was found, and says the difference plainly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from blocklint.model import Finding
from tests.fixtures_runner.comments import Comments, Expected


class Line(NamedTuple):
    """One line of what a failing fixture prints. `mark`: " " as expected, "-" missing, "+" surplus."""

    path: str
    line: int
    mark: str
    text: str


def callees(finding: Finding) -> list[str]:
    """Return the names on the way down, the culprit last."""
    return [hop.callee for hop in finding.chain]


def has_name(callee: str, name: str) -> bool:
    """Whether the last parts of a shown name are `name`: "app.repo:Repo.find" has "find" and "Repo.find"."""
    plain = re.sub(r"#\d+$", "", callee.removesuffix("()"))
    return plain == name or plain.endswith((f".{name}", f":{name}"))


def has_shape(finding: Finding, shape: Iterable[str]) -> bool:
    """Whether the names of a shape occur in this order among the chain's callees."""
    remaining = iter(callees(finding))
    return all(any(has_name(callee, name) for callee in remaining) for name in shape)


def describe(finding: Finding) -> str:
    """Write a finding as the comment that would expect it."""
    chain = " > ".join(name.rpartition(":")[2] for name in callees(finding))
    return f'error: [{finding.code} {finding.certainty.name.lower()}] "{chain}"'


def compare(comments: Mapping[str, Comments], findings: Iterable[Finding]) -> list[Line]:
    """Compare all files of a fixture; an empty list means that all is as expected."""
    found: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        found.setdefault((finding.site.file, finding.site.line), []).append(finding)
    wanted: dict[tuple[str, int], list[Expected]] = {}
    for path, file in comments.items():
        for expected in file.expected:
            wanted.setdefault((path, expected.line), []).append(expected)
    lines: list[Line] = []
    for place in sorted(found.keys() | wanted.keys()):
        for mark, text in _compare_line(wanted.get(place, []), found.get(place, [])):
            lines.append(Line(*place, mark, text))
    return lines if any(line.mark != " " for line in lines) else []


def _compare_line(wanted: list[Expected], found: list[Finding]) -> list[tuple[str, str]]:
    rest = list(found)
    result: list[tuple[str, str]] = []
    # The most precise expectations choose first, so that a bare code cannot take another's finding.
    for expected in sorted((e for e in wanted if e.kind == "error"), key=_vagueness):
        match = next((finding for finding in rest if _fulfils(finding, expected)), None)
        if match is None:
            result.append(("-", str(expected)))
        else:
            rest.remove(match)
            result.append((" ", str(expected)))
    gaps = {expected.code: expected for expected in wanted if expected.kind == "miss"}
    for finding in rest:
        known = " (a known gap is found now: turn its `miss:` into `error:`)" if finding.code in gaps else ""
        result.append(("+", describe(finding) + known))
    return result


def _vagueness(expected: Expected) -> tuple[bool, int]:
    return not expected.certainty, -len(expected.shape)


def _fulfils(finding: Finding, expected: Expected) -> bool:
    return (
        finding.code == expected.code
        and expected.certainty in ("", finding.certainty.name.lower())
        and has_shape(finding, expected.shape)
    )


def render(case: str, lines: Iterable[Line]) -> str:
    """Write the difference: "-" expected and not found, "+" found and not expected."""
    rows = [f"{case}: - expected, not found; + found, not expected"]
    rows += [f"{line.mark} {line.path}:{line.line}  {line.text}" for line in lines]
    return "\n".join(rows)
