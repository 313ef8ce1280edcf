"""Files that are cut into sections say the same as files that are read as a whole."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from blocklint.knowledge import catalog as catalog_module
from blocklint.knowledge.catalog import LIBRARIES, Catalog, load_library
from blocklint.knowledge.reader import read_knowledge
from blocklint.knowledge.records import Knowledge
from blocklint.knowledge.sections import OnDemand, read_text
from blocklint.knowledge.tables import KnowledgeError
from tests.knowledge.support import SHIPPED
from tests.knowledge.test_plain import mutations

SAMPLE = """# Pumps.
[library]
name = "Pump"
requires = ["water"]

[[class]]
name = "pump.Pump"
blocks = "disk"
certain = [
    "a", "b",
]
aliases = ["motor"]
[class.returns]
a = "list[str]"

[[module]]
name = "pump"
never = ["x"]

[[runner]]
name = "pump.Pump"
position = 0
runs = "caller"
"""


def eager(text: str) -> Knowledge:
    """A document read as a whole, by tomllib."""
    try:
        return read_knowledge(tomllib.loads(text), "test.toml")
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"test.toml: {error}") from None


def whole(text: str) -> object:
    """What reading a text as a whole comes to, be it an error."""
    try:
        return eager(text)
    except KnowledgeError as error:
        return str(error)


def lazily(text: str) -> object:
    """What reading a text section by section comes to, once every section has been read."""
    try:
        part = read_text(text, "test.toml")
        return Knowledge(
            part.origin,
            part.requires,
            dict(part.modules),
            dict(part.classes),
            part.aliases,
            dict(part.handlers),
        )
    except KnowledgeError as error:
        return str(error)


@pytest.mark.parametrize("package", SHIPPED)
def test_every_shipped_file_is_cut_and_says_the_same(package: str) -> None:
    path = LIBRARIES / f"{package}.toml"
    expected = read_knowledge(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    found = load_library(package)
    assert found is not None
    assert isinstance(found.modules, OnDemand)
    assert isinstance(found.classes, OnDemand)
    assert (found.origin, found.requires, found.aliases) == (
        expected.origin,
        expected.requires,
        expected.aliases,
    )
    assert dict(found.modules) == expected.modules
    assert dict(found.classes) == expected.classes


def test_a_catalogue_of_sections_answers_like_one_of_whole_files() -> None:
    parts = [eager((LIBRARIES / f"{package}.toml").read_text(encoding="utf-8")) for package in SHIPPED]
    expected, found = Catalog(parts), Catalog(read_shipped(package) for package in SHIPPED)
    for part in parts:
        for module in part.modules.values():
            for name in (*module.functions, "anything", "_private"):
                dotted = f"{module.name}.{name}"
                assert found.function(dotted) == expected.function(dotted)
                assert found.knows(dotted)
            for name in module.variables:
                assert found.variable(f"{module.name}.{name}") == expected.variable(f"{module.name}.{name}")
        for class_ in part.classes.values():
            assert found.ancestors(class_.name) == expected.ancestors(class_.name)
            for name in (*class_.methods, *class_.attributes, "anything", "_private"):
                assert found.member(class_.name, name) == expected.member(class_.name, name)
        for alias in part.aliases:
            assert found.canonical(alias) == expected.canonical(alias)
            assert found.find_class(alias) == expected.find_class(alias)


def read_shipped(package: str) -> Knowledge:
    return read_text((LIBRARIES / f"{package}.toml").read_text(encoding="utf-8"), "test.toml")


def test_a_shipped_file_that_is_not_toml_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_for_test.toml").write_text("[[module]\n", encoding="utf-8")
    monkeypatch.setattr(catalog_module, "LIBRARIES", tmp_path)
    with pytest.raises(KnowledgeError, match=r"broken_for_test\.toml: "):
        load_library("broken_for_test")


def test_a_section_is_read_when_its_name_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = '[[class]]\nname = "pump.Pump"\nnever = ["a"]\n\n[[class]]\nname = "pump.Bad"\ncertian = ["a"]\n'
    (tmp_path / "faulty_for_test.toml").write_text(faulty, encoding="utf-8")
    monkeypatch.setattr(catalog_module, "LIBRARIES", tmp_path)
    part = load_library("faulty_for_test")
    assert part is not None
    catalog = Catalog([part])
    assert catalog.method("pump.Pump", "a") is not None
    assert catalog.knows("pump.Bad.anything")
    with pytest.raises(KnowledgeError) as caught:
        catalog.find_class("pump.Bad")
    assert str(caught.value) == (
        "faulty_for_test.toml: [[class]] pump.Bad: unknown key 'certian' (nearest valid: 'certain')"
    )


def test_a_fault_of_the_form_is_found_at_its_line_of_the_file() -> None:
    part = read_text('[[module]]\nname = "a"\n\n[[module]]\nname = "b"\nnever = [1 2]\n', "test.toml")
    assert "a" in part.modules
    with pytest.raises(KnowledgeError, match=r"test\.toml: .*line 6"):
        part.modules["b"]


MODULE = '[[module]]\nname = "pump"\nnever = ["a"]\n'
CLASS = '[[class]]\nname = "pump.Pump"\nnever = ["b"]\n'
RUNNER = '[[runner]]\nname = "pump.Pump.run"\nposition = 0\nruns = "caller"\n'
HANDLER = '[[handler]]\nname = "pump.Pump"\ndecorators = ["on"]\nruns = "event-loop"\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(MODULE + CLASS + RUNNER, id="sections without a library"),
        pytest.param(RUNNER + CLASS + MODULE, id="in another order"),
        pytest.param(MODULE + MODULE.replace('"a"', '"c"'), id="two sections of one name"),
        pytest.param(RUNNER, id="a runner alone makes its module"),
        pytest.param(CLASS + RUNNER.replace(".run", ""), id="a runner that is a constructor"),
        pytest.param(MODULE + RUNNER.replace(".Pump.run", ".a"), id="a runner that is listed"),
        pytest.param(RUNNER.replace("pump.Pump.run", "run"), id="a runner without a module"),
        pytest.param(RUNNER + RUNNER, id="a runner twice"),
        pytest.param(CLASS + HANDLER, id="a handler"),
        pytest.param(HANDLER + HANDLER, id="two handlers of one class"),
        pytest.param(HANDLER.replace("decorators", "decorator"), id="a handler with an unknown key"),
        pytest.param(MODULE + MODULE, id="a name twice"),
        pytest.param(MODULE + 'aliases = ["c", "d.e"]\n' + CLASS, id="aliases at the end"),
        pytest.param(MODULE + 'aliases = [\n    "c",\n    "d",\n]\n', id="aliases over several lines"),
        pytest.param(MODULE + 'aliases = ["c", # d\n]\n', id="a comment among the aliases"),
        pytest.param(MODULE + '"aliases" = ["c"]\n', id="aliases in quotes"),
        pytest.param(MODULE + ' aliases = ["c"]\n', id="aliases indented"),
        pytest.param(MODULE + "aliases = ['c']\n", id="aliases as literal strings"),
        pytest.param(MODULE + r'"\u0061liases" = ["c"]', id="aliases escaped"),
        pytest.param(MODULE + "# aliases\n" + CLASS, id="aliases in a comment"),
        pytest.param(MODULE + 'aliases = ["pump"]\n', id="an alias of itself"),
        pytest.param(MODULE + 'aliases = ["c"]\n' + CLASS + 'aliases = ["c"]\n', id="an alias of two"),
        pytest.param('[[module]]\nnever = ["a"]\nname = "pump"\n', id="the name is not first"),
        pytest.param('[[module]]\nnever = ["a"]\n', id="no name"),
        pytest.param("[[module]]\nname = 'pump'\n", id="a name as a literal string"),
        pytest.param('[[module]] # [x]\nname = "pump" # [[y]]\n', id="comments behind"),
        pytest.param('[[ module ]]\nname = "pump"\n', id="spaces in the brackets"),
        pytest.param(MODULE + '  [[module]]\n  name = "pump.more"\n', id="indented"),
        pytest.param(MODULE + '[["module"]]\nname = "pump.more"\n', id="a head in quotes"),
        pytest.param(MODULE + '[library]\nrequires = ["x"]\n', id="the library at the end"),
        pytest.param(MODULE + '  [library]\n  requires = ["x"]\n', id="the library indented"),
        pytest.param(MODULE + CLASS + '[module.returns]\na = "str"\n', id="a table of the section before"),
        pytest.param(MODULE + '[module.returns]\na = "str"\nname = "int"\n', id="a table below"),
        pytest.param(MODULE + "[modul.returns]\n", id="an unknown table below"),
        pytest.param(MODULE + "[[modul]]\n", id="an unknown section"),
        pytest.param("[librari]\n" + MODULE, id="an unknown table"),
        pytest.param('module = [{name = "x"}]\n', id="a section in one line"),
        pytest.param(MODULE + 'instead = "[[class]]"\n' + CLASS, id="brackets in a string"),
        pytest.param(MODULE + 'unless = {}\ninstead = "# c"\n', id="a sign of comments in a string"),
        pytest.param(MODULE + 'instead = """\n[[class]]\nname = "c"\n"""\n', id="a section in a long string"),
        pytest.param(MODULE + "instead = '''\n[library]\n'''\n", id="a table in a long string"),
        pytest.param(MODULE + "#\n# [[class]]\n#[[class]]\n" + CLASS, id="sections in comments"),
        pytest.param("# aliases = [\n[library]\n" + MODULE, id="a comment before everything"),
        pytest.param('[library]\nname = "x"\n[library]\n' + MODULE, id="two libraries"),
        pytest.param("[library]\ncarried-by-greenlet-bridge = 1\n" + MODULE, id="a faulty library"),
        pytest.param("[library\n" + MODULE, id="a broken library"),
        pytest.param(
            '[library]\ncarried-by-greenlet-bridge = true\n[[module]]\nname = "a"\nblocks = "database"\n'
            'certain = ["b"]\n',
            id="what the library says of all sections",
        ),
    ],
)
def test_every_text_says_the_same_in_sections(text: str) -> None:
    assert lazily(text) == whole(text)


def test_no_slip_of_the_pen_makes_a_difference() -> None:
    assert isinstance(read_text(SAMPLE, "test.toml").modules, OnDemand)
    assert [text for text in mutations(SAMPLE) if lazily(text) != whole(text)] == []
