"""Which root a path belongs to: the tree that is analysed as one project."""

from __future__ import annotations

import os
from pathlib import Path

from blocklint.settings import UsageError, has_settings, nearest

_MARKERS = ("pyproject.toml", "setup.cfg", "tox.ini", ".flake8")


class NoSuchPath(UsageError):
    """A given path that does not exist."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        folder, name = os.path.split(self.path.rstrip("/\\"))
        try:
            beside = sorted(os.listdir(folder or "."))
        except OSError:
            beside = []
        hint = nearest(name, [os.path.join(folder, other) for other in beside], os.path.basename)
        return f'there is no "{self.path}"{hint}'


def canonical(path: str | Path) -> Path:
    """The absolute path with the links in its folders resolved; a file that is a link keeps its name."""
    absolute = Path(os.path.abspath(path))
    if absolute.is_dir():
        return Path(os.path.realpath(absolute))
    return Path(os.path.realpath(absolute.parent), absolute.name)


def find_root(path: Path) -> Path:
    """The root of a canonical path, which need not exist.

    The nearest folder with ``[tool.blocklint]``, else the top of the git checkout, else the nearest
    folder with pyproject.toml, setup.cfg, tox.ini or .flake8, else the working directory; where
    that does not hold the path or holds everything (a home or a drive), the folder in which the
    path's outermost package lies. Never above a ``.git``.
    """
    start = path if path.is_dir() else path.parent
    marked = _marked(start)
    if marked is not None:
        return marked
    here = Path(os.path.realpath(os.getcwd()))
    holds_everything = here in (Path(here.anchor), Path(os.path.realpath(os.path.expanduser("~"))))
    return here if start.is_relative_to(here) and not holds_everything else _above_packages(start)


def find_bare_root(path: Path) -> Path:
    """As :func:`find_root`, but a folder of scripts that belongs to no project is a root of its own."""
    is_bare = path.is_dir() and not os.path.isfile(path / "__init__.py") and _marked(path) is None
    return path if is_bare and any(path.glob("*.py")) else find_root(path)


def _marked(start: Path) -> Path | None:
    """The root that a file or folder in it marks, None if nothing does."""
    marked: Path | None = None
    for folder in (start, *start.parents):
        if has_settings(os.path.join(folder, "pyproject.toml")):
            return folder
        if os.path.lexists(folder / ".git"):
            return folder
        if marked is None and any(os.path.isfile(folder / marker) for marker in _MARKERS):
            marked = folder
    return marked


def _above_packages(folder: Path) -> Path:
    while os.path.isfile(folder / "__init__.py") and folder.parent != folder:
        folder = folder.parent
    return folder


def is_submodule(git: str) -> bool:
    """Whether this ``.git`` belongs to a submodule, whose code the checkout around it imports."""
    try:
        with open(git, encoding="utf-8", errors="replace") as file:
            return "/modules/" in file.read(4096).replace("\\", "/")
    except OSError:
        return False
