"""Which codes and findings are shown."""

from __future__ import annotations

import pytest

from blocklint.model import Blocks, Certainty, Finding, Phase, Site
from blocklint.rules.codes import BY_BLOCKS, BY_CODE, CODES, ON_DEMAND
from blocklint.rules.selection import Selection, UnknownCode, check_codes, combine
from blocklint.settings import Overrides, Settings


def finding(code: str = "LAG101", certainty: Certainty = Certainty.CERTAIN, file: str = "a.py") -> Finding:
    site = Site(file, 1, 1, 1, 5)
    return Finding(
        code,
        site,
        site,
        "a:f",
        "message",
        Blocks.DATABASE,
        "x.y",
        (),
        certainty,
        Phase.SERVING,
        (),
        (),
        0,
        "",
        "f",
    )


def shown(settings: Settings, certainty: Certainty = Certainty.CERTAIN) -> set[str]:
    selection = Selection(settings)
    return {code for code in BY_CODE if selection.shows(finding(code, certainty))}


BLOCKING = {code for code in BY_CODE if code.startswith("LAG1")}
DEFAULT = {row.code for row in CODES} - {"LAG110", "LAG111", "LAG901"} - ON_DEMAND


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), DEFAULT),
        (Settings(select=("LAG",)), set(BY_CODE)),
        (Settings(select=("LAG101", "LAG111")), {"LAG101", "LAG111"}),
        (Settings(select=()), set()),
        (Settings(extend_select=("LAG110",)), DEFAULT | {"LAG110"}),
        (Settings(ignore=("LAG10", "LAG2", "LAG3", "LAG4", "LAG5")), {"LAG000"}),
        (Settings(extend_ignore=("LAG101",)), DEFAULT - {"LAG101"}),
        (Settings(select=("LAG101",), ignore=("LAG1",)), {"LAG101"}),
        (Settings(select=("LAG1",), ignore=("LAG101",)), BLOCKING - {"LAG101"}),
        (Settings(select=("LAG101",), ignore=("LAG101",)), set()),
        (Settings(ignore=("LAG",), extend_select=("LAG104",)), {"LAG104"}),
    ],
)
def test_prefixes_as_in_flake8(settings: Settings, expected: set[str]) -> None:
    assert shown(settings) == expected


def test_certainty() -> None:
    assert shown(Settings(), Certainty.LIKELY) == DEFAULT - {"LAG106", "LAG109", "LAG201", "LAG202"}
    assert shown(Settings(), Certainty.POSSIBLE) == set()
    assert shown(Settings(certainty=Certainty.POSSIBLE), Certainty.POSSIBLE) == DEFAULT
    assert shown(Settings(certainty=Certainty.CERTAIN), Certainty.LIKELY) == set()


def test_per_file_ignores() -> None:
    selection = Selection(Settings(per_file_ignores={"scripts/*": ("LAG101",), "x.py": ("LAG",)}))
    assert selection.shows(finding())
    assert not selection.shows(finding(file="scripts/a.py"))
    assert selection.shows(finding("LAG104", file="scripts/a.py"))
    assert not selection.shows(finding("LAG104", file="deep/x.py"))


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        (Settings(select=("LAG1O1",)), "select"),
        (Settings(ignore=("E501",)), "ignore"),
        (Settings(extend_select=("lag101",)), "extend-select"),
        (Settings(extend_ignore=("",)), "extend-ignore"),
        (Settings(per_file_ignores={"a": ("LAG10", "LAG7")}), "per-file-ignores"),
        (Overrides(select=("LAG1010",)), "select"),
    ],
)
def test_unknown_codes(settings: Settings | Overrides, setting: str) -> None:
    with pytest.raises(UnknownCode) as raised:
        check_codes(settings)
    assert raised.value.setting == setting


def test_the_message_for_an_unknown_code_names_the_nearest() -> None:
    assert str(UnknownCode("lag1o1", "select")) == 'unknown code "lag1o1" in "select"; did you mean LAG101?'


def test_known_codes_and_prefixes() -> None:
    check_codes(Settings(select=("LAG", "LAG1", "LAG10", "LAG101"), per_file_ignores={"a": ("LAG1",)}))


def test_overrides_replace_or_extend() -> None:
    settings = Settings(select=("LAG101",), ignore=("LAG102",), extend_select=("LAG110",), cache_dir="a")
    assert combine(settings, Overrides()) == settings
    combined = combine(
        settings,
        Overrides(
            select=("LAG104",),
            ignore=(),
            extend_select=("LAG111",),
            extend_ignore=("LAG105",),
            certainty=Certainty.CERTAIN,
            report_tests=True,
            cache_dir="/b",
        ),
    )
    assert combined == Settings(
        select=("LAG104",),
        extend_select=("LAG110", "LAG111"),
        extend_ignore=("LAG105",),
        certainty=Certainty.CERTAIN,
        report_tests=True,
        cache_dir="/b",
    )


def test_the_table() -> None:
    assert len({row.symbol for row in CODES}) == len({row.pylint_id for row in CODES}) == len(CODES)
    assert set(BY_BLOCKS) == set(Blocks)
    # Pylint gives a checker a hundred numbers: LAG101 has W7401, LAG401 has W7441.
    numbers = [row.code[4:] if row.code < "LAG2" else row.code[3] + row.code[5] for row in CODES]
    assert [row.pylint_id for row in CODES] == [f"W74{number}" for number in numbers]
