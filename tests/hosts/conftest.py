"""Every test works in a folder of its own, with a cache of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.support import APPLICATION, Runner, write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, which holds the application of `support`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    folder = write(tmp_path / "project", APPLICATION)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def blocklint(project: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    """The program, in the application of `support`."""
    return Runner(capsys)
