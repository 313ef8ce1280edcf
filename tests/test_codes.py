"""The table of codes, the pages, the changelog, the hosts and the fixtures speak of the same codes."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from blocklint.model import Certainty, Finding
from blocklint.rules.codes import BY_CODE, CODES, INTERNAL_ERROR, ON_DEMAND, UNUSED_SUPPRESSION, Code
from tests.fixtures_runner.cases import Case, decode, expectations, load_cases

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = {path.stem: path.read_text() for path in (REPOSITORY / "docs" / "rules").glob("*.md")}
HEADINGS = [
    "What it finds",
    "Why it matters",
    "Example",
    "Instead",
    "What it does not see",
    "References",
]
every_code = pytest.mark.parametrize("row", CODES, ids=[row.code for row in CODES])
# No source text is supposed to lead to an internal error.
every_fault = pytest.mark.parametrize("row", CODES[1:], ids=[row.code for row in CODES[1:]])
assert CODES[0].code == INTERNAL_ERROR


def default_of(row: Code) -> str:
    if not row.on:
        return f"off (`--extend-select {row.code}`)"
    return "on, shown only when certain" if row.shown_from is Certainty.CERTAIN else "on"


def test_there_is_a_page_for_every_code_and_for_no_other() -> None:
    assert PAGES.keys() == BY_CODE.keys()


@every_code
def test_page_says_what_the_table_says(row: Code) -> None:
    page = PAGES[row.code]
    assert page.startswith(f"# {row.code}: {row.title}\n")
    assert f"\nDefault: {default_of(row)}. pylint: `{row.symbol}` ({row.pylint_id}).\n" in page
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == HEADINGS


@every_code
def test_page_gives_a_number_that_a_script_has_measured(row: Code) -> None:
    section = PAGES[row.code].partition("\n## Why it matters\n")[2].partition("\n## ")[0]
    measured = re.search(r"\bMeasured with \[docs/measure/(\w+)\.py\]\(\.\./measure/\1\.py\): (.+)", section, re.DOTALL)
    assert measured is not None
    assert (REPOSITORY / "docs" / "measure" / f"{measured[1]}.py").exists()
    assert re.search(r"\d", measured[2])


def test_the_readme_the_index_and_the_changelog_name_every_code() -> None:
    for path in ("README.md", "docs/index.md", "CHANGELOG.md"):
        named = re.findall(r"^\W*\b(LAG\d{3})\b", (REPOSITORY / path).read_text(), re.MULTILINE)
        assert sorted(named) == sorted(BY_CODE), path


def test_pylint_has_a_message_for_every_code() -> None:
    from blocklint.hosts.pylint_plugin import BlocklintChecker

    messages = {number: message[1] for number, message in BlocklintChecker.msgs.items()}
    assert messages == {row.pylint_id: row.symbol for row in CODES}
    assert len({row.symbol for row in CODES}) == len(messages) == len(CODES)


def test_flake8_gets_every_code_by_their_common_prefix() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    ((prefix, target),) = project["entry-points"]["flake8.extension"].items()
    module, _, name = target.partition(":")
    assert callable(getattr(importlib.import_module(module), name))
    assert [code for code in BY_CODE if not code.startswith(prefix)] == []


def example(code: str, heading: str) -> str | None:
    section = PAGES[code].partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    block = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    return block[1] if block else None


def findings_in(source: str, row: Code) -> tuple[Finding, ...]:
    from tests.fixtures_runner.engine import analyze

    settings = f"ignore = {sorted(ON_DEMAND - {row.code})}"
    # An example of several modules has their names in front of them.
    first, *parts = re.split(r"^# (\w+\.py)\n", source, flags=re.MULTILINE)
    sources = {"main.py": first.encode()} if not parts else {}
    sources |= {name: text.encode() for name, text in zip(parts[::2], parts[1::2], strict=True)}
    report = analyze(Case("docs/rules", sources, settings))
    assert report.errors == ()
    return report.findings


@every_fault
def test_page_shows_a_true_example(row: Code) -> None:
    loud, silent = example(row.code, "Example"), example(row.code, "Instead")
    assert loud is not None
    assert silent is not None
    assert row.code in {finding.code for finding in findings_in(loud, row)}
    assert findings_in(silent, row) == ()


LOUD = [
    (case.name, path, expected)
    for case in load_cases()
    for path, file in expectations(case).items()
    for expected in file.expected
    if expected.kind == "error"
]


@every_fault
def test_fixtures_show_every_code_loud_and_silent(row: Code) -> None:
    """Silent: a line that uses a culprit's last name, where nothing of this code is expected."""
    places = {(name, path, expected.line) for name, path, expected in LOUD if expected.code == row.code}
    assert places, f"no fixture expects {row.code}"
    culprits = {e.shape[-1].rpartition(".")[2].removesuffix(" loop") for _, _, e in LOUD if e.code == row.code and e.shape}
    assert culprits, f"no fixture of {row.code} names a culprit"
    uses = re.compile(rf"\b(?:{'|'.join(culprits)})\b")
    silent = [
        (case.name, path, number)
        for case in load_cases()
        for path, text in case.sources.items()
        for number, line in enumerate(decode(text).splitlines(), start=1)
        if uses.search(line if row.code == UNUSED_SUPPRESSION else line.partition("#")[0])
        and (case.name, path, number) not in places
    ]
    assert silent, f"no fixture shows where {row.code} must be silent"
