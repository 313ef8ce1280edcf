"""The program, run in the application of `support`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.support import Runner


@pytest.fixture
def blocklint(project: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    """The program, in the application of `support`."""
    return Runner(capsys)
