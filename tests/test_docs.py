"""The pages say what the program does: options, settings, the catalogue's format, links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from blocklint.knowledge.tables import ClassTable, HandlerTable, LibraryTable, RunnerTable
from blocklint.model import Blocks, Via
from blocklint.settings import Allowance, Settings
from tests.fixtures_runner.cases import expectations, load_cases

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


def page(name: str) -> str:
    return (REPOSITORY / "docs" / "reference" / name).read_text()


def first_cells(text: str) -> set[str]:
    """The words in backquotes in the first cell of every row of every table."""
    rows = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def encoded(*tables: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for table in tables for field in msgspec.structs.fields(table)}


def test_every_option_is_documented() -> None:
    options = set()
    for command in ("check", "files", "graph", "routes", "why", "rule", "knowledge show", "knowledge check"):
        program = [sys.executable, "-m", "blocklint", *command.split(), "--help"]
        output = subprocess.run(program, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
        options |= set(re.findall(r"--[a-z-]+", output)) - {"--help"}
    documented = {cell.split()[0] for cell in first_cells(page("cli.md")) if cell.startswith("--")}
    assert documented == options


def test_every_setting_is_documented() -> None:
    assert first_cells(page("settings.md")) == encoded(Settings, Allowance)


def test_every_key_of_the_catalogue_is_documented() -> None:
    text = page("knowledge.md")
    assert first_cells(text) == encoded(LibraryTable, ClassTable, RunnerTable, HandlerTable)
    assert [blocks for blocks in Blocks if f"`{blocks}`" not in text] == []


def test_every_key_of_a_finding_is_documented() -> None:
    text = page("cli.md")
    json = text.partition("## JSON")[2]
    report_only = {"function", "message", "path", "line", "column", "end_line", "end_column", "expression"}
    from blocklint.model import Finding

    assert first_cells(json) == (encoded(Finding) - {"site"}) | report_only
    assert [via for via in Via if f"`{via}`" not in json] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_output_in_the_readme_is_a_real_one() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    shown = readme.partition("```text\n")[2].partition("```")[0].splitlines()
    run = subprocess.run(
        [sys.executable, "-m", "blocklint", "check", "--no-cache"],
        cwd=REPOSITORY / "tests" / "fixtures" / "founding" / "chat_service",
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = re.compile(r"in \d+\.\d s")
    real = [seconds.sub("in S s", line.rstrip()) for line in run.stdout.splitlines()]
    assert len(shown) > 5
    assert [line for line in shown if line != "…" and seconds.sub("in S s", line) not in real] == []


def test_the_changelog_names_every_library_of_the_catalogue() -> None:
    changelog = " ".join((REPOSITORY / "CHANGELOG.md").read_text().split())
    libraries = (REPOSITORY / "blocklint" / "knowledge" / "libraries").glob("*.toml")
    names = [tomllib.loads(path.read_text())["library"]["name"].partition(":")[0] for path in libraries]
    assert [name for name in names if name not in changelog] == []


def test_what_it_cannot_see_names_every_fixture_with_a_known_gap() -> None:
    text = (REPOSITORY / "docs/explanation/what-it-cannot-see.md").read_text(encoding="utf-8")
    gaps = {
        case.name
        for case in load_cases()
        for comments in expectations(case).values()
        if any(expected.kind == "miss" for expected in comments.expected)
    }
    assert set(re.findall(r"`(\w+/\w+)`", text.replace("`tests/fixtures`", ""))) == gaps
