"""Which root a path belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocklint.project.roots import NoSuchPath, canonical, find_root, is_submodule
from tests.hosts.support import write


def test_the_nearest_settings_win_over_the_checkout(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".git/HEAD": "", "svc/pyproject.toml": "[tool.blocklint]\n", "svc/app/a.py": "", "b.py": ""},
    )
    assert find_root(tmp_path / "svc/app/a.py") == tmp_path / "svc"
    assert find_root(tmp_path / "svc/app/new.py") == tmp_path / "svc"
    assert find_root(tmp_path / "b.py") == tmp_path


def test_the_checkout_wins_over_other_files(tmp_path: Path) -> None:
    write(tmp_path, {".git": "gitdir: x", "svc/pyproject.toml": "[project]\n", "svc/a.py": ""})
    assert find_root(tmp_path / "svc/a.py") == tmp_path


def test_never_above_a_checkout(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.blocklint]\n", "inner/.git/HEAD": "", "inner/a.py": ""})
    assert find_root(tmp_path / "inner/a.py") == tmp_path / "inner"


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.cfg", "tox.ini", ".flake8"])
def test_without_a_checkout_the_nearest_marker(tmp_path: Path, marker: str) -> None:
    write(tmp_path, {"setup.cfg": "", f"svc/{marker}": "", "svc/app/a.py": ""})
    assert find_root(tmp_path / "svc/app/a.py") == tmp_path / "svc"


def test_without_any_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"here/deep/a.py": "", "there/pkg/__init__.py": "", "there/pkg/a.py": ""})
    monkeypatch.chdir(tmp_path / "here")
    assert find_root(tmp_path / "here/deep/a.py") == tmp_path / "here"
    assert find_root(tmp_path / "there/pkg/a.py") == tmp_path / "there"
    monkeypatch.setenv("HOME", str(tmp_path))
    for wide in (tmp_path, Path(tmp_path.anchor)):  # a home and a drive are no projects
        monkeypatch.chdir(wide)
        assert find_root(tmp_path / "there/pkg/a.py") == tmp_path / "there"


def test_links_in_folders_are_resolved_but_a_linked_file_keeps_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"real/a.py": ""})
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real/b.py").symlink_to("a.py")
    assert canonical(tmp_path / "link") == tmp_path / "real"
    assert canonical(tmp_path / "link/b.py") == tmp_path / "real/b.py"


def test_a_missing_path_names_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"app/models.py": ""})
    monkeypatch.chdir(tmp_path)
    assert str(NoSuchPath("app/model.py")) == 'there is no "app/model.py"; did you mean app/models.py?'
    assert str(NoSuchPath("nowhere/x.py")) == 'there is no "nowhere/x.py"'


def test_submodules(tmp_path: Path) -> None:
    write(tmp_path, {"a/.git": "gitdir: ../.git/modules/a\n", "b/.git": "gitdir: ../.git/worktrees/b\n"})
    assert is_submodule(str(tmp_path / "a/.git"))
    assert not is_submodule(str(tmp_path / "b/.git"))
    assert not is_submodule(str(tmp_path))
