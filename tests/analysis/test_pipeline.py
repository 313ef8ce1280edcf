"""The pipeline: paths or texts in, a report out."""

from __future__ import annotations

from pathlib import Path

import pytest

import blocklint
from blocklint.analysis import analyze_paths, analyze_roots, analyze_sources
from blocklint.model import Finding, Report
from blocklint.project.roots import NoSuchPath
from blocklint.rules.selection import UnknownCode
from blocklint.settings import Overrides, Settings, SettingsError
from tests.hosts.support import BLOCKING, write

DEFAULT = ["app/main.py:7 LAG104", "app/main.py:13 LAG103", "app/other.py:5 LAG104"]


def places(report: Report) -> list[str]:
    return [f"{finding.site.file}:{finding.site.line} {finding.code}" for finding in report.findings]


def errors(report: Report) -> list[str]:
    return [f"{error.path}:{error.line}: {error.message}" for error in report.errors]


# ---------------------------------------------------------------- in memory


def test_sources() -> None:
    report = analyze_sources({"a.py": BLOCKING, "b.py": BLOCKING.encode(), "tests/c.py": BLOCKING})
    assert places(report) == ["a.py:5 LAG104", "b.py:5 LAG104"]
    assert (report.summary.files, report.summary.async_functions) == (3, 3)


def test_sources_with_settings() -> None:
    sources = {"a.py": BLOCKING, "tests/c.py": BLOCKING, "old/a.py": BLOCKING}
    settings = Settings(report_tests=True, exclude=("old",), per_file_ignores={"a.py": ("LAG104",)})
    assert places(analyze_sources(sources, settings)) == ["tests/c.py:5 LAG104"]
    with pytest.raises(UnknownCode):
        analyze_sources(sources, Settings(select=("X",)))


def test_the_public_names() -> None:
    assert blocklint.analyze_sources is analyze_sources
    assert blocklint.Finding is Finding
    assert set(blocklint.__all__) <= set(blocklint._HOMES)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = blocklint.nothing


# ------------------------------------------------------------------ on disk


def test_a_project(project: Path) -> None:
    report = analyze_paths(["."])
    assert places(report) == DEFAULT
    assert report.summary.files == 5
    assert report.summary.seconds > 0


def test_paths_filter_what_is_reported_not_what_is_analysed(project: Path) -> None:
    report = analyze_paths(["app/main.py"])
    assert places(report) == DEFAULT[:2]
    assert report.summary.files == 5
    assert places(analyze_paths([project / "app", project / "app/main.py"])) == DEFAULT


def test_paths_in_the_report_start_at_the_working_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "app")
    report = analyze_paths(["."])
    assert places(report) == ["main.py:7 LAG104", "main.py:13 LAG103", "other.py:5 LAG104"]
    first = report.findings[0]
    assert [hop.path for hop in first.chain] == ["main.py", "helpers.py"]
    assert "app/helpers.py" in first.message
    monkeypatch.chdir(project.parent)
    assert places(analyze_paths(["project/app/other.py"])) == ["project/app/other.py:5 LAG104"]
    monkeypatch.chdir(project / "tests")
    assert places(analyze_paths(["../app/other.py"])) == ["../app/other.py:5 LAG104"]


def test_a_root_on_another_drive(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    monkeypatch.chdir(project / "app")
    monkeypatch.setattr("blocklint.analysis.relocation.os.path.relpath", refuse)
    root = project.as_posix()
    assert places(analyze_paths(["other.py"])) == [f"{root}/app/other.py:5 LAG104"]


def test_tests_are_reported_when_asked_for(project: Path) -> None:
    assert places(analyze_paths(["tests"])) == ["tests/test_app.py:5 LAG104"]
    assert places(analyze_paths(["tests/test_app.py"])) == ["tests/test_app.py:5 LAG104"]
    assert len(places(analyze_paths(["."], overrides=Overrides(report_tests=True)))) == 4


def test_overlay(project: Path) -> None:
    overlay = {Path("app/helpers.py"): b"def pause():\n    pass\n", Path("app/new.py"): BLOCKING.encode()}
    report = analyze_paths(["app"], overlay=overlay)
    assert places(report) == ["app/main.py:13 LAG103", "app/new.py:5 LAG104", "app/other.py:5 LAG104"]
    assert places(analyze_paths(["app/new.py"], overlay=overlay)) == ["app/new.py:5 LAG104"]


def test_noqa_can_be_disabled(project: Path) -> None:
    assert "app/main.py:8 LAG104" in places(analyze_paths(["."], overrides=Overrides(disable_noqa=True)))


def test_settings_are_used(project: Path) -> None:
    write(project, {"pyproject.toml": '[tool.blocklint]\nselect = ["LAG111"]\n'})
    assert places(analyze_paths(["."])) == ["app/main.py:12 LAG111"]
    write(project, {"other.toml": '[tool.blocklint]\nselect = ["LAG103"]\n'})
    assert places(analyze_paths(["."], overrides=Overrides(config=Path("other.toml")))) == [
        "app/main.py:13 LAG103"
    ]


def test_what_is_wrong_is_said_at_its_place(project: Path) -> None:
    with pytest.raises(NoSuchPath):
        analyze_paths(["nowhere.py"])
    with pytest.raises(UnknownCode):
        analyze_paths(["."], overrides=Overrides(select=("LAG7",)))
    write(project, {"pyproject.toml": '[tool.blocklint]\n\nignore = ["LAG7"]\n'})
    with pytest.raises(SettingsError, match=r'pyproject.toml:3: unknown code "LAG7" in "ignore"'):
        analyze_paths(["."])


def test_source_roots_are_folders_of_the_root(project: Path) -> None:
    write(
        project,
        {"lib/mine/__init__.py": "", "lib/mine/a.py": "import time\n\n\ndef f():\n    time.sleep(1)\n"},
    )
    write(project, {"app/user.py": "import mine.a\n\n\nasync def g():\n    mine.a.f()\n"})
    for given in ("lib", "./lib/"):
        write(project, {"pyproject.toml": f'[tool.blocklint]\nsource-roots = ["{given}"]\n'})
        assert places(analyze_paths(["app/user.py"])) == ["app/user.py:5 LAG104"]
    write(project, {"pyproject.toml": '[tool.blocklint]\nsource-roots = ["."]\n'})
    assert places(analyze_paths(["app/user.py"])) == []
    for given in ("gone", "..", "/"):
        write(project, {"pyproject.toml": f'[tool.blocklint]\n\nsource-roots = ["{given}"]\n'})
        with pytest.raises(
            SettingsError, match=f'toml:3: "source-roots" names "{given}", which is no folder'
        ):
            analyze_paths(["."])


def test_several_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = "[tool.blocklint]\n"
    write(
        tmp_path,
        {
            "pyproject.toml": settings,
            "main.py": "from svc.lib import pause\n\n\nasync def f():\n    pause()\n",
            "svc/pyproject.toml": '[tool.blocklint]\nignore = ["LAG103"]\n',
            "svc/lib.py": "import time\n\n\ndef pause():\n    time.sleep(1)\n",
            "svc/app.py": BLOCKING + "    open('x')\n",
            "svc/deep/pyproject.toml": settings,
            "svc/deep/app.py": BLOCKING,
            "tests/data/pyproject.toml": settings,
            "tests/data/app.py": BLOCKING,
        },
    )
    monkeypatch.chdir(tmp_path)
    everything = ["main.py:5 LAG104", "svc/app.py:5 LAG104", "svc/deep/app.py:5 LAG104"]
    whole = analyze_paths(["."], cache=False)
    assert places(whole) == everything
    # The files of the roots inside are analysed twice, and counted once.
    assert (whole.summary.files, whole.summary.functions) == (4, 4)
    assert places(analyze_paths(["svc/app.py", "."], cache=False)) == everything
    assert places(analyze_paths(["svc/app.py"], cache=False)) == everything[1:2]
    assert places(analyze_paths(["main.py"], cache=False)) == everything[:1]
    assert places(analyze_paths(["tests/data"], cache=False)) == ["tests/data/app.py:5 LAG104"]
    assert len(analyze_roots(["."], overrides=Overrides(report_tests=True), cache=False)) == 4


# ---------------------------------------------------------------- bad input


def test_bad_files_lose_nothing_elsewhere(project: Path) -> None:
    write(
        project,
        {
            "app/syntax.py": "def f(:\n",
            "app/null.py": b"x = 1\n\0",
            "app/encoding.py": b"# coding: nothing\n",
            "app/wrong.py": b"# coding: utf-8\nx = '\xff'\n",
            "app/empty.py": "",
            "app/latin.py": b"# coding: latin-1\nx = '\xe9'\n" + BLOCKING.encode(),
        },
    )
    (project / "app/gone.py").symlink_to("nowhere")
    (project / "app/loop").symlink_to(".")
    report = analyze_paths(["."])
    assert places(report) == ["app/latin.py:7 LAG104", *DEFAULT]
    assert [error.path for error in report.errors] == [
        "app/encoding.py",
        "app/gone.py",
        "app/null.py",
        "app/syntax.py",
        "app/wrong.py",
    ]


def test_errors_of_files_that_are_not_asked_for_are_not_told(project: Path) -> None:
    write(project, {"app/bad.py": "def f(:\n", "tests/bad.py": "def f(:\n"})
    assert errors(analyze_paths(["app/main.py"])) == []
    assert [error.path for error in analyze_paths(["."]).errors] == ["app/bad.py"]


def test_an_unreadable_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: str, buffering: int) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("blocklint.facts.source.open", refuse, raising=False)
    report = analyze_paths(["app/other.py"], cache=False)
    assert errors(report) == ["app/other.py:1: cannot be read: Permission denied"]


def test_a_large_generated_file(project: Path) -> None:
    rows = "".join(f"    ({index}, 'name {index}', None),\n" for index in range(170_000))
    write(project, {"app/generated.py": f"ROWS = [\n{rows}]\n"})
    assert (project / "app/generated.py").stat().st_size > 4_500_000
    report = analyze_paths(["."], cache=False)
    assert places(report) == DEFAULT
    assert not report.errors


def test_a_file_that_makes_lowering_fail(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from blocklint.facts import lower as package

    real = package.lower

    def lower(source: bytes, is_package: bool) -> object:
        if b"open('x')" in source:
            raise RecursionError("maximum recursion depth exceeded")
        return real(source, is_package)

    monkeypatch.setattr(package, "lower", lower)
    report = analyze_paths(["."])
    assert places(report) == DEFAULT[2:]
    (error,) = errors(report)
    assert error.startswith("app/main.py:1: LAG000 internal error, please report it: RecursionError('maximum")
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))
    monkeypatch.chdir(project)
    assert places(analyze_paths(["."])) == DEFAULT


def test_an_engine_that_fails(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(*_: object, **__: object) -> None:
        raise KeyError("x")

    write(project, {"app/bad.py": "def f(:\n"})
    monkeypatch.setattr("blocklint.rules.engine.find", find)
    report = analyze_paths(["."])
    assert places(report) == []
    assert [error.path for error in report.errors] == [".", "app/bad.py"]
    assert "LAG000 internal error, please report it: KeyError('x') (test_pipeline.py:" in errors(report)[0]


def test_an_expression_that_makes_evaluation_fail(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from blocklint.facts import records as r
    from blocklint.flow import expressions

    def fail(*_: object) -> None:
        raise KeyError("x")

    write(project, {"app/odd.py": "import time\n\nasync def f(x):\n    lambda: 0\n    time.sleep(1)\n"})
    monkeypatch.setitem(expressions.HANDLERS, r.Lambda, fail)
    report = analyze_paths(["."])
    assert places(report) == DEFAULT  # not that of the function itself
    (error,) = errors(report)
    assert error.startswith("app/odd.py:1: LAG000 internal error, please report it: KeyError('x')")
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))
    monkeypatch.chdir(project)
    assert places(analyze_paths(["."])) == [*DEFAULT[:2], "app/odd.py:5 LAG104", DEFAULT[2]]
