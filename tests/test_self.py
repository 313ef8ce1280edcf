"""blocklint on its own source."""

from __future__ import annotations

from pathlib import Path

from blocklint import Overrides, analyze_paths

REPOSITORY = Path(__file__).resolve().parent.parent


def test_nothing_blocks_in_blocklint_itself() -> None:
    report = analyze_paths([REPOSITORY / "blocklint"], overrides=Overrides(select=("LAG",)), cache=False)
    assert report.summary.files > 50
    assert report.errors == ()
    assert report.findings == ()
