"""Plain TOML is read as tomllib reads it; everything else by tomllib itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from blocklint.knowledge.catalog import LIBRARIES
from blocklint.knowledge.plain import read_toml
from tests.knowledge.support import SHIPPED

SAMPLE = """# Pumps, [[module]] and "so on".
[library]
name = "Pump"
requires = ["water"]  # "and" ["more"]
carried-by-greenlet-bridge = true

[[module]]
name = "pump"
never = [
    "a", "b#c", "d]",
    "e",
]
returns = { a = "list[str]", "*" = "int" }
unless = { a = ["0=[[x]]"] }
[module.attributes]
"x.*" = "str | None"

[[runner]]
name = "pump.run"
position = 0
"""


def outcome(text: str, read: object) -> object:
    """The document, or the message of the error."""
    assert callable(read)
    try:
        return read(text)
    except ValueError as error:
        return str(error)


def mutations(text: str) -> Iterator[str]:
    """The text with one letter less, one more, or one line twice."""
    for position in range(len(text)):
        yield text[:position] + text[position + 1 :]
        for letter in "\"'[]{}=,#.\\\n\t a1":
            yield text[:position] + letter + text[position:]
    lines = text.splitlines(keepends=True)
    for first in range(len(lines)):
        for second in range(len(lines)):
            yield "".join([*lines[:first], lines[second], *lines[first:]])


@pytest.mark.parametrize("package", SHIPPED)
def test_every_shipped_file_is_plain(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (LIBRARIES / f"{package}.toml").read_text(encoding="utf-8")
    expected = tomllib.loads(text)
    monkeypatch.delattr(tomllib, "loads")
    assert read_toml(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# a = 1", id="a comment"),
        pytest.param("  \n\n \t", id="spaces"),
        pytest.param("a=1\nb   =   2   # c", id="spaces around the sign"),
        pytest.param("a = 1\n[b]\n[b.c]\nd = 2", id="a table below a table"),
        pytest.param("[[a]]\n[[a]]\n[a.b]\nc = 1\n[[a]]", id="a table below the last of a list"),
        pytest.param("a = {}\nb = []\nc = { }\nd = [ ]", id="empty"),
        pytest.param('a = [["b"], ["c"]]\n[["d"]]', id="nested lists"),
        pytest.param('a = """\n[[b]]\n"""', id="a string over several lines"),
        pytest.param(r'a = "\u0041\"]"', id="escapes"),
        pytest.param("a = 'b'\n'c' = 1", id="literal strings"),
        pytest.param('a = ""\n"" = 1', id="empty strings"),
        pytest.param("a.b = 1\na.c = 2", id="dotted keys"),
        pytest.param('a = [ # b\n"c", # d\n]', id="comments in a list"),
        pytest.param("a = 1.5\nb = 1979-05-27\nc = 0x1f\nd = 1_000\ne = -1", id="other values"),
        pytest.param('a = { b = { c = 1 }, d = "e" }', id="nested one-line tables"),
        pytest.param('a = { b = "c", b = "d" }', id="a key twice in one line"),
        pytest.param('a = { b = "c", }', id="a comma too many"),
        pytest.param("a = 1\na = 2", id="a key twice"),
        pytest.param('a = 1\n"a" = 2', id="a key twice, quoted"),
        pytest.param("[a]\n[a]", id="a table twice"),
        pytest.param("[a]\n[[a]]", id="a table and a list of tables"),
        pytest.param("[[a]]\n[a]", id="a list of tables and a table"),
        pytest.param("a = []\n[[a]]", id="tables in a list that is closed"),
        pytest.param("[[a]]\nb = 1\n[a.b]", id="a table where a value is"),
        pytest.param('a = ["b" "c"]', id="no comma"),
        pytest.param('a = ["b",,]', id="two commas"),
        pytest.param('a = "b', id="no closing quote"),
        pytest.param('a = ["b"', id="no closing bracket"),
        pytest.param("a = 01", id="a leading zero"),
        pytest.param('a = "b\x01"', id="a control character"),
        pytest.param("a = 1 # b\x7f", id="a control character in a comment"),
        pytest.param("ä = 1", id="a letter that a bare key cannot have"),
        pytest.param('"ä" = "ö" # ü', id="other letters"),
        pytest.param("[[a]", id="one bracket"),
        pytest.param("[ a ]\n[[ b ]]", id="spaces in brackets"),
        pytest.param("  a = 1", id="indented"),
        pytest.param("a = 1\r\nb = 2\r\n", id="line ends of Windows"),
    ],
)
def test_anything_is_read_as_tomllib_reads_it(text: str) -> None:
    assert outcome(text, read_toml) == outcome(text, tomllib.loads)


def test_no_slip_of_the_pen_makes_a_difference() -> None:
    different = [
        text for text in mutations(SAMPLE) if outcome(text, read_toml) != outcome(text, tomllib.loads)
    ]
    assert different == []
