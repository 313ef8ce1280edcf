"""Every row of what frameworks and runners do has a loud and a silent fixture, and every fixture has a row."""

from __future__ import annotations

import re

import pytest

from tests.fixtures_runner.cases import FIXTURES, decode, load_case
from tests.fixtures_runner.comments import Comments, parse_comments
from tests.fixtures_runner.engine import findings_of
from tests.oracle.compare import constructs

TOPICS = ("framework_rows", "offload_rows")
every_topic = pytest.mark.parametrize("topic", TOPICS)


def rows(topic: str) -> list[str]:
    """The fixtures that the rows of a topic's table name: a case, and how its files begin."""
    text = (FIXTURES / topic / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^\|.*\| `(\w+/\w+)` \|$", text, re.MULTILINE)


def read(topic: str, fixture: str, ending: str) -> Comments:
    case, _, name = fixture.partition("/")
    path = f"{name}_{ending}.py"
    sources = load_case(FIXTURES / topic / case, f"{topic}/{case}").sources
    return parse_comments(path, decode(sources[path]))


@every_topic
def test_every_row_has_its_fixtures_and_every_fixture_a_row(topic: str) -> None:
    files = [path.relative_to(FIXTURES / topic) for path in (FIXTURES / topic).rglob("*.py")]
    endings = {"loud": set[str](), "silent": set[str]()}
    for file in files:
        name, _, ending = file.with_suffix("").as_posix().rpartition("_")
        if ending in endings:
            endings[ending].add(name)
    assert len(rows(topic)) > 30
    assert endings["loud"] == endings["silent"] == set(rows(topic))


@pytest.mark.parametrize(
    ("topic", "fixture"), [(topic, fixture) for topic in TOPICS for fixture in dict.fromkeys(rows(topic))]
)
def test_the_loud_fixture_is_loud_and_the_silent_one_silent(topic: str, fixture: str) -> None:
    loud, silent = read(topic, fixture, "loud"), read(topic, fixture, "silent")
    assert [expected for expected in loud.expected if expected.kind == "error"]
    assert not [expected for expected in silent.expected if expected.kind == "error"]


@every_topic
def test_no_row_stands_twice(topic: str) -> None:
    text = (FIXTURES / topic / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    assert len(listed) == len(set(listed))


def test_every_row_is_run_by_the_oracle_or_says_why_not() -> None:
    texts = [(FIXTURES / topic / "README.md").read_text(encoding="utf-8") for topic in TOPICS]
    cells = re.findall(r"^\|.*\| ([^|]+) \| `\w+/\w+` \|$", "\n".join(texts), re.MULTILINE)
    assert len(cells) == sum(len(rows(topic)) for topic in TOPICS)
    named = {cell.strip("`") for cell in cells if not cell.startswith("not run: ")}
    assert named <= set(constructs())
    # The rest are of FastAPI, Starlette and asyncio, whose tables are by function.
    others = [(FIXTURES / topic / "README.md").read_text(encoding="utf-8") for topic in ("fastapi", "asyncio")]
    listed = [re.findall(r"`(\w+)`", line) for text in others for line in re.findall(r"(?m)^Run by: (.*)$", text)]
    assert len(listed) == len(others)
    assert named.union(*listed) == set(constructs())


def test_djangos_orm_is_said_to_raise_where_others_block() -> None:
    found = {f.function.partition(":")[0]: f.message for f in findings_of("framework_rows/django")}
    assert found["orm_loud"].endswith("raises SynchronousOnlyOperation on the event loop")
    assert "blocks the event loop" in found["views_loud"]
