"""`blocklint why`: what it says of lines of every kind, and of places that are none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hosts.support import Runner, write

MAIN = """\
import asyncio
import time

import foo


class Repo:
    def load(self):
        time.sleep(1)


def make(kind, other):
    return Repo() if kind else other


async def handler(name, other: int):
    repo = Repo()
    repo.load()
    rows = [row.upper() for row in ["a"]]
    x = make(1, foo.bar()) and repo
    name.strip()
    foo.bar()
    await asyncio.to_thread(repo.load)
    with open("x") as file, file as again:
        again.read()
    time.sleep(2)  # noqa: LAG104
    return lambda: repo.load()


def unused():
    time.sleep(1)


def at_import():
    time.sleep(1)


at_import()
"""


@pytest.fixture
def why(blocklint: Runner, project: Path) -> Runner:
    """The program, with a module of its own for each kind of line."""
    write(project, {"app/lines.py": MAIN})
    return blocklint


def line_of(text: str) -> int:
    return 1 + next(i for i, line in enumerate(MAIN.splitlines()) if text in line)


def explained(why: Runner, text: str) -> str:
    outcome = why("why", f"app/lines.py:{line_of(text)}")
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


def test_a_line_that_is_reported(why: Runner) -> None:
    assert explained(why, "    repo.load()").splitlines() == [
        "app/lines.py:18: repo.load()",
        "",
        "app/lines.py:18:10: LAG104 time.sleep() blocks the event loop: Repo.load -> time.sleep (app/lines.py:9)",
        "    app.lines:handler -> app.lines:Repo.load  app/lines.py:18",
        "    app.lines:Repo.load -> time.sleep         app/lines.py:9",
        "",
        "In coroutine function app.lines:handler (line 16)",
        "  runs: event-loop, as every coroutine",
        "  values",
        "    repo         Repo",
        "    repo.load()  nothing known",
        "  calls",
        "    repo.load()",
        "      -> app.lines:Repo.load  certain: the receiver's construction is known",
        "         blocks (sleep, certain)",
        "           app.lines:Repo.load -> time.sleep  app/lines.py:9",
    ]


def test_a_line_because_of_which_others_are_reported(why: Runner) -> None:
    text = explained(why, "        time.sleep(1)")
    assert "Because of this line, 1 call on the event loop may block:\n    LAG104 app/lines.py:18" in text
    assert "runs: event-loop, from app.lines:handler (app/lines.py:18)" in text
    assert "runs: worker-thread, from app.lines:handler (app/lines.py:23, callback)" in text


def test_values_of_every_expression(why: Runner) -> None:
    text = explained(why, "rows =")
    assert re.search(r"\n    \[row.upper\(\) for row in .*\]  list\[str\]\n", text)
    assert re.search(r"\n    row +'a'\n", text)
    text = explained(why, "x = make")
    unknown = r"unknown \(parameter other of the function that gave the value: .*\)"
    assert "unknown (the result of foo.bar, which is not in the catalogue)" in text
    assert re.search(rf"\n    make\(1, foo.bar\(\)\) +Repo or {unknown}\n", text)
    assert re.search(r"\n    repo +Repo\n", text)


def test_what_with_binds_for_its_second_item(why: Runner) -> None:
    assert "    file " in explained(why, "with open")
    assert "unresolved" not in explained(why, "again.read")


def test_unknown_calls_have_reasons(why: Runner) -> None:
    text = explained(why, "name.strip")
    assert "Not reported: nothing that is known to be called here blocks" in text
    reason = "parameter name of app.lines:handler: no annotation that decides, no caller with a known type"
    assert f"    name.strip()\n      -> unresolved: {reason}\n" in text
    assert "      -> foo.bar unresolved: library foo.bar is not in the catalogue" in explained(why, "    foo.bar")


def test_what_runs_in_a_thread(why: Runner) -> None:
    text = explained(why, "to_thread")
    assert "-> app.lines:Repo.load  certain: the one thing that is meant, in worker-thread" in text
    assert "does not block the caller" in text


def test_a_suppressed_line(why: Runner) -> None:
    text = explained(why, "noqa")
    assert "Found, but not shown: a noqa comment suppresses it\napp/lines.py:26:10: LAG104" in text


def test_a_finding_that_is_not_selected(why: Runner, project: Path) -> None:
    text = why("why", "app/main.py:12").out
    assert "Found, but not shown: LAG111 is not selected: --extend-select LAG111 shows it" in text
    text = why("why", "tests/test_app.py:5").out
    assert "LAG104" in text


def test_lambdas(why: Runner) -> None:
    text = explained(why, "lambda:")
    assert "In function app.lines:handler.<lambda1> (line 27)" in text


def test_code_that_is_not_on_the_loop(why: Runner) -> None:
    text = why("why", f"app/lines.py:{line_of('def unused') + 1}").out
    assert "Not reported: nothing on the event loop is known to reach this code." in text
    assert "runs: nowhere that is known" in text
    text = why("why", f"app/lines.py:{line_of('def at_import') + 1}").out
    assert "only when a module is imported or run, from app.lines:<module> (app/lines.py:38)" in text


def test_definitions_modules_and_empty_lines(why: Runner) -> None:
    text = explained(why, "async def handler")
    assert "  parameters\n    name   unknown (parameter name" in text
    assert "    other  int" in text
    assert "In module body app.lines:<module>" in explained(why, "import asyncio")
    assert "Not reported: nothing is called on this line." in why("why", "app/lines.py:5").out


def test_colours(why: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = explained(why, "    repo.load()")
    monkeypatch.setenv("FORCE_COLOR", "1")
    colored = why("why", "app/lines.py:18").out
    assert colored != plain
    assert "\x1b[1mapp/lines.py:18:\x1b[0m repo.load()" in colored


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("app/lines.py", '"app/lines.py" is no PATH:LINE, such as app/main.py:12'),
        ("app/lines.py:0", "app/lines.py has 38 lines, not 0"),
        ("app/lines.py:99", "app/lines.py has 38 lines, not 99"),
        ("app/linse.py:1", 'there is no "app/linse.py"; did you mean app/lines.py?'),
        ("app:1", "app is a folder: why explains one line of a file"),
        ("build/x.py:1", "build/x.py is not analysed: build is "),
    ],
)
def test_places_that_are_none(why: Runner, project: Path, place: str, message: str) -> None:
    write(project, {"build/x.py": "x = 1\n"})
    outcome = why("why", place)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_a_column_may_follow(why: Runner) -> None:
    assert why("why", "app/lines.py:18:10").out == why("why", "app/lines.py:18").out


def test_a_file_that_cannot_be_parsed(why: Runner, project: Path) -> None:
    write(project, {"app/bad.py": "def f(:\n"})
    outcome = why("why", "app/bad.py:1")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("app/bad.py:1: syntax error")
