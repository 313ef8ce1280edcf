"""The one grammar of globs."""

from __future__ import annotations

import pytest

from blocklint.project.globs import Globs


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("legacy", "legacy/a.py"),
        ("legacy", "app/legacy/deep/a.py"),
        ("*_pb2.py", "app/x_pb2.py"),
        ("app/*.py", "app/a.py"),
        ("app/*.py", "app/deep/a.py"),
        ("app/", "app/a.py"),
        ("./app/v1", "app/v1/a.py"),
        ("app/**", "app/a.py"),
        ("**/gen/*.py", "gen/a.py"),
        ("**/gen/*.py", "x/y/gen/a.py"),
        ("a/**/z.py", "a/z.py"),
        ("a/**/z.py", "a/b/c/z.py"),
        ("x[12].py", "x1.py"),
        ("/gen", "gen/a.py"),
        ("./gen", "gen/a.py"),
        ("gen/", "app/gen/a.py"),
    ],
)
def test_matches(glob: str, path: str) -> None:
    assert Globs([glob]).matches(path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("legacy", "legacy2/a.py"),
        ("app/*.py", "src/app/a.py"),
        ("app/v1", "app/v10/a.py"),
        ("x[12].py", "x3.py"),
        ("/gen", "app/gen/a.py"),
        ("./gen", "app/gen/a.py"),
        ("", "a.py"),
        (".", "a.py"),
        ("/", "a.py"),
        ("A.py", "a.py"),
    ],
)
def test_does_not_match(glob: str, path: str) -> None:
    assert not Globs([glob]).matches(path)


def test_no_glob_matches_nothing() -> None:
    assert not Globs([]).matches("a.py")


def test_which_excluded_folders_are_worth_a_look() -> None:
    assert Globs(["build/lib"]).reaches_into("build")
    assert Globs(["build/*/x.py"]).reaches_into("build")
    assert Globs(["build/*/x.py"]).reaches_into("build/deep")
    assert not Globs(["build/lib"]).reaches_into("dist")
    assert Globs([".hidden/app"]).reaches_into(".hidden")
    assert not Globs(["lib", "**/lib", "*/lib"]).reaches_into("build")
