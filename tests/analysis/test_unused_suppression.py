"""Where a comment that suppresses nothing is reported, and what of the selection does not matter."""

from __future__ import annotations

from blocklint.analysis import analyze_sources
from blocklint.model import Finding
from blocklint.settings import Settings

TEXT = """\
import os


async def handler():
    ümläut = os.stat("x")  # noqa: E501, LAG111, LAG103 it is cheap


def helper():
    return 1  # type: ignore # blocklint: allow[LAG103] it is small  # more
"""


def found(text: str, settings: Settings) -> list[Finding]:
    report = analyze_sources({"app.py": text}, settings)
    assert report.errors == ()
    return list(report.findings)


def test_place_name_and_message() -> None:
    """A code that needs no selection to be needed: LAG111 is off."""
    first, second = found(TEXT, Settings(select=("LAG901",)))
    assert first.message == 'LAG901 "# noqa: LAG103" suppresses nothing'
    assert (first.function, first.culprit, first.category) == ("app:handler", "noqa[LAG103]", "suppression")
    line = TEXT.splitlines()[4]
    assert line[first.site.column - 1 : first.site.end_column - 1] == line[line.index("# noqa") :]
    assert second.message == 'LAG901 "# blocklint: allow[LAG103]" suppresses nothing'
    line = TEXT.splitlines()[8]
    place = line[second.site.column - 1 : second.site.end_column - 1]
    assert place == "# blocklint: allow[LAG103] it is small"
    assert first.fingerprint != second.fingerprint


def test_off_by_default() -> None:
    assert found(TEXT, Settings()) == []
