"""The ecosystem runner judges rightly: on findings and labels made by hand, without a download."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.ecosystem import projects
from tests.ecosystem.findings import Found, Place, difference, load, read_report, store
from tests.ecosystem.projects import Project, fetch
from tests.ecosystem.truth import Places, labels, score_handlers, score_singletons, score_sites

ONE = Found("a.py", 3, "LAG101", "certain", "serving", "a:f", "sqlalchemy.orm.Query.all")
TWO = ONE._replace(path="b.py", line=9, code="LAG102")


def site(line: int, expect: str = "flag", strength: str = "must", via: str = "method") -> dict[str, Any]:
    row = {"path": "a.py", "line": line, "end_line": line + 1, "function": "f", "callee": "g", "kind": "http"}
    return row | {"expect": expect, "strength": strength, "via": via, "depth": 0, "sink": "s", "note": "n"}


def test_difference_counts_by_file_and_code_and_lists_all() -> None:
    rows = difference([ONE, ONE._replace(line=4)], [ONE, TWO])
    assert rows[0].split() == ["file", "code", "new", "gone"]
    assert [row.split() for row in rows[1:4]] == [
        ["a.py", "LAG101", "0", "1"],
        ["b.py", "LAG102", "1", "0"],
        ["all", "1", "1"],
    ]
    assert [row[:8] for row in rows[4:]] == ["- a.py:4", "+ b.py:9"]


def test_no_difference() -> None:
    assert difference([ONE, TWO], [TWO, ONE]) == []


def test_stored_findings_come_back(tmp_path: Path) -> None:
    store(tmp_path / "new" / "x.jsonl", [ONE, TWO])
    assert load(tmp_path / "new" / "x.jsonl") == (ONE, TWO)
    assert load(tmp_path / "missing.jsonl") == ()


def test_report_is_read() -> None:
    whole = {"line": 1, "column": 1, "end_line": 3, "end_column": 7}
    finding = ONE._asdict() | {"expression": whole, "more": 1}
    error = {"path": "c.py", "line": 2, "message": "invalid syntax"}
    checked = read_report({"version": 1, "findings": [finding], "errors": [error], "summary": {"files": 2}})
    assert checked.findings == (ONE,)
    assert checked.places == (Place("a.py", 3, 1, 3),)
    assert checked.errors == ("c.py:2: invalid syntax",)
    with pytest.raises(ValueError, match="version 2"):
        read_report({"version": 2})


def test_a_site_is_found_by_its_line_or_by_its_expression() -> None:
    places = Places([Place("a.py", 3, 1, 3), Place("a.py", 11, 10, 12)])
    assert places.within("a.py", 3, 3)
    assert places.within("a.py", 1, 4)
    assert places.within("a.py", 11, 11)
    assert not places.within("a.py", 10, 10)
    assert not places.within("b.py", 3, 3)


def test_missed_sites_and_alarms_are_listed_and_fail() -> None:
    sites = [site(1), site(5), site(9, "clean"), site(13, strength="may"), site(17, via="attribute set")]
    shown = Places([Place("a.py", 2, 2, 2), Place("a.py", 9, 9, 9)])
    scored = score_sites(sites, shown, Places([Place("a.py", 13, 13, 13)]))
    assert scored.lines[0] == "must: 1 of 2 found (50.0%)"
    assert scored.lines[1].startswith("  missed a.py:5 g in f")
    assert scored.lines[3].startswith("  reported a.py:9")
    assert scored.lines[4:] == ["may, at any certainty: 1 of 1 found", "attribute set: 0 of 1 found"]
    assert scored.failures[0] == "2 of the must sites are not found"
    assert len(scored.failures) == 2


def test_most_of_the_possible_sites_are_demanded() -> None:
    sites = [site(1), *(site(line, strength="may") for line in (5, 9, 13))]
    shown = Places([Place("a.py", 2, 2, 2)])
    assert score_sites(sites, shown, Places([])).failures == ["only 0 of 3 may sites are found"]
    two = Places([Place("a.py", 5, 5, 5), Place("a.py", 9, 9, 9)])
    assert score_sites(sites, shown, two).failures == []


def test_singletons_and_handlers_are_demanded() -> None:
    calls = [{"path": "a.py", "line": 1, "end": 2, "call": "X.y", "func": "f"}]
    handlers = [{"path": "a.py", "line": 3, "start": 2, "end": 8, "func": "f"}]
    assert score_singletons(calls, Places([])).failures == ["1 singleton calls are not found"]
    assert score_singletons(calls, Places([Place("a.py", 2, 2, 2)])).failures == []
    scored = score_handlers(handlers, Places([]))
    assert scored.lines[0].startswith("handlers: 0 of 1")
    assert scored.failures == ["1 handlers are silent"]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("open-webui-0.5.20.jsonl", 303),
        ("open-webui-0.5.20-singletons.jsonl", 353),
        ("conda-store-server-2024.3.1-handlers.jsonl", 44),
    ],
)
def test_labels_are_complete(name: str, count: int) -> None:
    assert len(labels(name)) == count


def test_only_python_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def download(project: Project, folder: Path) -> Path:
        with zipfile.ZipFile(folder / "x.whl", "w") as wheel:
            wheel.writestr("pkg/a.py", "x = 1\n")
            wheel.writestr("pkg/model.bin", b"0" * 1000)
        return folder / "x.whl"

    monkeypatch.setenv("BLOCKLINT_ECOSYSTEM", str(tmp_path))
    monkeypatch.setattr(projects, "_download", download)
    folder = fetch(Project("x", "1", 1.0))
    assert sorted(path.name for path in folder.rglob("*.*")) == ["a.py", "pyproject.toml"]
    monkeypatch.setattr(projects, "_download", None)
    assert fetch(Project("x", "1", 1.0)) == folder
