"""What users say in settings and comments: the same in every host, cached or not, and told where it is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hosts.support import FLAKE8_PLUGIN, Runner, run, write

SETTINGS = """\
[tool.blocklint]

[[tool.blocklint.knowledge.module]]
name = "app.helpers"
never = ["pause"]
blocks = "cpu"
certain = ["render"]

[[tool.blocklint.allow]]
in = "app.main.*"
call = "open"
reason = "small"
"""

MAIN = """\
from app.helpers import pause, read, render, sleep


async def main():
    pause()
    render()
    open("x")
    read()
    sleep()
"""

HELPERS = """\
import time


def pause():
    time.sleep(1)


def render():
    return 1


def read():
    return open("x")  # blocklint: allow[LAG103] small


def sleep():  # blocklint: runs=worker-thread of the sleeper
    time.sleep(1)
"""

FILES = {"pyproject.toml": SETTINGS, "app/main.py": MAIN, "app/helpers.py": HELPERS, "app/other.py": ""}
PLUGIN = "[flake8]\nselect = LAG\n" + FLAKE8_PLUGIN
BARE = {**FILES, "pyproject.toml": "[tool.blocklint]\n", "app/helpers.py": re.sub(r"  # .*", "", HELPERS)}


def test_check(blocklint: Runner, project: Path) -> None:
    write(project, BARE)
    assert blocklint("check", "app").places == ["app/main.py:5", "app/main.py:7", "app/main.py:8", "app/main.py:9"]
    write(project, FILES)
    for _ in range(2):
        assert blocklint("check", "app").places == ["app/main.py:6"]


@pytest.mark.parametrize("said", ['never = ["pause"]', 'call = "open"'])
def test_what_settings_say_is_part_of_what_is_cached(blocklint: Runner, project: Path, said: str) -> None:
    write(project, FILES)
    assert len(blocklint("check", "app").places) == 1
    write(project, {"pyproject.toml": SETTINGS.replace(said, said.replace("p", "q"))})
    assert len(blocklint("check", "app").places) == 2


def test_the_other_commands(blocklint: Runner, project: Path) -> None:
    write(project, FILES)
    assert "app.helpers.render" in blocklint("why", "app/main.py:6").out
    for line in (5, 7, 8, 9):
        text = blocklint("why", f"app/main.py:{line}").out
        assert "Not reported" in text
        assert "blocks (" not in text
    graph = blocklint("graph", "app").document
    assert graph["functions"]["app.helpers:sleep"]["runs"] == ["worker-thread"]
    assert {edge["callee"] for edge in graph["edges"]} >= {"app.helpers:pause", "app.helpers:render"}


def test_flake8_and_pylint(tmp_path: Path) -> None:
    pytest.importorskip("flake8")
    pytest.importorskip("pylint")
    write(tmp_path, {**FILES, ".flake8": PLUGIN, "app/__init__.py": ""})
    outcome = run(tmp_path, "-m", "flake8", "app")
    assert set(re.findall(r"^(\S+): LAG", outcome.stdout, re.MULTILINE)) == {"app/main.py:6:5"}
    ours = ("-m", "pylint", "--load-plugins=blocklint.hosts.pylint_plugin", "--disable=all", "--enable=W")
    outcome = run(tmp_path, *ours, "-j1", "app")
    assert re.findall(r"^(\S+): W74", outcome.stdout, re.MULTILINE) == ["app/main.py:6:4"]


WRONG = """\
import time


def one():  # blocklint: runs=worker-tread the pool
    time.sleep(1)  # blocklint: allow[LAG104]


def two():  # blocklint: runs=worker-thread
    time.sleep(1)  # blocklint: allow[LAG141] a millisecond


time.sleep(1)  # blocklint: runs=worker-thread it is no def
time.sleep(1)  # blocklint: alow[LAG104] a millisecond
time.sleep(1)  # blocklint: allow[LAG110] a millisecond
time.sleep(1)  # blocklint: allow[] a millisecond
TEXT = "# blocklint: allow[nothing]"


async def main():
    one()
    two()
"""
SHOWN = [
    (4, '"# blocklint: runs=worker-tread": the word must be event-loop, worker-thread, greenlet-bridge or '
        "other-process; did you mean worker-thread?"),
    (5, '"# blocklint: allow[LAG104]" needs a reason behind it, and allows nothing without'),
    (8, '"# blocklint: runs=worker-thread" needs a reason behind it'),
    (9, '"# blocklint: allow[LAG141]": unknown code LAG141; did you mean LAG111?'),
    (12, '"# blocklint: runs=worker-thread" must stand on the line of a def'),
    (13, '"# blocklint: alow[LAG104] a millisecond" is not known: there are "allow[CODES] reason" and '
         '"runs=WORD reason"; did you mean allow[LAG103]?'),
    (14, '"# blocklint: allow[LAG110]": LAG110 is suppressed by noqa: allow is for what callers wait for'),
    (15, '"# blocklint: allow[]" names no code'),
]  # fmt: skip


def test_wrong_comments(blocklint: Runner, project: Path) -> None:
    """Where a function runs is believed without a reason: a lost fact would only bury the error."""
    write(project, {"app/wrong.py": WRONG})
    outcome = blocklint("check", "app/wrong.py")
    assert outcome.code == 1
    assert outcome.err.splitlines() == [f"app/wrong.py:{line}: comment {text}" for line, text in SHOWN]
    assert outcome.places == ["app/wrong.py:20"]
    errors = blocklint("check", "--format", "json", "app/wrong.py").document["errors"]
    assert [error["line"] for error in errors] == [line for line, _ in SHOWN]


def test_wrong_comments_in_flake8(tmp_path: Path) -> None:
    pytest.importorskip("flake8")
    write(tmp_path, {"pyproject.toml": "", ".flake8": PLUGIN, "wrong.py": WRONG})
    outcome = run(tmp_path, "-m", "flake8", "wrong.py")
    told = re.findall(r"^wrong.py:(\d+):1: LAG000 comment (.*)$", outcome.stdout, re.MULTILINE)
    assert [(int(line), text) for line, text in told] == SHOWN
