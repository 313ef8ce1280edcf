"""The command line: what it prints, where, and its exit code."""

from __future__ import annotations

import gc
import io
import os
import re
import runpy
import sys
from importlib import metadata
from pathlib import Path

import pytest

from blocklint.hosts import cli
from blocklint.hosts.cli.version import describe_version
from tests.hosts.support import BLOCKING, REPOSITORY, Runner, write

DEFAULT = ["app/main.py:7", "app/main.py:13", "app/other.py:5"]


# ------------------------------------------------------- findings, exit codes


def test_findings(blocklint: Runner) -> None:
    outcome = blocklint("check")
    assert (outcome.code, outcome.places, outcome.err) == (1, DEFAULT, "")


def test_no_findings(blocklint: Runner) -> None:
    outcome = blocklint("check", "app/helpers.py")
    assert outcome.code == 0
    assert re.fullmatch(
        r"No blocking call found: 5 files analysed \(5 functions, 4 async\) in [\d.]+ s.\n", outcome.out
    )


def test_exit_zero_is_for_findings_only(blocklint: Runner, project: Path) -> None:
    assert blocklint("check", "--exit-zero").code == 0
    write(project, {"app/bad.py": "def f(:\n"})
    assert blocklint("check", "--exit-zero").code == 0
    assert blocklint("check", "--exit-zero", "nowhere").code == 2


def test_a_file_that_cannot_be_parsed(blocklint: Runner, project: Path) -> None:
    write(project, {"app/bad.py": "def f(:\n"})
    outcome = blocklint("check", "app/bad.py")
    assert outcome.code == 1
    assert re.fullmatch(r"app/bad.py:1: syntax error: .*\n", outcome.err)
    assert "1 file could not be analysed" in outcome.out
    assert blocklint("check").places == DEFAULT


@pytest.mark.parametrize(
    ("arguments", "places"),
    [
        (["--select", "LAG104"], [DEFAULT[0], DEFAULT[2]]),
        (["--select=LAG103,LAG111"], ["app/main.py:12", "app/main.py:13"]),
        (["--select", "LAG103", "--select", "LAG111"], ["app/main.py:12", "app/main.py:13"]),
        (["--ignore", "LAG10"], []),
        (
            ["--extend-select", "LAG111"],
            ["app/main.py:7", "app/main.py:12", "app/main.py:13", "app/other.py:5"],
        ),
        (["--extend-ignore", "LAG103"], [DEFAULT[0], DEFAULT[2]]),
        (["--certainty", "certain"], DEFAULT),
        (["--report-tests"], [*DEFAULT, "tests/test_app.py:5"]),
        (["--disable-noqa"], ["app/main.py:7", "app/main.py:8", *DEFAULT[1:]]),
        (["--no-cache"], DEFAULT),
        (["app/other.py", "tests"], ["app/other.py:5", "tests/test_app.py:5"]),
    ],
)
def test_options_that_choose(blocklint: Runner, arguments: list[str], places: list[str]) -> None:
    assert blocklint("check", *arguments).places == places


def test_options_for_the_cache(blocklint: Runner, project: Path) -> None:
    blocklint("check", "--cache-dir", "here")
    assert list((project / "here").iterdir())
    assert not (project.parent / "cache").exists()
    blocklint("check", "--no-cache")
    assert not (project.parent / "cache").exists()
    blocklint("check")
    assert list((project.parent / "cache" / "blocklint").iterdir())


def test_a_configuration_file(blocklint: Runner, project: Path) -> None:
    write(project, {"strict.toml": '[tool.blocklint]\nselect = ["LAG103"]\n'})
    assert blocklint("check", "--config", "strict.toml").places == ["app/main.py:13"]
    outcome = blocklint("check", "--config", "gone.toml")
    assert (outcome.code, outcome.err) == (2, "blocklint: error: gone.toml:1: there is no such file\n")


def test_text_on_stdin_takes_the_place_of_a_file(
    blocklint: Runner, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stdin(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    stdin("\n" + BLOCKING)
    assert blocklint("check", "-", "--stdin-filename", "app/other.py").places == ["app/other.py:6"]
    stdin("from app.helpers import pause\nasync def f():\n    pause()\n")
    assert blocklint("check", "--stdin-filename", "app/new.py", "-").places == ["app/new.py:3"]
    stdin(BLOCKING)
    assert blocklint("check", "-", "--stdin-filename", "tests/test_app.py").places == ["tests/test_app.py:5"]


def test_colours_are_for_terminals(blocklint: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in blocklint("check").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31mLAG104\x1b[0m" in blocklint("check", "--group-by", "function").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in blocklint("check").out


def test_json(blocklint: Runner) -> None:
    outcome = blocklint("check", "--format", "json")
    assert (outcome.code, outcome.err) == (1, "")
    assert [f"{found['path']}:{found['line']}" for found in outcome.document["findings"]] == DEFAULT
    assert blocklint("check", "--format", "json", "--exit-zero", "app/helpers.py").document["findings"] == []


# ------------------------------------------------------------- other commands


def test_files(blocklint: Runner, project: Path) -> None:
    write(project, {"build/a.py": "", ".hidden/a.py": ""})
    outcome = blocklint("files")
    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        ".hidden: left out, a hidden folder",
        "app/__init__.py",
        "app/helpers.py",
        "app/main.py",
        "app/other.py",
        "build: left out, a folder named build",
        "tests/test_app.py",
    ]
    assert blocklint("files", "app/main.py", "build/a.py").out.splitlines() == [
        "app/main.py",
        "build: left out, a folder named build",
    ]
    (project / "gone.py").symlink_to("nowhere")
    assert (blocklint("files").code, blocklint("files", "app").code) == (1, 1)


def test_the_version(blocklint: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"blocklint-async": "1.2.3"}

    def version(name: str) -> str:
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr("blocklint.hosts.cli.version.version", version)
    outcome = blocklint("--version")
    assert (outcome.code, outcome.err) == (0, "")
    assert re.fullmatch(r"blocklint-async 1\.2\.3 \(Python 3\.[\d.]+\S*\)\n", outcome.out)
    installed["blocklint"] = "0.2.5"
    assert 'warning: the distribution "blocklint" 0.2.5 is installed too.' in describe_version()
    installed.clear()
    assert describe_version().startswith("blocklint-async (not installed")


def test_help_and_its_page_agree(blocklint: Runner) -> None:
    commands = [("check",), ("files",), ("graph",), ("why",), ("rule",), ("knowledge", "show"), ("knowledge", "check")]
    text = "".join(blocklint(*command, "--help").out for command in commands)
    page = (REPOSITORY / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(--[a-z-]+)", page, re.MULTILINE))
    assert told == set(re.findall(r"(?<![\w-])--[a-z-]+", text)) - {"--help"}
    listed = re.findall(r"^    (\w+)(?: |$)", blocklint("--help").out, re.MULTILINE)
    assert {f"blocklint {command}" for command in listed} == set(
        re.findall(r"^## `(blocklint \w+)`", page, re.M)
    )


def test_the_program_as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m blocklint` calls the function that the console scripts name, without the current folder."""
    current = os.getcwd()
    paths_at_the_call: list[list[str]] = []
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(cli, "run", lambda: paths_at_the_call.append(sys.path[:]))
    usual = sys.path[:]
    for first in ("", current):
        monkeypatch.setattr(sys, "path", [first, "/elsewhere", *usual])
        runpy.run_module("blocklint", run_name="__main__")
    assert [path[0] for path in paths_at_the_call] == ["/elsewhere", "/elsewhere"]
    scripts = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert scripts.count('= "blocklint.__main__:main"') == 2
