from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from blocklint.hosts.cli import main as blocklint
from tests.hosts.support import write
from tests.installed.test_installed import APPLICATION, ENVIRONMENT
from tools.derive import main

PROPOSED = """\
# Proposed by tools/derive from the source of acme_sdk 2.1.0: not yet judged.
[library]
name = "acme_sdk"

[[class]]
name = "acme_sdk.Client"
blocks = "network"
likely = [
    "get", # Transport.send -> Session.request
]

[[module]]
name = "acme_sdk"
blocks = "network"
likely = [
    "fetch", # Client.get -> Transport.send -> Session.request
]

# Coroutines that block when they are awaited, which the format has no words for:
# acme_sdk.AsyncClient.get (network, likely): Client.get -> Transport.send -> Session.request
# acme_sdk.AsyncClient.lines (network, likely): Client.get -> Transport.send -> Session.request
# acme_sdk.pull (network, likely): AsyncClient.get -> Client.get -> Transport.send -> Session.request
"""


def test_what_blocks_in_a_package_is_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["acme_sdk", "--python", str(ENVIRONMENT)]) == 0
    assert capsys.readouterr().out == PROPOSED
    monkeypatch.chdir(write(tmp_path, {"acme_sdk.toml": PROPOSED}))
    assert blocklint(["knowledge", "check", "acme_sdk.toml"]) == 0
    assert capsys.readouterr().out == "acme_sdk.toml: 2 tables, nothing wrong\n"


def test_a_proposal_says_what_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = PROPOSED.replace("[[", "[[tool.blocklint.knowledge.")
    settings = tables.replace("[library]\nname", "[tool.blocklint.knowledge.library]\nname")
    assert "module" in tomllib.loads(settings)["tool"]["blocklint"]["knowledge"]
    monkeypatch.chdir(write(tmp_path, {"pyproject.toml": settings, "main.py": APPLICATION}))
    assert blocklint(["check", "--no-cache"]) == 1
    shown = [line.split(" ")[0] for line in capsys.readouterr().out.splitlines() if " LAG" in line[:20]]
    assert shown == ["main.py:9:21:", "main.py:17:19:"]


@pytest.mark.parametrize(
    ("package", "environment", "message"),
    [
        ("acme_skd", str(ENVIRONMENT), f"acme_skd is not installed as source in {ENVIRONMENT}\n"),
        ("acme_sdk", "nowhere", 'there is no "nowhere"; name a folder with a pyvenv.cfg, or an interpreter\n'),
    ],
)
def test_a_package_that_is_not_there_is_an_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    package: str,
    environment: str,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([package, "--python", environment]) == 2
    assert capsys.readouterr().err == message
