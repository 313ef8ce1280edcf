"""The folders where absolute imports start, found from what the project's own imports name.

A folder is no source root because it could be one: a project's ``clients/redis.py`` must not
answer for ``import redis``. What speaks for a folder is a module inside it that imports a sibling
by its bare name (a script beside its helpers, ``backend/`` for ``import app.models``), or a
package that someone else imports and that lies nowhere nearer (``packages/core/src``). What
speaks against it is that the folder is itself a package, or is used as one: imported through the
folders above it, or by relative imports inside it.
"""

from __future__ import annotations

import itertools
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from blocklint.project.files import is_test


def source_roots(
    files: Sequence[str],
    importers: Mapping[str, Collection[str]],
    levels: Mapping[str, int] = MappingProxyType({}),
) -> tuple[str, ...]:
    """The source roots of a project, sorted; "" (the root itself) is always one.

    ``files`` are its modules, relative to the root with "/"; ``importers`` tells which of them
    import an absolute dotted name, ``levels`` how many dots their relative imports have at most.
    """
    tree = _Tree(files)
    found = {""}
    if "src" in tree.folders and not tree.is_package("src"):
        found.add("src")
    evidence = _Evidence(tree, found)
    for name in sorted(importers):
        if name.partition(".")[0] not in sys.stdlib_module_names:
            evidence.weigh(name, importers[name])
    for file, level in levels.items():
        evidence.weigh_relative(file, level)
    candidates = evidence.near.keys() | evidence.near_tests.keys()
    found.update(folder for folder in candidates if evidence.speaks_for(folder))
    found.update(folder for folder in evidence.far if folder not in evidence.entered)
    return tuple(sorted(found))


class _Tree:
    """The modules of a project by path without suffix, and the folders that hold them."""

    def __init__(self, files: Iterable[str]) -> None:
        self.modules: set[str] = set()
        self.folders: set[str] = set()
        self._packages: set[str] = set()
        holders: defaultdict[str, list[str]] = defaultdict(list)
        for file in files:
            folder, _, name = file.rpartition("/")
            if name == "__init__.py":
                self._packages.add(folder)
            else:
                self.modules.add(file.removesuffix(".py"))
            while folder and folder not in self.folders:
                self.folders.add(folder)
                folder = folder.rpartition("/")[0]
        for path in sorted(self.modules | self.folders):
            holder, _, name = path.rpartition("/")
            holders[name].append(holder)
        self._holders = dict(holders)

    def is_package(self, folder: str) -> bool:
        """Whether the folder holds an ``__init__.py``."""
        return folder in self._packages

    def holders(self, name: str) -> frozenset[str]:
        """The folders from which the dotted name leads to a module, else those with such a folder."""
        inner = name.replace(".", "/")
        modules: list[str] = []
        namespaces: list[str] = []
        for folder in self._holders.get(name.partition(".")[0], ()):
            path = _join(folder, inner)
            if path in self.modules or path in self._packages:
                modules.append(folder)
            elif path in self.folders:
                namespaces.append(folder)
        return frozenset(modules or namespaces)


class _Evidence:
    """What speaks for and against each folder."""

    def __init__(self, tree: _Tree, known: Collection[str]) -> None:
        self._tree = tree
        self._known = known
        self.near: defaultdict[str, set[str]] = defaultdict(set)
        """The names that modules inside a folder import from it, tests excepted."""
        self.near_tests: defaultdict[str, set[str]] = defaultdict(set)
        """The names that only tests do: they are often run with a search path of their own."""
        self.far: set[str] = set()
        """Folders whose packages are imported from outside only."""
        self.entered: set[str] = set()
        """Folders that are themselves imported as packages."""

    def weigh(self, name: str, importers: Iterable[str]) -> None:
        """Take in one imported name."""
        holders = self._tree.holders(name)
        from_afar = False
        for importer in importers if holders else ():
            around = [folder for folder in _folders_around(importer) if folder in holders]
            if not around:
                from_afar = True
                continue
            folder = max(around, key=lambda folder: (not self._tree.is_package(folder), len(folder)))
            if "." in name or not _is_inside(importer, _join(folder, name)):
                if is_test(importer):
                    self.near_tests[folder].add(name)
                else:
                    self.near[folder].add(name)
                    self.entered.update(_packages_on_the_way(folder, name))
        if from_afar and holders.isdisjoint(self._known):
            self.far.update(folder for folder in holders if self._is_telling(folder, name))

    def weigh_relative(self, file: str, level: int) -> None:
        """Take in the relative imports of one file: with one dot its folder is a package, and so on."""
        if not is_test(file):
            self.entered.update(itertools.islice(_folders_around(file), level))

    def _is_telling(self, folder: str, name: str) -> bool:
        top = _join(folder, name.partition(".")[0])
        return ("." in name or self._tree.is_package(top)) and not self._tree.is_package(folder)

    def speaks_for(self, folder: str) -> bool:
        """Whether modules inside the folder import from it as a source root."""
        is_entered, is_package = folder in self.entered, self._tree.is_package(folder)
        if is_entered and is_package:
            return False
        # A library is rarely met again under a dotted name; under a bare one (`redis.py`) it is.
        names = self.near[folder]
        if any("." in name for name in names):
            return True
        if is_entered or is_package:
            return is_package and len(names) > 1
        return bool(names or self.near_tests[folder])


def _folders_around(file: str) -> Iterator[str]:
    while file:
        file = file.rpartition("/")[0]
        yield file


def _is_inside(importer: str, module: str) -> bool:
    """Whether the importer is the module or part of it: a wrapper named like its library imports that."""
    return importer.removesuffix(".py") == module or importer.startswith(f"{module}/")


def _packages_on_the_way(folder: str, name: str) -> Iterator[str]:
    path = folder
    for part in name.split("."):
        path = _join(path, part)
        yield path


def _join(folder: str, inner: str) -> str:
    return f"{folder}/{inner}" if folder else inner
