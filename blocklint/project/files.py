"""Which files of a root are analysed, which are left out and why, and which are reported."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from blocklint.model import SourceError
from blocklint.project.globs import Globs
from blocklint.project.ignored import ignored_paths
from blocklint.project.roots import is_submodule
from blocklint.settings import has_settings

_NAMES = frozenset({"node_modules", "build", "dist", "__pycache__", "site-packages"})
_TEST_FOLDERS = frozenset({"tests", "test"})


class LeftOut(msgspec.Struct, frozen=True, order=True):
    """A file or folder that is not analysed, and why."""

    path: str
    reason: str


class Listing(msgspec.Struct, frozen=True):
    """A root's files, sorted; paths are relative to it, with "/".

    ``nested`` are the folders inside that are roots of their own; their files are listed too,
    because this root may import them, unless they are checkouts of their own.
    """

    files: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    errors: tuple[SourceError, ...]
    nested: tuple[str, ...]


def is_test(path: str) -> bool:
    """Whether a file (relative to its root) is a test."""
    *folders, name = path.split("/")
    if not _TEST_FOLDERS.isdisjoint(folders) or name == "conftest.py":
        return True
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


class Scope:
    """Which files of a root are reported: its own under the given paths, tests if asked for."""

    def __init__(self, named: Iterable[str], nested: Iterable[str], report_tests: bool) -> None:
        """``named`` and ``nested`` are relative to the root; "" names the whole root."""
        self._named = frozenset(named)
        self._nested = frozenset(nested)
        self._tests = report_tests

    def is_own(self, path: str) -> bool:
        """Whether the file belongs to this root and not to one inside it."""
        return not self._nested or self._nested.isdisjoint((path, *_folders_of(path)))

    def covers(self, path: str) -> bool:
        """Whether what is found in this file is reported."""
        if not self.is_own(path):
            return False
        holders = [path, *_folders_of(path)]
        naming = [holder for holder in holders if holder in self._named]
        if not naming:
            return False
        return self._tests or not is_test(path) or any(name == path or is_test(f"{name}/") for name in naming)


def _folders_of(path: str) -> Iterator[str]:
    while path:
        path = posixpath.dirname(path)
        yield path


def list_files(
    root: Path, exclude: Iterable[str] = (), include: Iterable[str] = (), named: Collection[str] = ()
) -> Listing:
    """Walk the root. ``named`` are files which are analysed although they are no ``.py`` files.

    Folders that are links are not followed: what they lead to inside the root is found in its
    own place, and a loop has no end. Never raises: what cannot be read is in ``errors``.
    """
    return _Walk(root, Globs(exclude), Globs(include), named).run()


class _Walk:
    """One pass over a root with an explicit stack of folders still to read."""

    def __init__(self, root: Path, exclude: Globs, include: Globs, named: Collection[str]) -> None:
        self._root = root
        self._exclude = exclude
        self._include = include
        self._ignored = ignored_paths(root)
        self._named = frozenset(named)
        self._files: list[str] = []
        self._left_out: dict[str, str] = {}
        self._errors: list[SourceError] = []
        self._nested: list[str] = []

    def run(self) -> Listing:
        # The second item tells that only what `include` brings back is taken from the folder.
        pending = [("", False)]
        while pending:
            pending.extend(self._read(*pending.pop()))
        self._add_new_files()
        return Listing(
            files=tuple(sorted(self._files)),
            left_out=tuple(LeftOut(path, reason) for path, reason in sorted(self._left_out.items())),
            errors=tuple(sorted(self._errors)),
            nested=tuple(sorted(self._nested)),
        )

    def _read(self, folder: str, only_included: bool) -> Iterator[tuple[str, bool]]:
        """Take the files of a folder; yield the folders inside that are to be read."""
        entries = self._entries(folder)
        if folder:
            reason = self._reason_inside(folder, {entry.name for entry in entries})
            admitted = self._admit(folder, reason, only_included)
            if admitted is None:
                return
            only_included = admitted
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if _is_folder(entry):
                admitted = self._admit(path, self._reason(path, entry), only_included)
                if admitted is not None:
                    yield path, admitted
            elif entry.name.endswith(".pyi"):
                if path in self._named:
                    self._left_out[path] = "a stub"
            elif entry.name.endswith(".py") or path in self._named:
                self._take(path, entry, only_included)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / folder) as entries:
                return list(entries)
        except OSError as error:
            self._fail(folder or ".", f"cannot be read: {error.strerror}")
            return []

    def _reason(self, path: str, entry: os.DirEntry[str]) -> str:
        """Why a folder is left out, as far as its name tells; "" to go on."""
        if entry.is_symlink():
            return "a link to a folder"
        if entry.name.startswith("."):
            return "a hidden folder"
        if entry.name in _NAMES:
            return f"a folder named {entry.name}"
        return self._reason_of_settings(path)

    def _reason_of_settings(self, path: str) -> str:
        if path in self._ignored:
            return "ignored by git"
        return 'excluded by the setting "exclude"' if self._exclude.matches(path) else ""

    def _reason_inside(self, folder: str, names: set[str]) -> str:
        """Why a folder is left out, as far as its content tells. Notes roots inside this one."""
        if "pyvenv.cfg" in names:
            return "a virtual environment"
        if ".git" in names:
            self._nested.append(folder)
            return "" if is_submodule(str(self._root / folder / ".git")) else "a checkout of its own"
        if "pyproject.toml" in names and has_settings(str(self._root / folder / "pyproject.toml")):
            self._nested.append(folder)
        return ""

    def _admit(self, folder: str, reason: str, only_included: bool) -> bool | None:
        """None to leave a folder out, else whether only what `include` names is taken from it."""
        if self._include.matches(folder):
            return False
        if not reason and not only_included:
            return False
        if reason:
            self._left_out[folder] = reason
        return True if self._include.reaches_into(folder) else None

    def _take(self, path: str, entry: os.DirEntry[str], only_included: bool) -> None:
        if not self._include.matches(path):
            reason = self._reason_of_settings(path)
            if reason:
                self._left_out[path] = reason
            if reason or only_included:
                return
        if _is_file(entry):
            self._add(path)
        elif entry.is_symlink():
            # Emacs marks a file that is being edited by a link to nowhere.
            if not entry.name.startswith(".#"):
                self._fail(path, "cannot be read: the link leads nowhere")
        else:
            self._left_out[path] = "no regular file"

    def _add_new_files(self) -> None:
        """Files that are named but not on disk yet: the text of an editor's new buffer."""
        for path in sorted(self._named.difference(self._files, self._left_out)):
            if self._left_out.keys().isdisjoint(_folders_of(path)) or self._include.matches(path):
                reason = self._reason_of_settings(path)
                if reason and not self._include.matches(path):
                    self._left_out[path] = reason
                else:
                    self._add(path)

    def _add(self, path: str) -> None:
        try:
            path.encode()
        except UnicodeEncodeError:
            self._fail(path, "cannot be read: its name is not valid UTF-8")
        else:
            self._files.append(path)

    def _fail(self, path: str, message: str) -> None:
        shown = path.encode(errors="surrogateescape").decode(errors="replace")
        self._errors.append(SourceError(shown, 1, message))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
