"""Fixtures are projects to analyse, not tests; what they say of recall is printed at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.support import APPLICATION, write

collect_ignore = ["fixtures"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, which holds the application of `support`; its cache is its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    folder = write(tmp_path / "project", APPLICATION)
    monkeypatch.chdir(folder)
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Make recall a number: how many faults the fixtures hold, and how many of them are known gaps."""
    if not any("test_fixtures.py" in report.nodeid for report in terminalreporter.getreports("passed")):
        return
    from tests.fixtures_runner.cases import expectations, load_cases

    cases = load_cases()
    kinds = [e.kind for case in cases for file in expectations(case).values() for e in file.expected]
    errors, misses = kinds.count("error"), kinds.count("miss")
    terminalreporter.write_line(
        f"fixtures: {len(cases)} projects, {errors} faults expected, {misses} known gaps"
        f" (recall {errors / max(1, errors + misses):.1%})"
    )
