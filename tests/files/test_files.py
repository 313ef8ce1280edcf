"""Which files are analysed, which are left out and why, which are reported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blocklint.project import ignored
from blocklint.project.files import Listing, Scope, is_test, list_files
from blocklint.project.ignored import ignored_paths
from tests.hosts.support import write


def reasons(listing: Listing) -> dict[str, str]:
    return {left.path: left.reason for left in listing.left_out}


@pytest.mark.parametrize(
    "path",
    ["tests/a.py", "app/test/a.py", "app/test_a.py", "a_test.py", "app/conftest.py", "tests/deep/a.py"],
)
def test_tests(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["app/a.py", "testing/a.py", "app/testa.py", "app/attest.py", "tests.py"])
def test_no_tests(path: str) -> None:
    assert not is_test(path)


def test_python_files_are_listed_in_order(tmp_path: Path) -> None:
    write(tmp_path, {"b/c.py": "", "a.py": "", "b/a.py": "", "b/a.pyi": "", "b/x.txt": "", "b/d.PY": ""})
    assert list_files(tmp_path) == Listing(("a.py", "b/a.py", "b/c.py"), (), (), ())


def test_folders_that_are_left_out_say_why(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": "",
            ".hidden/a.py": "",
            "env/pyvenv.cfg": "",
            "env/lib/a.py": "",
            "x/node_modules/a.py": "",
            "build/a.py": "",
            "x/dist/a.py": "",
            "x/__pycache__/a.py": "",
            "lib/site-packages/a.py": "",
            "clone/.git/HEAD": "",
            "clone/a.py": "",
        },
    )
    listing = list_files(tmp_path)
    assert listing.files == ("a.py",)
    assert reasons(listing) == {
        ".hidden": "a hidden folder",
        "env": "a virtual environment",
        "x/node_modules": "a folder named node_modules",
        "build": "a folder named build",
        "x/dist": "a folder named dist",
        "x/__pycache__": "a folder named __pycache__",
        "lib/site-packages": "a folder named site-packages",
        "clone": "a checkout of its own",
    }
    assert listing.nested == ("clone",)


def test_exclude_and_include(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/a.py": "",
            "app/x_pb2.py": "",
            "old/a.py": "",
            "build/lib/a.py": "",
            "build/b.py": "",
            "dist/a.py": "",
        },
    )
    listing = list_files(tmp_path, exclude=["*_pb2.py", "old"], include=["build/lib"])
    assert listing.files == ("app/a.py", "build/lib/a.py")
    assert reasons(listing) == {
        "app/x_pb2.py": 'excluded by the setting "exclude"',
        "old": 'excluded by the setting "exclude"',
        "build": "a folder named build",
        "dist": "a folder named dist",
    }
    assert list_files(tmp_path, include=["build"]).files[-3:] == ("build/b.py", "build/lib/a.py", "old/a.py")
    assert "dist/a.py" in list_files(tmp_path, include=["dist/*.py"]).files
    assert list_files(tmp_path, exclude=["*.py"], include=["app/a.py"]).files == ("app/a.py",)


def test_roots_inside_are_listed_and_their_files_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": "",
            "svc/pyproject.toml": "[tool.blocklint]\n",
            "svc/b.py": "",
            "lib/pyproject.toml": "[project]\n",
            "lib/c.py": "",
            "sub/.git": "gitdir: ../.git/modules/sub",
            "sub/d.py": "",
        },
    )
    listing = list_files(tmp_path)
    assert listing.files == ("a.py", "lib/c.py", "sub/d.py", "svc/b.py")
    assert listing.nested == ("sub", "svc")


def test_loops_of_links_end(tmp_path: Path) -> None:
    write(tmp_path, {"a/b.py": ""})
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "x").symlink_to("y")
    (tmp_path / "y").symlink_to("x")
    (tmp_path / "z.py").symlink_to("z.py")
    (tmp_path / ".#b.py").symlink_to("me@host:1")
    listing = list_files(tmp_path)
    assert listing.files == ("a/b.py",)
    assert reasons(listing) == {"a/up": "a link to a folder"}
    assert [(error.path, error.message) for error in listing.errors] == [
        ("z.py", "cannot be read: the link leads nowhere")
    ]


def test_a_linked_file_is_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    (tmp_path / "b.py").symlink_to("a.py")
    assert list_files(tmp_path).files == ("a.py", "b.py")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert reasons(list_files(tmp_path)) == {"a.py": "no regular file"}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff.py")).write_text("")
    listing = list_files(tmp_path)
    assert listing.files == ("a.py",)
    assert [(e.path, e.message) for e in listing.errors] == [
        ("\ufffd.py", "cannot be read: its name is not valid UTF-8")
    ]


def test_an_unreadable_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a/a.py": "", "b.py": ""})
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if path.name == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("blocklint.project.files.os.scandir", guarded)
    listing = list_files(tmp_path)
    assert listing.files == ("b.py",)
    assert [(error.path, error.message) for error in listing.errors] == [
        ("a", "cannot be read: Permission denied")
    ]


def test_named_files_of_other_kinds_and_new_files(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "bin/run": "", "build/x": "", "a.pyi": ""})
    assert reasons(list_files(tmp_path, named=["a.pyi"]))["a.pyi"] == "a stub"
    listing = list_files(tmp_path, named=["bin/run", "new.py", "build/new.py"])
    assert listing.files == ("a.py", "bin/run", "new.py")
    assert list_files(tmp_path, exclude=["new.py"], named=["new.py"]).files == ("a.py",)


class TestScope:
    """What is reported."""

    def test_the_whole_root_but_its_tests(self) -> None:
        scope = Scope([""], [], report_tests=False)
        assert scope.covers("a.py")
        assert scope.covers("app/a.py")
        assert not scope.covers("tests/a.py")
        assert Scope([""], [], report_tests=True).covers("tests/a.py")

    def test_a_test_that_is_named(self) -> None:
        assert Scope(["tests"], [], report_tests=False).covers("tests/deep/a.py")
        assert Scope(["app/test_a.py"], [], report_tests=False).covers("app/test_a.py")
        assert not Scope(["app"], [], report_tests=False).covers("app/test_a.py")

    def test_only_what_is_named(self) -> None:
        scope = Scope(["app/a.py", "lib"], [], report_tests=False)
        assert scope.covers("app/a.py")
        assert scope.covers("lib/deep/b.py")
        assert not scope.covers("app/b.py")
        assert not scope.covers("lib2/b.py")

    def test_not_what_belongs_to_a_root_inside(self) -> None:
        scope = Scope([""], ["svc"], report_tests=False)
        assert not scope.covers("svc/a.py")
        assert scope.covers("svc2/a.py")


def git(folder: Path, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    nobody = ("-c", "user.name=n", "-c", "user.email=e")
    subprocess.run(["git", *nobody, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def test_what_git_ignores(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "gen/\n*_local.py\ntracked.py\n",
            "gen/a.py": "",
            "app/a.py": "",
            "app/x_local.py": "",
            "tracked.py": "",
            "svc/gen/b.py": "",
            "svc/c.py": "",
        },
    )
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-f", "tracked.py")
    listing = list_files(tmp_path)
    assert listing.files == ("app/a.py", "svc/c.py", "tracked.py")
    assert reasons(listing)["gen"] == "ignored by git"
    assert list_files(tmp_path / "svc").files == ("c.py",)
    assert list_files(tmp_path, include=["./gen"]).files == ("app/a.py", "gen/a.py", "svc/c.py", "tracked.py")
    assert list_files(tmp_path / "gen").files == ("a.py",)  # asked for by name


def test_a_repository_runs_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": ""})
    git(tmp_path, "init", "-q")
    marker = tmp_path / "ran"
    write(
        tmp_path,
        {"evil": f"#!/bin/sh\ntouch {marker}\n", ".git/hooks/post-index-change": f"touch {marker}\n"},
    )
    (tmp_path / "evil").chmod(0o755)
    (tmp_path / ".git/hooks/post-index-change").chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(tmp_path / "evil"))
    git(tmp_path, "config", "core.hooksPath", str(tmp_path / ".git/hooks"))
    list_files(tmp_path)
    assert not marker.exists()


def test_a_hooks_environment_does_not_lead_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"one/.gitignore": "a.py\n", "one/a.py": "", "two/a.py": ""})
    for name in ("one", "two"):
        git(tmp_path / name, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "two/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "two"))
    assert ignored_paths(tmp_path / "one") == {"a.py"}


def test_git_is_not_started_without_a_checkout_and_may_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.py": ""})
    monkeypatch.setattr(ignored, "_COMMAND", ("no-such-program",))
    assert ignored_paths(tmp_path) == frozenset()
    (tmp_path / ".git").mkdir()
    assert ignored_paths(tmp_path) == frozenset()
    monkeypatch.undo()
    assert ignored_paths(tmp_path) == frozenset()  # git refuses: this is no repository
