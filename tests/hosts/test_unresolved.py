"""`check --unresolved`: what cannot be seen is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.support import Runner, write

MAIN = """\
import foo
from starlette.requests import Request


class Service:
    def perform(self): ...


async def handler(service, text, request: Request):
    service.perform()
    text.strip()
    foo.bar()
    foo.bar()
    request.app.state.service.perform()
    Service().perform()


def sync(service):
    service.perform()
"""


@pytest.fixture
def unseen(blocklint: Runner, project: Path) -> Runner:
    """The program, in an application with unresolved calls in one file."""
    write(project, {"app/unseen.py": MAIN})
    return blocklint


def test_text(unseen: Runner) -> None:
    outcome = unseen("check", "--unresolved", "app/unseen.py")
    assert outcome.code == 0
    _, _, listed = outcome.out.partition("\n\n")
    assert listed.splitlines() == [
        "Unresolved calls in async code: 5 of 6 (83.3 %); "
        "of those into the project's own code: 2 of 3 (66.7 %)",
        "",
        "Calls into the project's own code: 2",
        "  1  parameter service of app.unseen:handler: no annotation that decides, no caller with a known type  "
        "app/unseen.py:10",
        "  1  what the attribute service of starlette.datastructures.State holds is not known  app/unseen.py:14",
        "",
        "Calls into libraries: 2",
        "  2  library foo.bar is not in the catalogue  app/unseen.py:12 (+1 more)",
        "",
        "Calls into objects of unknown origin: 1",
        "  1  parameter text of app.unseen:handler: no annotation that decides, no caller with a known type  "
        "app/unseen.py:11",
    ]


def test_json(unseen: Runner) -> None:
    document = unseen("check", "--format", "json", "--unresolved", "app/unseen.py").document
    found = document["unresolved"]
    assert {key: found[key] for key in list(found)[:4]} == {
        "calls": 6, "unresolved": 5, "project_calls": 3, "project_unresolved": 2,
    }  # fmt: skip
    assert found["reasons"][0] == {
        "reason": "library foo.bar is not in the catalogue",
        "kind": "library",
        "count": 2,
        "places": [
            {"path": "app/unseen.py", "line": 12, "column": 9, "function": "app.unseen:handler"},
            {"path": "app/unseen.py", "line": 13, "column": 9, "function": "app.unseen:handler"},
        ],
    }
    assert "unresolved" not in unseen("check", "--format", "json").document


def test_the_summary_gives_the_share(unseen: Runner) -> None:
    assert "% of the calls in async code unresolved) in " in unseen("check").out


def test_all_is_resolved(blocklint: Runner) -> None:
    assert blocklint("check", "--unresolved").out.endswith(
        "\n\nUnresolved calls in async code: 0 of 5 (0.0 %); of those into the project's own code: 0 of 2 (0.0 %)\n"
    )


def test_the_text_of_stdin(unseen: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    text = io.TextIOWrapper(io.BytesIO(b"import foo\nasync def f():\n    foo.other()\n"))
    monkeypatch.setattr(sys, "stdin", text)
    out = unseen("check", "-", "--stdin-filename", "app/unseen.py", "--unresolved").out
    assert "library foo.other is not in the catalogue  app/unseen.py:3" in out
