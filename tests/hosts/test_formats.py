"""Text for people and JSON for programs, from findings made by hand."""

from __future__ import annotations

import json

from blocklint.hosts.formats import json as json_format
from blocklint.hosts.formats import text
from blocklint.hosts.formats.repairs import repairs
from blocklint.model import (
    Blocks,
    Certainty,
    EntryPoint,
    Finding,
    Hop,
    Phase,
    Report,
    Site,
    SourceError,
    Summary,
    Via,
)

MESSAGE = "LAG101 sqlalchemy.orm.Query.all() blocks the event loop: find -> Query.all (app/repo.py:9)"
SUMMARY = Summary(
    files=146, functions=1842, async_functions=310, calls=900, unresolved_calls=90, seconds=0.94
)


def finding(
    line: int,
    *functions: str,
    file: str = "app/routers.py",
    certainty: Certainty = Certainty.CERTAIN,
    phase: Phase = Phase.SERVING,
    entries: int = 0,
    hint: str = "",
) -> Finding:
    """A finding whose chain leads through these functions to Query.all."""
    names = [*functions, "sqlalchemy.orm.Query.all"]
    files = {0: file}
    chain = tuple(
        Hop(
            name,
            names[index + 1],
            files.get(index, f"app/{name.split(':')[0]}.py"),
            line + index,
            5,
            Via.CALL,
        )
        for index, name in enumerate(names[:-1])
    )
    route = EntryPoint("route", "GET /chats", functions[0], file, line)
    return Finding(
        code="LAG101",
        site=Site(file, line, 12, line, 30),
        expression=Site(file, line - 1, 5, line, 30),
        function=functions[0],
        message=MESSAGE,
        category=Blocks.DATABASE,
        culprit="sqlalchemy.orm.Query.all",
        also=("sqlite3.connect",),
        certainty=certainty,
        phase=phase,
        chain=chain,
        entry_points=(route,) * min(entries, 20),
        entry_points_total=entries,
        hint=hint,
        fingerprint="f" * 16,
    )


def render(*findings: Finding, by_function: bool = False, color: bool = False) -> list[str]:
    report = Report(findings, (), SUMMARY)
    return text.render(report, by_function=by_function, color=color).splitlines()


def test_a_finding_and_the_way_down() -> None:
    assert render(finding(41, "app.routers:list_chats", "repo:Chats.find")) == [
        "app/routers.py:41:12: LAG101 sqlalchemy.orm.Query.all() blocks the event loop: "
        "find -> Query.all (app/repo.py:9)",
        "    app.routers:list_chats -> repo:Chats.find    app/routers.py:41",
        "    repo:Chats.find -> sqlalchemy.orm.Query.all  app/repo.py:42",
        "",
        "1 finding in 1 file: LAG101 1",
        "146 files analysed (1,842 functions, 310 async; 10.0 % of the calls in async code unresolved) in 0.9 s.",
    ]


def test_a_direct_call_needs_no_way_down() -> None:
    assert render(finding(41, "app.routers:list_chats"))[1] == ""


def test_what_else_is_known() -> None:
    found = finding(
        41, "a:f", certainty=Certainty.LIKELY, phase=Phase.STARTUP, entries=3, hint="make it a plain def"
    )
    assert render(found)[1:3] == [
        "    likely, at startup or shutdown, reached from route GET /chats (+2 more)",
        "    help: make it a plain def",
    ]


def test_a_message_without_its_code_gets_it() -> None:
    assert text.message_of(finding(1, "a:f")).startswith("LAG101 sqlalchemy")
    (headline, *_) = render(finding(1, "a:f"))
    assert headline.count("LAG101") == 1


def test_where_to_begin() -> None:
    shared = [
        finding(line, "app.routers:list_chats", "repo:Chats.find", "repo:all") for line in range(40, 52)
    ]
    others = [finding(line, f"app.routers:r{line}", "mail:send") for line in range(60, 63)]
    alone = finding(80, "app.routers:alone")
    assert render(*shared, *others, alone)[-4:] == [
        "",
        "Where to begin: the functions whose repair removes most findings",
        "  12  repo:all   app/repo.py:42",
        "   3  mail:send  app/mail.py:61",
    ]


def test_groups() -> None:
    lines = render(
        finding(40, "a:one", "repo:all"),
        finding(50, "a:two", "repo:all"),
        finding(60, "a:three"),
        by_function=True,
    )
    assert lines[0] == "repo:all: 2 findings  app/repo.py:41"
    assert [line[:25] for line in lines[1:3]] == ["    app/routers.py:40:12:", "    app/routers.py:50:12:"]
    assert lines[3:5] == ["", "a:three: 1 finding  app/routers.py:60"]


def test_repairs_prefer_what_is_nearest_to_the_culprit_then_the_name() -> None:
    found = [finding(1, "a:x", "b:y", "c:z"), finding(2, "a:w", "b:y", "c:z")]
    assert [(repair.function, len(repair.findings)) for repair in repairs(found)] == [("c:z", 2)]
    assert [repair.function for repair in repairs([finding(1, "b:b"), finding(2, "a:a")])] == ["a:a", "b:b"]
    assert repairs([]) == []


def test_repairs_count_each_finding_once() -> None:
    found = [
        finding(1, "a:one", "hub:h", "low:x"),
        finding(2, "a:two", "hub:h", "low:y"),
        finding(3, "a:three", "low:x"),
        finding(4, "a:four", "low:x"),
    ]
    assert [(repair.function, len(repair.findings)) for repair in repairs(found)] == [
        ("low:x", 3),
        ("low:y", 1),
    ]


def test_colours_and_control_characters() -> None:
    lines = render(finding(41, "a:f", file="app/\x1b[2Jevil\n.py"), color=True)
    assert lines[0].startswith(
        "\x1b[1mapp/\\x1b[2Jevil\\n.py:41:12:\x1b[0m \x1b[1;31mLAG101\x1b[0m sqlalchemy"
    )
    error = text.render_error(SourceError("a\x07.py", 3, "syntax\nerror"))
    assert error == "a\\x07.py:3: syntax\\nerror"
    assert text.printable("größe") == "größe"


def test_json() -> None:
    report = Report(
        (finding(41, "a:f", "repo:g", entries=25),), (SourceError("b.py", 2, "syntax error"),), SUMMARY
    )
    rendered = json_format.render(report)
    assert rendered.endswith(b"}\n")
    assert rendered.count(b"\n") == 1
    document = json.loads(rendered)
    assert list(document) == ["version", "findings", "errors", "summary"]
    assert document["version"] == 1
    assert document["errors"] == [{"path": "b.py", "line": 2, "message": "syntax error"}]
    assert document["summary"] == {
        "files": 146,
        "functions": 1842,
        "async_functions": 310,
        "calls": 900,
        "unresolved_calls": 90,
        "seconds": 0.94,
    }
    (found,) = document["findings"]
    entries = found.pop("entry_points")
    assert len(entries) == 20
    assert entries[0] == {
        "kind": "route",
        "name": "GET /chats",
        "function": "a:f",
        "path": "app/routers.py",
        "line": 41,
    }
    chain = found.pop("chain")
    assert [hop["callee"] for hop in chain] == ["repo:g", "sqlalchemy.orm.Query.all"]
    assert chain[0] == {
        "function": "a:f",
        "callee": "repo:g",
        "path": "app/routers.py",
        "line": 41,
        "column": 5,
        "via": "call",
    }
    assert found == {
        "code": "LAG101",
        "path": "app/routers.py",
        "line": 41,
        "column": 12,
        "end_line": 41,
        "end_column": 30,
        "expression": {"line": 40, "column": 5, "end_line": 41, "end_column": 30},
        "function": "a:f",
        "message": MESSAGE,
        "category": "database",
        "culprit": "sqlalchemy.orm.Query.all",
        "also": ["sqlite3.connect"],
        "certainty": "certain",
        "phase": "serving",
        "entry_points_total": 25,
        "hint": "",
        "fingerprint": "f" * 16,
    }
