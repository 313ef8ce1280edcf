"""The pylint plugin, in pylint itself."""

from __future__ import annotations

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
