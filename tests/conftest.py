"""Fixtures are projects to analyse, not tests; what they say of recall is printed at the end."""

from __future__ import annotations

import pytest

collect_ignore = ["fixtures"]


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
