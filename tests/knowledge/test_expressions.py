"""Type expressions: text in, unions of types out."""

from __future__ import annotations

import pytest

from blocklint.knowledge.expressions import SHORT_NAMES, parse_type
from blocklint.knowledge.records import LibraryType

STR = LibraryType("builtins.str")
NONE = LibraryType("None")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("str", (STR,), id="a short name is expanded"),
        pytest.param(
            "sqlalchemy.orm.Query", (LibraryType("sqlalchemy.orm.Query"),), id="a dotted name stays"
        ),
        pytest.param("str | None", (STR, NONE), id="alternatives"),
        pytest.param(" str|None ", (STR, NONE), id="spaces do not matter"),
        pytest.param("self", (LibraryType("self"),), id="a placeholder stays"),
        pytest.param("$1", (LibraryType("$1"),), id="an argument of the receiver"),
        pytest.param("list[$0]", (LibraryType("builtins.list", ((LibraryType("$0"),),)),), id="one argument"),
        pytest.param(
            "dict[str, str | None]",
            (LibraryType("builtins.dict", ((STR,), (STR, NONE))),),
            id="an argument is a union itself",
        ),
        pytest.param(
            "awaitable[tuple[str, list[a.B]]]",
            (
                LibraryType(
                    "collections.abc.Awaitable",
                    (
                        (
                            LibraryType(
                                "builtins.tuple",
                                ((STR,), (LibraryType("builtins.list", ((LibraryType("a.B"),),)),)),
                            ),
                        ),
                    ),
                ),
            ),
            id="arguments nest",
        ),
        pytest.param("awaitable", (LibraryType("collections.abc.Awaitable"),), id="arguments are optional"),
    ],
)
def test_a_type_expression_names_its_alternatives(text: str, expected: tuple[LibraryType, ...]) -> None:
    assert parse_type(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "a type is missing", id="nothing"),
        pytest.param("str |", "a type is missing", id="no second alternative"),
        pytest.param("list[]", "a type is missing", id="no argument"),
        pytest.param("list[str", "a ']' is missing", id="no closing bracket"),
        pytest.param("str]", "unexpected ']'", id="a bracket too many"),
        pytest.param("str int", "unexpected 'builtins.int'|unexpected 'int'", id="no separator"),
        pytest.param("lst[str]", "unknown short name 'lst'", id="a misspelt short name"),
        pytest.param("a.B()", r"unexpected '\(\)'", id="not an expression at all"),
    ],
)
def test_what_is_not_a_type_expression_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_type(text)


def test_short_names_stand_for_dotted_names() -> None:
    assert all("." in dotted for dotted in SHORT_NAMES.values())


def test_equal_types_hash_equal() -> None:
    assert len({parse_type("list[str]"), parse_type("list[ str ]")}) == 1
