"""The pylint plugin, in pylint itself."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest

from tests.hosts.support import APPLICATION, BLOCKING, run, write

pytest.importorskip("pylint")

OURS = ("-m", "pylint", "--load-plugins=blocklint.hosts.pylint_plugin", "--disable=all", "--enable=W")
DEFAULT = [
    "app/main.py:7:4: W7404",
    "app/main.py:13:4: W7403",
    "app/other.py:5:9: W7404",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The application of `support`."""
    return write(tmp_path, APPLICATION)


def lines(outcome: subprocess.CompletedProcess[str]) -> list[str]:
    assert outcome.stderr == ""
    return sorted(re.findall(r"^(\S+:\d+:\d+: W74\d+)", outcome.stdout, re.MULTILINE))


def test_one_process(folder: Path) -> None:
    write(
        folder, {"app/other.py": BLOCKING + "    time.sleep(2)  # pylint: disable=blocking-sleep-in-async\n"}
    )
    outcome = run(folder, *OURS, "-j1", "app")
    assert lines(outcome) == sorted(DEFAULT)
    message = "app/main.py:7:4: W7404: LAG104 time.sleep() blocks the event loop: pause -> time.sleep"
    assert message in outcome.stdout
    assert "(blocking-sleep-in-async)" in outcome.stdout


def test_two_processes(folder: Path) -> None:
    outcome = run(folder, *OURS, "-j2", "app", "tests/test_app.py")
    assert lines(outcome) == sorted([*DEFAULT, "tests/test_app.py:5:9: W7404"])


def test_the_main_process_analyses_for_its_workers(folder: Path) -> None:
    """Workers that are not allowed to link still report: they inherit, or read the cache."""
    write(
        folder,
        {
            "worker.py": "import multiprocessing, sys\n"
            "def register(linter):\n"
            "    if multiprocessing.parent_process():\n"
            "        sys.modules['blocklint.rules.engine'] = None\n"
        },
    )
    arguments = [option.replace("=blocklint", "=worker,blocklint") for option in OURS]
    assert lines(run(folder, *arguments, "-j2", "app")) == sorted(DEFAULT)


def test_stdin_and_names_of_modules(folder: Path) -> None:
    text = "from app.helpers import pause\nasync def f():\n    pause()\n"
    assert lines(run(folder, *OURS, "--from-stdin", "app/other.py", stdin=text)) == [
        "app/other.py:3:4: W7404"
    ]
    assert lines(run(folder, *OURS, "-j1", "app.main", "app.other", "no.such.module")) == sorted(DEFAULT)


def test_wrong_settings_are_one_message(folder: Path) -> None:
    write(folder, {"pyproject.toml": "[tool.blocklint]\nslect = []\n"})
    outcome = run(folder, *OURS, "-j1", "app")
    assert len(lines(outcome)) == 1
    assert 'W7400: LAG000 pyproject.toml:2: unknown setting "slect"; did you mean select?' in outcome.stdout


# ------------------------------------------------------------- in this process


def linted(*arguments: str) -> str:
    """What pylint prints, run in this process."""
    from pylint.lint import Run
    from pylint.reporters.text import TextReporter

    output = io.StringIO()
    Run([*OURS[2:], "--persistent=n", *arguments], reporter=TextReporter(output), exit=False)
    return output.getvalue()


def test_two_runs_in_one_process_share_nothing(project: Path) -> None:
    assert re.findall(r"^app/other.py:\d+", linted("app/other.py"), re.MULTILINE) == ["app/other.py:5"]
    write(project, {"app/other.py": "\n" + BLOCKING})
    assert re.findall(r"^app/other.py:\d+", linted("app/other.py"), re.MULTILINE) == ["app/other.py:6"]


def test_stdin_in_this_process(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n" + BLOCKING.encode())))
    assert "app/other.py:6:9: W7404" in linted("--from-stdin", "app/other.py")


def test_a_checker_that_is_pickled_has_analysed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is how pylint hands it to its workers."""
    from pylint.lint import PyLinter

    from blocklint.hosts import pylint_plugin

    linter = PyLinter()
    pylint_plugin.register(linter)
    linter.config.files = ["app", "app.main", "tests.test_app", "no-module"]
    (checker,) = (c for c in linter.get_checkers() if isinstance(c, pylint_plugin.BlocklintChecker))
    pylint_plugin._memo.clear()
    state = checker.__getstate__()
    assert state["linter"] is linter
    monkeypatch.setattr("blocklint.hosts.per_file.analyze_roots", None)
    found = pylint_plugin._memo["per_file"].messages("app/other.py")
    assert [(message.line, message.code) for message in found] == [(5, "LAG104")]
    assert pylint_plugin._memo["per_file"].messages("tests/test_app.py")
    pylint_plugin._memo.clear()
