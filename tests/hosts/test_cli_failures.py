"""The command line when something is wrong: one clear line, exit code 2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hosts.support import BLOCKING, Runner, write
from tests.hosts.test_cli import DEFAULT

# ---------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND; see blocklint --help"),
        (["chekc"], 'unknown command "chekc"; did you mean check?'),
        (["zzz"], 'unknown command "zzz"; see blocklint --help'),
        (["app"], 'unknown command "app"; did you mean blocklint check app?'),
        (["check", "--selct", "LAG"], 'unknown option "--selct"; did you mean --select?'),
        (["check", "--zzz"], 'unknown option "--zzz"; see blocklint check --help'),
        (["check", "--format", "jsn"], "; did you mean json?"),
        (["check", "--select"], "expected one argument; see blocklint check --help"),
        (["check", "app/mian.py"], 'there is no "app/mian.py"; did you mean app/main.py?'),
        (["check", "--select", "LAG1O1"], 'unknown code "LAG1O1" in "select"; did you mean LAG101?'),
        (["check", "-"], "- reads one file from stdin: blocklint check - --stdin-filename PATH"),
        (["check", "-", "app", "--stdin-filename", "x.py"], "- reads one file from stdin"),
        (["check", "-", "--stdin-filename", "app"], "--stdin-filename names a folder: app"),
        (["check", ""], 'there is no ""'),
        (["check", "--stdin-filename", "x.py"], "--stdin-filename needs - as the only PATH"),
        (["check", "--no-cache", "--cache-dir", "x"], "not allowed with argument"),
        (["check", "--group-by", "function", "--format", "json"], "--group-by needs --format text"),
        (["files", "nowhere"], 'there is no "nowhere"'),
    ],
)
def test_wrong_usage(blocklint: Runner, arguments: list[str], message: str) -> None:
    outcome = blocklint(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert re.match("blocklint( check)?: error: ", outcome.err)
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_wrong_settings(blocklint: Runner, project: Path) -> None:
    write(project, {"pyproject.toml": "[tool.blocklint]\nslect = []\n"})
    for command in ("check", "files"):
        outcome = blocklint(command)
        message = 'blocklint: error: pyproject.toml:2: unknown setting "slect"; did you mean select?\n'
        assert (outcome.code, outcome.out, outcome.err) == (2, "", message)


def test_a_path_that_is_left_out_says_so(blocklint: Runner, project: Path) -> None:
    write(project, {"build/lib/a.py": BLOCKING, "dist/b.py": BLOCKING})
    outcome = blocklint("check", "build/lib/a.py", "dist", "app/other.py")
    assert (outcome.code, outcome.places) == (1, ["app/other.py:5"])
    remedy = '(the setting "include" brings it back)'
    assert outcome.err.splitlines() == [
        f"blocklint: build/lib/a.py is left out: build is a folder named build {remedy}",
        f"blocklint: dist is left out: a folder named dist {remedy}",
    ]


def test_a_root_inside_is_not_left_out(blocklint: Runner, project: Path) -> None:
    write(project, {"clone/.git/HEAD": "", "clone/a.py": BLOCKING})
    outcome = blocklint("check", ".", "clone")
    assert (outcome.places, outcome.err) == ([*DEFAULT, "clone/a.py:5"], "")


# -------------------------------------------------------------- inner failures


def test_an_internal_error_on_a_file(blocklint: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("blocklint.rules.engine.find", fail)
    outcome = blocklint("check", "--exit-zero")
    assert outcome.code == 2
    assert outcome.err.startswith(".:1: LAG000 internal error, please report it: KeyError('x')")


def test_an_internal_error_elsewhere(blocklint: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("blocklint.hosts.cli.check.analyze_roots", fail)
    outcome = blocklint("check")
    assert outcome.code == 2
    assert re.fullmatch(
        r"blocklint: internal error, please report it: KeyError\('x'\) \(test_cli_failures.py:\d+\)\n",
        outcome.err,
    )


def test_interrupted(blocklint: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("blocklint.hosts.cli.check.analyze_roots", interrupt)
    assert blocklint("check").code == 130
