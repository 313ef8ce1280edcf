"""`blocklint knowledge`: what is believed about names, and what is wrong with files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts.support import Runner, write

SETTINGS = """\
[tool.blocklint]

[[tool.blocklint.knowledge.module]]
name = "app.helpers"
blocks = "cpu"
certain = ["pause"]
unless = { pause = ["0|quick=True"] }

[[tool.blocklint.knowledge.class]]
name = "requests.Session"
never = ["get"]
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "sqlalchemy.orm.query.Query.all",
            [
                "sqlalchemy.orm.Query.all (method)",
                "  blocks      database, certain",
                "  carried     by SQLAlchemy's greenlet bridge: inside run_sync it does not block the loop",
                "  from        sqlalchemy.toml, built in, verified by executing every entry at the DBAPI, SQLAlchemy 1.3 to 2.1",
                "  seen        in 1.3 and later (looked for in 1.3.24, 1.4.54, 2.0.58, 2.1.9)",
                "  seen        always waits",
            ],
        ),
        (
            "asyncio.to_thread",
            [
                "asyncio.to_thread (function)",
                "  blocks      never",
                "  returns     awaitable[result]",
                "  runs        what it is given as position 0 or keyword func: worker-thread",
                "  from        stdlib_asyncio.toml, built in, verified by the names in Python 3.11 to 3.13",
            ],
        ),
        (
            "app.helpers.pause",
            [
                "app.helpers.pause (function)",
                "  blocks      cpu, certain",
                "  unless      0|quick=True",
                "  from        pyproject.toml, [tool.blocklint.knowledge]",
            ],
        ),
        (
            "requests.Session.get",
            [
                "  blocks      never",
                "  returns     requests.Response",
                "  from        requests.toml, built in, verified by the names in requests 2.34.2",
                "  from        pyproject.toml, [tool.blocklint.knowledge]",
            ],
        ),
        (
            "sqlalchemy.orm.Session.commit",
            ["  seen        may wait: it does in the states begun, pending, dirty, nested, two-phase; it does not in fresh, expired"],
        ),
        (
            "sqlalchemy.ext.asyncio.BridgedSession.execute",
            ["  raises      MissingGreenlet", "  seen        always raises MissingGreenlet in a coroutine"],
        ),
        (
            "sqlalchemy.ext.asyncio.BridgedEngine.connect",
            ["  seen        may raise MissingGreenlet in a coroutine: it does in the states cold; it does not in warm"],
        ),
        ("sqlalchemy.Inspector.has_sequence", ["  seen        not verified: no call of it succeeds on sqlite"]),
        ("requests.Session.headers", ["requests.Session.headers (attribute)", "  type        dict[str, str]"]),
        ("sys.stdin", ["sys.stdin (class)", "  blocks      never: close, fileno, isatty, reconfigure"]),
        ("app.helpers", ["app.helpers (module)", "  blocks      cpu, certain: pause"]),
        ("sanic.Blueprint", ["sanic.Blueprint (class)"]),
    ],
)
def test_what_is_believed(blocklint: Runner, project: Path, name: str, expected: list[str]) -> None:
    write(project, {"pyproject.toml": SETTINGS})
    outcome = blocklint("knowledge", "show", name)
    assert (outcome.code, outcome.err) == (0, "")
    assert [line for line in expected if line not in outcome.out.splitlines()] == []


def test_what_nobody_knows(blocklint: Runner) -> None:
    outcome = blocklint("knowledge", "show", "requests.gett")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "blocklint: nothing is known about requests.gett; did you mean requests.get?\n"
    assert blocklint("knowledge", "show", "nobody.knows").code == 1


def test_a_file_without_fault(blocklint: Runner, project: Path) -> None:
    write(project, {"pyproject.toml": SETTINGS, "acme.toml": '[[module]]\nname = "acme"\nnever = ["f"]\n'})
    outcome = blocklint("knowledge", "check", "acme.toml")
    assert (outcome.code, outcome.out) == (0, "acme.toml: 1 table, nothing wrong\n")
    assert blocklint("knowledge", "check", "pyproject.toml").out == "pyproject.toml: 2 tables, nothing wrong\n"


def test_all_faults_with_their_lines(blocklint: Runner, project: Path) -> None:
    text = '[[module]]\nname = "acme"\ncertan = ["f"]\n\n[[class]]\nname = "acme.C"\nblocks = "dsk"\n'
    write(project, {"acme.toml": text, "broken.toml": "[[module]]\nname = \n"})
    outcome = blocklint("knowledge", "check", "acme.toml")
    assert outcome.code == 1
    assert outcome.out.splitlines() == [
        "acme.toml:3: [[module]] acme: unknown key 'certan' (nearest valid: 'certain')",
        "acme.toml:7: [[class]] acme.C: Invalid enum value 'dsk' - at `$.blocks` (nearest valid: 'disk')",
    ]
    outcome = blocklint("knowledge", "check", "broken.toml")
    assert outcome.code == 1
    assert outcome.out.startswith("broken.toml:2: is no valid TOML: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "none.toml"], "none.toml cannot be read: No such file or directory"),
        (["check", "pyproject.toml"], "pyproject.toml has no [tool.blocklint.knowledge]"),
        (["check", "latin.toml"], "latin.toml is not UTF-8"),
        (["shwo", "x"], "did you mean show?"),
        (["show"], "the following arguments are required: NAME"),
    ],
)
def test_wrong_usage(blocklint: Runner, project: Path, arguments: list[str], message: str) -> None:
    write(project, {"latin.toml": b"# \xe9\n"})
    outcome = blocklint("knowledge", *arguments)
    assert outcome.code == 2
    assert message in outcome.err


def test_wrong_settings_end_every_command(blocklint: Runner, project: Path) -> None:
    write(project, {"pyproject.toml": SETTINGS.replace("blocks", "bloks")})
    for command in (["check"], ["knowledge", "show", "time"], ["graph"]):
        outcome = blocklint(*command)
        assert outcome.code == 2
        assert "pyproject.toml:5: knowledge: [[module]] app.helpers: unknown key 'bloks'" in outcome.err
