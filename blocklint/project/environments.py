"""Where the modules of a Python environment lie, found without running its interpreter.

A virtual environment says so itself (``pyvenv.cfg``), any other by how its folders are called.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from blocklint.settings import UsageError, nearest

_NAMES = ("site-packages", "dist-packages")
_BINARIES = ("bin", "Scripts")
_VERSION = re.compile(r"python(\d+)\.(\d+)")
_MOST_LINKS = 20


class NoEnvironment(UsageError):
    """A path that leads to no environment; its text says what is there, and what may be meant."""


def search_path(path: Path, root: Path) -> tuple[str, ...]:
    """The folders in which an environment's modules are looked for, in order.

    ``path`` is absolute: a virtual environment, an interpreter in one or elsewhere, or a folder
    ``site-packages``. What ``.pth`` files add is among them. Raises NoEnvironment; what is like it is
    looked for below ``root``.
    """
    if not path.exists():
        raise NoEnvironment(f"there is no {_shown(path, root)}{_hint(path, root)}")
    folders = list(dict.fromkeys(os.path.realpath(folder) for folder in _site_folders(path)))
    if not folders:
        what = "no environment" if path.is_dir() else "no interpreter of an environment"
        raise NoEnvironment(
            f"{_shown(path, root)} is {what}: there is no site-packages{_hint(path, root)}"
        )
    added = [line for folder in folders for line in _added(folder)]
    return tuple(dict.fromkeys([*folders, *added]))


def _site_folders(path: Path) -> Iterator[Path]:
    if path.is_dir():
        if path.name in _NAMES:
            yield path
        else:
            yield from _of_prefix(path, "")
        return
    # An interpreter that is a link belongs to where the link stands, not to what it leads to.
    for _ in range(_MOST_LINKS):
        version = _VERSION.search(path.name)
        prefix = path.parent.parent if path.parent.name in _BINARIES else path.parent
        found = list(_of_prefix(prefix, f"{version[1]}.{version[2]}" if version else ""))
        if found or not path.is_symlink():
            yield from found
            return
        path = Path(os.path.normpath(path.parent / os.readlink(path)))


def _of_prefix(prefix: Path, version: str) -> Iterator[Path]:
    """The site-packages of an environment's folder; those of another Python version are left out."""
    settings = _settings(prefix / "pyvenv.cfg")
    told = settings.get("version_info") or settings.get("version") or version
    version = ".".join(told.split(".")[:2])
    yield from _existing(prefix / "Lib", _NAMES)
    for library in ("lib", "lib64", "local/lib"):
        versions = [entry for entry in _listed(prefix / library) if _VERSION.fullmatch(entry.name)]
        versions.sort(key=_number, reverse=True)
        exact = [entry for entry in versions if entry.name == f"python{version}"]
        for entry in exact or ([] if version else versions):
            yield from _existing(entry, _NAMES)
        yield from _existing(prefix / library / "python3", _NAMES)
    home = settings.get("home")
    if home and settings.get("include-system-site-packages", "").lower() == "true":
        yield from _of_prefix(Path(home).parent, version)


def _number(folder: Path) -> tuple[int, int]:
    found = _VERSION.fullmatch(folder.name)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _existing(folder: Path, names: tuple[str, ...]) -> Iterator[Path]:
    return (folder / name for name in names if (folder / name).is_dir())


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _settings(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _added(folder: str) -> Iterator[str]:
    """What the ``.pth`` files of a folder add to the search path. Lines of code in them are not run."""
    for file in _listed(Path(folder)):
        if file.suffix != ".pth" or file.name.startswith("."):
            continue
        try:
            lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        except OSError:
            continue
        for line in map(str.strip, lines):
            if line and not line.startswith(("#", "import ", "import\t")):
                added = os.path.realpath(os.path.join(folder, line))
                if os.path.isdir(added):
                    yield added


def _shown(path: Path, root: Path) -> str:
    return f'"{path.relative_to(root).as_posix() if path.is_relative_to(root) else path}"'


def _hint(path: Path, root: Path) -> str:
    """What may be meant: a virtual environment beside the path, or in the root."""
    around = [path] if path.is_dir() else []
    found = [
        entry
        for folder in dict.fromkeys((*around, path.parent, root))
        for entry in _listed(folder)
        if os.path.isfile(entry / "pyvenv.cfg")
    ]
    shown = {_shown(entry, root).strip('"'): entry.name for entry in found}
    hint = nearest(path.name, list(shown), lambda choice: shown[choice])
    if hint or not shown:
        return hint or "; name a folder with a pyvenv.cfg, or an interpreter"
    return f"; did you mean {next(iter(shown))}?"
