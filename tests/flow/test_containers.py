"""Containers as values: what goes in comes out, and nothing grows without end."""

from __future__ import annotations

from blocklint.flow.containers import filling, grown, merged, tells
from blocklint.project.bounds import DEEPEST_VALUE, bounded, deepest
from blocklint.project.values import (
    CALLERS,
    LibraryInstance,
    Literal,
    Mapping,
    Unknown,
    Values,
    union,
)

SESSION = LibraryInstance("sqlalchemy.orm.Session")
TEXT = LibraryInstance("builtins.str")


def items(kind: str, *values: Values) -> LibraryInstance:
    return LibraryInstance(f"builtins.{kind}", values)


def test_an_empty_list_takes_what_is_put_in() -> None:
    assert grown((items("list"),), filling(None, (SESSION,))) == (items("list", (SESSION,)),)


def test_a_dict_keeps_constant_keys_apart() -> None:
    first = grown((Mapping(()),), filling("a", (SESSION,)))
    assert grown(first, filling("b", (TEXT,))) == (Mapping((("a", (SESSION,)), ("b", (TEXT,)))),)


def test_an_unknown_key_is_one_of_the_others() -> None:
    assert grown((Mapping(()),), filling(None, (SESSION,))) == (Mapping((), (SESSION,)),)


def test_what_is_no_container_stays() -> None:
    values: Values = (SESSION, Unknown("x"))
    assert grown(values, filling(None, (TEXT,))) is values


def test_constants_are_kept_by_their_class() -> None:
    added = filling(None, (Literal("one"), Literal("two"), Literal(None)))
    assert added == Mapping((), (TEXT, Literal(None)))


def test_an_element_type_that_says_nothing_gives_way() -> None:
    declared = items("list", (Unknown("typing.Any"),))
    assert grown((declared,), filling(None, (SESSION,))) == (items("list", (SESSION,)),)


def test_lists_are_merged_where_ways_meet() -> None:
    assert merged((items("list"), SESSION, items("list", (SESSION,)))) == (
        items("list", (SESSION,)),
        SESSION,
    )


def test_a_display_and_a_dict_are_merged() -> None:
    display = Mapping((("a", (SESSION,)),))
    assert merged((display, items("dict", (TEXT,), (TEXT,)))) == (items("dict", (TEXT,), (TEXT, SESSION)),)


def test_a_list_put_into_itself_stays_bounded() -> None:
    values: Values = (items("list"),)
    for _ in range(20):
        values = grown(values, filling(None, values))
    assert deepest(values) <= DEEPEST_VALUE


def test_only_what_can_do_something_is_kept_for_others() -> None:
    assert tells(filling(None, (SESSION,)))
    assert tells(filling(None, (Unknown("parameter db"),)))
    assert not tells(filling(None, (TEXT, Unknown("library x"))))


def test_that_callers_were_merged_is_not_lost() -> None:
    assert union((Unknown("x"), SESSION), (CALLERS,)) == (SESSION, CALLERS)
    assert union((SESSION, CALLERS), (Unknown("x"),)) == (SESSION, CALLERS)
    assert bounded((SESSION, TEXT, CALLERS)) == (SESSION, CALLERS)
