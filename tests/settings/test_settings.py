"""[tool.blocklint]: what is read, and what is said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from blocklint.model import Certainty
from blocklint.settings import (
    Allowance,
    Settings,
    SettingsError,
    certainty,
    has_settings,
    line_of,
    load_settings,
    nearest,
)

ALL = """\
[project]
name = "x"

[tool.blocklint]
select = ["LAG1"]
ignore = ["LAG103"]
extend-select = ["LAG110"]
extend-ignore = []
certainty = "possible"
report-tests = true
exclude = ["legacy"]
include = ["build/lib"]
source-roots = ["backend"]
per-file-ignores = { "scripts/*" = ["LAG104"] }
cache-dir = ".cache"
environment = ".venv"

[tool.blocklint.knowledge]
module = [{ name = "app.db", never = ["*"] }]

[[tool.blocklint.allow]]
in = "app.config.*"
call = "open"
reason = "small files"
"""

ALLOWED = "[[tool.blocklint.allow]]\nin = 'a'\nreason = 'it is small'\n\n"


def load(folder: Path, text: str) -> Settings:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def error(folder: Path, text: str) -> SettingsError:
    with pytest.raises(SettingsError) as raised:
        load(folder, text)
    return raised.value


def test_no_file_and_no_section_are_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    assert load(tmp_path, "[tool.other]\nx = 1\n") == Settings()


def test_a_broken_file_without_our_section_is_not_our_business(tmp_path: Path) -> None:
    assert load(tmp_path, "[tool.other\n") == Settings()
    assert load(tmp_path, "# blocklint\n[tool.other\n") == Settings()


def test_every_setting_is_read(tmp_path: Path) -> None:
    settings = load(tmp_path, ALL)
    assert settings == Settings(
        select=("LAG1",),
        ignore=("LAG103",),
        extend_select=("LAG110",),
        certainty=Certainty.POSSIBLE,
        report_tests=True,
        exclude=("legacy",),
        include=("build/lib",),
        source_roots=("backend",),
        per_file_ignores={"scripts/*": ("LAG104",)},
        cache_dir=".cache",
        environment=".venv",
        knowledge={"module": [{"name": "app.db", "never": ["*"]}]},
        allow=(Allowance(within="app.config.*", call="open", reason="small files"),),
    )
    unset = {f.name for f in msgspec.structs.fields(Settings)} - {"extend_ignore"}
    assert all(getattr(settings, name) != getattr(Settings(), name) for name in unset)


@pytest.mark.parametrize(
    "text",
    [
        "[tool.blocklint]\nreport-tests = true\n",
        "[tool]\nblocklint = { report-tests = true }\n",
        "[tool]\nblocklint.report-tests = true\n",
        "tool.blocklint.report-tests = true\n",
        "\ufeff[tool.blocklint]\nreport-tests = true\n",
    ],
)
def test_every_way_to_write_the_section(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).report_tests


def test_an_unknown_setting_names_its_line_and_the_nearest(tmp_path: Path) -> None:
    found = error(tmp_path, '[tool.blocklint]\ncertainty = "likely"\n\nsource-root = []\n')
    assert (found.path, found.line) == (tmp_path / "pyproject.toml", 4)
    assert found.message == 'unknown setting "source-root"; did you mean source-roots?'
    assert error(tmp_path, "[tool.blocklint]\nqqqq = 1\n").message == 'unknown setting "qqqq"'


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("\nreport-tests = 'yes'", 3, '"report-tests" must be true or false, not "yes"'),
        ("certainty = 'sure'", 2, '"certainty" must be "possible", "likely" or "certain", not "sure"'),
        ("certainty = true", 2, '"certainty" must be "possible", "likely" or "certain", not true'),
        ("select = 'LAG1'", 2, '"select" must be a list of strings, not "LAG1"'),
        ("exclude = [1]", 2, '"exclude" must be a list of strings, not [1]'),
        ("cache-dir = 3", 2, '"cache-dir" must be a string, not 3'),
        (
            "environment = 3",
            2,
            '"environment" must be the path of a virtual environment or an interpreter, such as ".venv", not 3',
        ),
        ("[tool.blocklint.per-file-ignores]\na = 1", 2, '"per-file-ignores" must be a table'),
        ("[tool.blocklint.knowlege]\na = 1", 2, 'unknown setting "knowlege"'),
        ("[[tool.blocklint.alow]]\nin = 'x'", 2, 'unknown setting "alow"; did you mean allow?'),
        ("knowledge = 1", 2, '"knowledge" must be a table'),
        ("allow = 1", 2, '"allow" must be written as [[tool.blocklint.allow]]'),
        (f"{ALLOWED}[[tool.blocklint.allow]]\nin = 'x'", 6, '"allow": a "reason" must be given'),
        (f"{ALLOWED}[[tool.blocklint.allow]]\nreason = 'x'", 6, '"allow": "in" or "call" must be given'),
        (f"{ALLOWED}[[tool.blocklint.allow]]\n\ncal = 'x'", 8, '"allow": unknown key "cal"; did you mean call?'),
        (f"{ALLOWED}[[tool.blocklint.allow]]\nin = 1", 7, '"allow": "in" must be a pattern for dotted names, not 1'),
        (f"{ALLOWED}[[tool.blocklint.allow]]\nin = 'x'\nreason = ' '", 8, '"allow": "reason" must say why, not " "'),
        ("allow = [{ reason = 'x' }]", 2, '"allow": "in" or "call" must be given'),
    ],
)
def test_a_wrong_type_names_its_line_and_what_is_right(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    found = error(tmp_path, f"[tool.blocklint]\n{text}\n")
    assert found.message.startswith(message)
    assert found.line == line


def test_a_section_that_is_no_table(tmp_path: Path) -> None:
    assert error(tmp_path, "[tool]\nblocklint = 1\n").message == "tool.blocklint must be a table"


def test_broken_toml_with_our_section(tmp_path: Path) -> None:
    found = error(tmp_path, "[tool.blocklint]\nselect = [\n")
    assert "no valid TOML" in found.message
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.blocklint]\nselect = ['\xff']\n")
    with pytest.raises(SettingsError, match="no valid TOML"):
        load_settings(tmp_path)


def test_the_message_shows_the_path_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = error(tmp_path, "[tool.blocklint]\nx = 1\n")
    assert str(found).startswith(f"{tmp_path / 'pyproject.toml'}:2: ")
    monkeypatch.chdir(tmp_path)
    assert str(found).startswith("pyproject.toml:2: unknown setting")


def test_a_configuration_file_must_exist_and_speak_to_us(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        load_settings(tmp_path, tmp_path / "other.toml")
    (tmp_path / "other.toml").write_text("[tool.x]\n")
    with pytest.raises(SettingsError, match=r"has no \[tool.blocklint\]"):
        load_settings(tmp_path, tmp_path / "other.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path, tmp_path)
    (tmp_path / "other.toml").write_text("[tool.blocklint]\nreport-tests = true\n")
    assert load_settings(tmp_path, tmp_path / "other.toml").report_tests


def test_whether_a_file_has_settings(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    assert not has_settings(str(file))
    for text, expected in [
        ("[tool.x]\n", False),
        ("[tool.blocklint]\n", True),
        ("[tool.blocklint]\nx = [", True),
    ]:
        file.write_text(text)
        assert has_settings(str(file)) is expected


def test_the_line_of_a_setting(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    assert line_of(file, "select") == 1
    file.write_text("select = 1\n[tool.blocklint]\n\n'select' = []\n")
    assert line_of(file, "select") == 4
    assert line_of(file, "ignore") == 2
    file.write_text("x = 1\n")
    assert line_of(file, "ignore") == 1


def test_names_of_certainties() -> None:
    assert [certainty(name) for name in ("possible", "likely", "certain")] == list(Certainty)
    with pytest.raises(ValueError, match="LIKELY"):
        certainty("LIKELY")


def test_nearest() -> None:
    assert nearest("selct", ["select", "ignore"]) == "; did you mean select?"
    assert nearest("zzz", ["select"]) == ""
    assert nearest("b", ["x/a", "x/b"], lambda path: path[2:]) == "; did you mean x/b?"
