"""What users say: put over what is shipped, and the lines of what is wrong with it."""

from __future__ import annotations

import tomllib

import pytest

from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.words import NO_WORDS, faults, line_of, packages_named, words_of
from blocklint.model import Blocks, Runs
from blocklint.settings import Allowance, Settings
from tests.knowledge.support import knowledge, names

SHIPPED = """
[[module]]
name = "pump"
blocks = "network"
certain = ["push", "drain", "tank.fill"]
never = ["size"]
returns = { push = "str" }

[[class]]
name = "pump.Pump"
blocks = "disk"
certain = ["read", "_read", "__enter__", "tanks.*"]
returns = { read = "bytes" }

[[runner]]
name = "pump.later"
position = 0
runs = "worker-thread"
"""


def told(text: str) -> Catalog:
    return Catalog([knowledge(SHIPPED), knowledge(text)])


def test_a_later_document_says_anew_whether_something_blocks_and_leaves_its_type() -> None:
    catalog = told('[[module]]\nname = "pump"\nnever = ["push"]')
    push, drain = catalog.function("pump.push"), catalog.function("pump.drain")
    assert push is not None
    assert drain is not None
    assert (push.blocks, names(push.returns)) == (None, ["builtins.str"])
    assert drain.blocks is Blocks.NETWORK


def test_a_type_alone_says_nothing_of_blocking() -> None:
    catalog = told('[[module]]\nname = "pump"\nreturns = { push = "int", later = "int" }')
    push, later = catalog.function("pump.push"), catalog.function("pump.later")
    assert push is not None
    assert later is not None
    assert (push.blocks, names(push.returns)) == (Blocks.NETWORK, ["builtins.int"])
    assert later.runners
    assert names(later.returns) == ["builtins.int"]


def test_a_runner_alone_says_nothing_of_blocking() -> None:
    catalog = told('[[runner]]\nname = "pump.push"\nposition = 0\nruns = "other-process"')
    push = catalog.function("pump.push")
    assert push is not None
    assert push.runners
    assert (push.blocks, push.runners[0].runs) == (Blocks.NETWORK, Runs.OTHER_PROCESS)


def test_a_later_pattern_stands_above_earlier_names_and_patterns() -> None:
    catalog = told('[[module]]\nname = "pump"\nnever = ["*"]\n[[class]]\nname = "pump.Pump"\nnever = ["*"]')
    for name in ("pump.push", "pump.tank.fill", "pump.anything"):
        found = catalog.function(name)
        assert found is not None
        assert (found.name, found.blocks) == (name, None)
    blocks = {path: catalog.member("pump.Pump", path).method for path in ("read", "_read", "__enter__")}
    assert {path: method and method.blocks for path, method in blocks.items()} == {
        "read": None,
        "_read": Blocks.DISK,
        "__enter__": Blocks.DISK,
    }
    tanks = catalog.method("pump.Pump", "tanks.first")
    assert tanks is not None
    assert tanks.blocks is None


def test_a_narrow_pattern_leaves_the_rest() -> None:
    catalog = told('[[module]]\nname = "pump"\nnever = ["tank.*"]')
    fill, push = catalog.function("pump.tank.fill"), catalog.function("pump.push")
    assert fill is not None
    assert push is not None
    assert (fill.blocks, push.blocks) == (None, Blocks.NETWORK)


def test_handlers_of_a_later_document_are_believed_first() -> None:
    handler = '[[handler]]\nname = "pump.Pump"\ndecorators = ["on"]\nruns = "{}"'
    parts = [knowledge(handler.format(runs)) for runs in ("worker-thread", "event-loop")]
    assert [each.runs for each in Catalog(parts).handlers["pump.Pump"]] == [
        Runs.EVENT_LOOP,
        Runs.WORKER_THREAD,
    ]


def test_the_packages_that_a_document_names_are_looked_up() -> None:
    part = knowledge(
        """
        [[module]]
        name = "app.db"
        returns = { client = "redis.Redis | None", all = "list[pymongo.MongoClient]" }

        [[class]]
        name = "app.db.Session"
        bases = ["sqlalchemy.orm.Session"]
        attributes = { http = "requests.Session" }
        """
    )
    assert packages_named(part) >= {"app", "redis", "pymongo", "sqlalchemy", "requests"}
    assert Catalog.for_packages([], [part]).method("redis.Redis", "get") is not None
    assert Catalog.for_packages([], []).method("redis.Redis", "get") is None


def test_settings_without_words_have_none() -> None:
    assert words_of(Settings()) is NO_WORDS
    words = words_of(Settings(allow=(Allowance(call="open", reason="small"),)))
    assert (words.knowledge, len(words.allow)) == (None, 1)


BROKEN = """\
[library]
name = "pump"
requries = ["urllib3"]

[[module]]
name = "pump"
blocks = "network"
certain = [
    "push",
    "drain",
]
likely = ["push"]

[[module]]
name = "pump.deep"
blocks = "netwrok"

[[class]]
name = "pump.Pump"
certan = ["read"]

[[class]]
name = "pump.Tank"
[class.returns]
fill = "strr"
drain = "str"

[[runner]]
name = "pump.run"
runs = "worker-thread"

[[handler]]
name = "pump.on"
runs = "event-loop"
methods = 3

[[modul]]
name = "x"
"""


def test_every_fault_is_told_with_its_line() -> None:
    found = sorted((line_of(each, BROKEN), str(each)) for each in faults(tomllib.loads(BROKEN), "pump.toml"))
    assert [(line, message.removeprefix("pump.toml: ")) for line, message in found] == [
        (3, "[library]: unknown key 'requries' (nearest valid: 'requires')"),
        (12, "[[module]] pump: likely: 'push' is listed twice"),
        (16, "[[module]] pump.deep: Invalid enum value 'netwrok' - at `$.blocks` (nearest valid: 'network')"),
        (20, "[[class]] pump.Pump: unknown key 'certan' (nearest valid: 'certain')"),
        (
            25,
            "[[class]] pump.Tank: returns.fill: unknown short name 'strr' in type expression 'strr': "
            "write the dotted name",
        ),
        (28, "[[runner]] pump.run: 'position' or 'keyword' must be given"),
        (35, "[[handler]] pump.on: Expected `array`, got `int` - at `$.methods`"),
        (37, "unknown table 'modul' (nearest valid: 'module')"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[tool.x]\nname = "p"\n\n[[tool.blocklint.knowledge.module]]\nname = "p"\ncertan = []\n', 6),
        ('[tool.blocklint]\nknowledge = { module = [{ name = "p", certan = [] }] }\n', 2),
        ('[tool.blocklint.knowledge]\nmodule = [\n  { name = "p", certan = [] },\n]\n', 3),
    ],
)
def test_the_line_in_a_larger_file(text: str, line: int) -> None:
    document = tomllib.loads(text)["tool"]["blocklint"]["knowledge"]
    (fault,) = faults(document, "knowledge")
    assert line_of(fault, text, "tool.blocklint.knowledge.") == line
