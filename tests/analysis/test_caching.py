"""What an analysis takes from the cache, and what it leaves there."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Collection
from pathlib import Path

import pytest

from blocklint.analysis import analyze_paths, linking
from blocklint.knowledge.words import Words
from blocklint.project.index import Project
from blocklint.settings import Overrides
from tests.analysis.test_pipeline import DEFAULT, places
from tests.hosts.support import BLOCKING, write


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done: "lower" for a file, "find" for a root."""
    from blocklint.facts import lower as package
    from blocklint.rules import engine

    done: list[str] = []
    lower, find = package.lower, engine.find

    def counting_lower(source: bytes, is_package: bool) -> object:
        done.append("lower")
        return lower(source, is_package)

    def counting_find(project: Project, words: Words, *, on_demand: Collection[str]) -> object:
        done.append("find")
        return find(project, words, on_demand=on_demand)

    monkeypatch.setattr(package, "lower", counting_lower)
    monkeypatch.setattr(engine, "find", counting_find)
    return done


def test_an_unchanged_project_is_not_linked_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, {"app/bad.py": "def f(:\n"})
    done = counting(monkeypatch)
    first = analyze_paths(["."])
    assert done == ["lower"] * 6 + ["find"]
    second = analyze_paths(["."])
    assert done == ["lower"] * 6 + ["find"]
    assert (second.findings, second.errors) == (first.findings, first.errors)
    assert second.summary.calls == first.summary.calls


def test_filters_are_not_part_of_what_is_cached(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analyze_paths(["app/other.py"])
    done = counting(monkeypatch)
    assert places(analyze_paths(["."])) == DEFAULT
    assert (
        len(places(analyze_paths(["."], overrides=Overrides(extend_select=("LAG111",), disable_noqa=True))))
        == 5
    )
    assert done == []


def test_a_changed_file_is_lowered_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analyze_paths(["."])
    done = counting(monkeypatch)
    write(project, {"app/helpers.py": "def pause():\n    pass\n"})
    assert places(analyze_paths(["."])) == DEFAULT[1:]
    assert done == ["lower", "find"]


def test_equal_files_have_facts_of_their_own(project: Path) -> None:
    write(project, {"app/copy.py": BLOCKING})
    for _ in range(2):
        report = analyze_paths(["app/copy.py", "app/other.py"])
        assert places(report) == ["app/copy.py:5 LAG104", "app/other.py:5 LAG104"]
        write(project, {"app/third.py": "x = 1\n"})  # the second time, both come from one row


def test_without_cache_nothing_is_written(project: Path) -> None:
    analyze_paths(["."], cache=False)
    assert not (project.parent / "cache").exists()


def test_where_the_cache_is(project: Path) -> None:
    write(project, {"pyproject.toml": '[tool.blocklint]\ncache-dir = ".blocklint"\n'})
    analyze_paths(["."])
    assert list((project / ".blocklint").iterdir())
    other = project.parent / "other"
    analyze_paths(["."], overrides=Overrides(cache_dir=str(other)))
    assert list(other.iterdir())


def test_a_damaged_result_is_found_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    analyze_paths(["."])
    monkeypatch.setattr(linking.Store, "result", lambda *_: b"\x93")
    assert places(analyze_paths(["."])) == DEFAULT
    shutil.rmtree(project.parent / "cache")
    assert places(analyze_paths(["."])) == DEFAULT


def test_the_collector_is_left_as_it_was(project: Path) -> None:
    assert gc.isenabled()
    analyze_paths(["."], cache=False)
    assert gc.isenabled()
    gc.disable()
    try:
        analyze_paths(["."], cache=False)
        assert not gc.isenabled()
    finally:
        gc.enable()
