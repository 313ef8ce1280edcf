"""The catalogue's answers, on documents made up for the purpose and on the shipped ones."""

from __future__ import annotations

import pytest

from blocklint.knowledge.catalog import Catalog
from blocklint.knowledge.records import Holding, LibraryMember, LibraryType
from blocklint.model import Blocks, Certainty
from tests.knowledge.support import catalog, knowledge

PUMP = """
[[module]]
name = "pump"
aliases = ["pump._core", "water.pump"]
blocks = "network"
certain = ["push"]
attributes = { default = "pump.Pump" }

[[module]]
name = "pump.api"
blocks = "network"
certain = ["*", "hidden._push"]
never = ["errors.*", "version"]

[[class]]
name = "pump.Base"
blocks = "network"
certain = ["push", "pull", "*"]
likely = ["status"]
properties = ["status"]
never = ["size", "meta.*"]
returns = { size = "int", twin = "self" }
attributes = { owner = "str" }

[[class]]
name = "pump.Pump"
aliases = ["pump._core.Motor", "pump.old.Pump"]
bases = ["pump.Base"]
never = ["pull"]
returns = { push = "bool" }
attributes = { "*" = "pump.Base", name = "str" }
parameters = ["str"]
"""


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        pytest.param("pump.old.Pump", "pump.Pump", id="alias of a class"),
        pytest.param("pump.old.Pump.push", "pump.Pump.push", id="member of an alias"),
        pytest.param("pump._core.push", "pump.push", id="function of an aliased module"),
        pytest.param("pump._core.Motor", "pump.Pump", id="the longest alias wins"),
        pytest.param("water.pump.old.Pump", "pump.Pump", id="an alias below an alias"),
        pytest.param("pump.Pump.push", "pump.Pump.push", id="canonical already"),
        pytest.param("pumpkin.seed", "pumpkin.seed", id="unknown"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_canonical_resolves_aliases_as_prefixes(given: str, canonical: str) -> None:
    assert catalog(PUMP).canonical(given) == canonical


@pytest.mark.parametrize(
    ("dotted", "known"),
    [
        ("pump", True),
        ("pump.Pump", True),
        ("pump.Pump.anything", True),
        ("pump.old.Pump", True),
        ("water", False),
        ("water.pump", True),
        ("pumpkin", False),
    ],
)
def test_knows_members_prefixes_and_aliases(dotted: str, known: bool) -> None:
    assert catalog(PUMP).knows(dotted) is known


def test_a_prefix_of_something_catalogued_is_known() -> None:
    assert catalog('[[class]]\nname = "a.b.c.D"').knows("a.b")


def test_function_answers_for_module_functions_only() -> None:
    pump = catalog(PUMP)
    push = pump.function("water.pump.push")
    assert push is not None
    assert push.name == "pump.push"
    assert pump.function("pump.push") is push
    assert pump.function("pump.Pump") is None
    assert pump.function("pump.Pump.push") is None
    assert pump.function("pump.pull") is None
    assert pump.function("pump") is None


@pytest.mark.parametrize(
    ("dotted", "blocks"),
    [
        pytest.param("pump.api.anything", True, id="star"),
        pytest.param("pump.api.Thing.create", True, id="star covers what is nested"),
        pytest.param("pump.api.version", False, id="a listed name is an exception"),
        pytest.param("pump.api.errors.Timeout", False, id="a nested pattern is an exception"),
        pytest.param("pump.api.errors", True, id="a nested pattern does not cover its own prefix"),
    ],
)
def test_a_star_stands_for_the_other_public_names(dotted: str, blocks: bool) -> None:
    found = catalog(PUMP).function(dotted)
    assert found is not None
    assert found.name == dotted
    assert (found.blocks is not None) is blocks


def test_a_star_does_not_stand_for_private_names() -> None:
    pump = catalog(PUMP)
    assert pump.function("pump.api._internal") is None
    assert pump.function("pump.api.Thing._internal") is None
    assert pump.function("pump.api.hidden._push") is not None
    assert pump.method("pump.Base", "__getitem__") is None


def test_a_method_is_looked_up_along_the_bases() -> None:
    pump = catalog(PUMP)
    own = pump.method("pump.Pump", "pull")
    assert own is not None
    assert (own.name, own.blocks) == ("pump.Pump.pull", None)
    inherited = pump.method("pump.old.Pump", "size")
    assert inherited is not None
    assert inherited.name == "pump.Base.size"
    wild = pump.method("pump.Pump", "jobs.create")
    assert wild is not None
    assert (wild.name, wild.blocks) == ("pump.Base.jobs.create", Blocks.NETWORK)
    exception = pump.method("pump.Pump", "meta.create")
    assert exception is not None
    assert exception.blocks is None
    assert pump.method("pumpkin.Seed", "push") is None


def test_a_class_that_only_states_a_return_type_keeps_the_rest_of_its_base() -> None:
    push = catalog(PUMP).method("pump.Pump", "push")
    assert push is not None
    assert (push.name, push.blocks) == ("pump.Base.push", Blocks.NETWORK)
    assert push.returns == (LibraryType("builtins.bool"),)


def test_a_return_type_alone_is_an_exception_to_the_star_of_its_class() -> None:
    twin = catalog(PUMP).method("pump.Base", "twin")
    assert twin is not None
    assert twin.blocks is None


def test_only_properties_act_when_they_are_read() -> None:
    pump = catalog(PUMP)
    status = pump.member("pump.Pump", "status").effect
    assert status is not None
    assert status.certainty is Certainty.LIKELY
    assert pump.member("pump.Pump", "push").effect is None
    assert pump.member("pump.Pump", "unheard_of").effect is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("name", "builtins.str", id="its own"),
        pytest.param("owner", "builtins.str", id="inherited"),
        pytest.param("anything", "pump.Base", id="the star"),
        pytest.param("push", "", id="the star leaves methods alone"),
        pytest.param("_private", "", id="the star leaves private names alone"),
    ],
)
def test_attributes_have_types(name: str, expected: str) -> None:
    assert [each.name for each in catalog(PUMP).attribute("pump.Pump", name)] == (
        [expected] if expected else []
    )


@pytest.mark.parametrize("name", ["push", "status", "owner", "anything", "_private", "jobs.create"])
def test_a_member_is_all_three_answers_in_one(name: str) -> None:
    pump = catalog(PUMP)
    member = pump.member("pump.old.Pump", name)
    assert member.method is pump.method("pump.old.Pump", name)
    assert member.effect is pump.member("pump.old.Pump", name).effect
    assert member.types == pump.attribute("pump.old.Pump", name)
    assert pump.member("pump.old.Pump", name) is member


def test_nothing_is_known_of_a_member_of_an_unknown_class() -> None:
    assert catalog(PUMP).member("pumpkin.Seed", "name") == LibraryMember(None, None, ())


def test_attributes_of_unknown_classes_are_unknown() -> None:
    assert catalog(PUMP).attribute("pumpkin.Seed", "name") == ()
    assert catalog(PUMP).attribute("pump.Base", "unheard_of") == ()


def test_module_variables_have_types() -> None:
    pump = catalog(PUMP)
    assert pump.variable("water.pump.default") == (LibraryType("pump.Pump"),)
    assert pump.variable("pump.other") == ()
    assert pump.variable("pumpkin.default") == ()


def test_subclasses() -> None:
    pump = catalog(PUMP)
    assert pump.is_subclass("pump.old.Pump", "pump.Base")
    assert pump.is_subclass("pump.Pump", "pump.old.Pump")
    assert not pump.is_subclass("pump.Base", "pump.Pump")
    assert pump.is_subclass("unknown.Name", "unknown.Name")


def test_a_base_that_is_not_catalogued_counts_by_its_name() -> None:
    odd = catalog('[[class]]\nname = "a.B"\nbases = ["a.Unknown"]')
    assert odd.is_subclass("a.B", "a.Unknown")
    assert [each.name for each in odd.ancestors("a.B")] == ["a.B"]


def test_bases_that_go_round_in_circles_end() -> None:
    odd = catalog('[[class]]\nname = "a.A"\nbases = ["a.B"]\n[[class]]\nname = "a.B"\nbases = ["a.A"]')
    assert [each.name for each in odd.ancestors("a.A")] == ["a.A", "a.B"]


def test_aliases_that_go_round_in_circles_end() -> None:
    odd = catalog('[[module]]\nname = "b.c"\naliases = ["a"]', '[[module]]\nname = "a.x"\naliases = ["b"]')
    assert odd.canonical("b.c") == "b.c"
    assert odd.canonical("b.z").startswith(("a", "b"))


def test_type_arguments_of_a_bare_receiver() -> None:
    pump = catalog(PUMP).find_class("pump.Pump")
    assert pump is not None
    assert pump.parameters == ((LibraryType("builtins.str"),),)


def test_later_documents_replace_what_earlier_ones_say_and_leave_the_rest() -> None:
    mine = """
    [[module]]
    name = "pump"
    never = ["push"]
    attributes = { spare = "pump.Pump" }

    [[class]]
    name = "pump.Pump"
    bases = ["mine.Base"]
    blocks = "disk"
    certain = ["pull", "dump"]
    attributes = { name = "bytes" }
    """
    both = catalog(PUMP, mine)
    push, pull, size = (
        both.function("pump.push"),
        both.method("pump.Pump", "pull"),
        both.method("pump.Pump", "size"),
    )
    assert push is not None
    assert push.blocks is None
    assert pull is not None
    assert pull.blocks is Blocks.DISK
    assert size is not None
    assert both.variable("pump.spare") == both.variable("pump.default")
    assert both.attribute("pump.Pump", "name") == (LibraryType("builtins.bytes"),)
    assert both.is_subclass("pump.Pump", "mine.Base")
    assert both.is_subclass("pump.Pump", "pump.Base")


def test_answers_are_remembered() -> None:
    pump = catalog(PUMP)
    assert pump.function("pump.api.anything") is pump.function("pump.api.anything")
    assert pump.method("pump.Pump", "jobs.create") is pump.method("pump.Pump", "jobs.create")


def test_packages_bring_what_they_require_and_unknown_ones_are_ignored() -> None:
    found = Catalog.for_packages(["sqlmodel", "no_such_package", "..", "stdlib"])
    assert found.find_class("sqlalchemy.orm.Session") is not None
    assert found.find_class("requests.Session") is None


def test_the_standard_library_is_always_there() -> None:
    sleep = Catalog.for_packages([]).function("time.sleep")
    assert sleep is not None
    assert sleep.blocks is Blocks.SLEEP


def test_user_knowledge_comes_last() -> None:
    mine = knowledge('[[module]]\nname = "time"\nnever = ["sleep"]\n', "pyproject.toml")
    sleep = Catalog.for_packages([], more=[mine]).function("time.sleep")
    assert sleep is not None
    assert sleep.blocks is None


def test_a_pattern_does_not_stand_for_what_is_beside_it() -> None:
    assert catalog('[[class]]\nname = "a.B"\nnever = ["meta.*"]').method("a.B", "other.name") is None


HOLDING = """
[[class]]
name = "pump.Valve"
holds = "lock"
takes = ["turn"]
releases = ["open"]

[[class]]
name = "pump.Tap"
bases = ["pump.Valve"]

[[module]]
name = "pump"
holds = "connection"
takes = ["attach"]
"""


def test_what_an_object_holds_is_known_of_its_subclasses_and_of_a_module() -> None:
    pump = catalog(HOLDING)
    valve = Holding("lock", frozenset({"turn"}), frozenset({"open"}))
    assert pump.holding("pump.Valve") == pump.holding("pump.Tap") == valve
    assert pump.holding("pump") == Holding("connection", frozenset({"attach"}))
    assert pump.holding("pump.Hose") is None


@pytest.mark.parametrize(
    ("later", "valve", "module"),
    [
        pytest.param(
            '[[class]]\nname = "pump.Valve"\nnever = ["turn"]\n[[module]]\nname = "pump"\nnever = ["run"]',
            Holding("lock", frozenset({"turn"}), frozenset({"open"})),
            Holding("connection", frozenset({"attach"})),
            id="says nothing of it",
        ),
        pytest.param(
            '[[class]]\nname = "pump.Valve"\nholds = "connection"\n[[module]]\nname = "pump"\nholds = "lock"',
            Holding("connection"),
            Holding("lock"),
            id="says it anew, its calls included",
        ),
    ],
)
def test_of_two_documents_the_later_one_that_says_what_is_held_counts(
    later: str, valve: Holding, module: Holding
) -> None:
    pump = catalog(HOLDING, later)
    assert (pump.holding("pump.Valve"), pump.holding("pump")) == (valve, module)
    assert pump.holding("pump.Tap") == valve
