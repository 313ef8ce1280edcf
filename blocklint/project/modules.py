"""The modules of one root, and of what is installed for it: their names, and where imports lead."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from blocklint.facts.records import ModuleFacts
from blocklint.model import FunctionKey
from blocklint.project.installed import INSTALLED, Installed
from blocklint.project.paths import shared

_STUB = "__init__.pyi"


class Modules:
    """The facts of all modules of a root, by path relative to it ("/"-separated).

    ``source_roots`` are the folders where absolute imports start, "" for the root itself.
    ``modules`` are the project's own. What is ``installed`` is not among them: it is read when an import
    of something that the project lacks leads there, and its paths begin with ``<site-packages>/``.
    """

    def __init__(
        self,
        modules: Mapping[str, ModuleFacts],
        source_roots: Sequence[str],
        installed: Installed | None = None,
    ) -> None:
        self.modules = dict(sorted(modules.items()))
        self.installed = installed
        roots = {root.strip("/") for root in source_roots} | {""}
        self.source_roots = sorted(roots, key=lambda root: (-len(root), root))
        self._folders = {
            "/".join(parts[:length])
            for parts in (path.split("/") for path in self.modules)
            for length in range(1, len(parts))
        }
        self._found: dict[tuple[str, str], str | None] = {}
        self._shown: dict[FunctionKey, str] = {}

    def facts(self, file: str) -> ModuleFacts | None:
        """The facts of a module, None for a namespace folder and for what cannot be read."""
        found = self.modules.get(file)
        if found is None and self.installed is not None:
            return self.installed.facts(file)
        return found

    def is_own(self, file: str) -> bool:
        """Whether a module is one of the project's own."""
        return not file.startswith(INSTALLED)

    def source_root(self, file: str) -> str:
        """The innermost source root that holds a file."""
        if self.installed is not None and not self.is_own(file):
            return INSTALLED.rstrip("/")
        for root in self.source_roots:
            if not root or file.startswith(root + "/"):
                return root
        return ""

    def module_name(self, file: str) -> str:
        """The dotted name of a module: ``app.repo`` for ``src/app/repo.py``."""
        root = self.source_root(file)
        inner = file[len(root) + 1 :] if root else file
        inner = inner.removesuffix("i" if inner.endswith(".pyi") else "")
        inner = inner.removesuffix(".py").removesuffix("/__init__").rstrip("/")
        return inner.replace("/", ".")

    def find_module(self, dotted: str, importer: str) -> str | None:
        """The file of an absolute module name, from the source root nearest to the importer.

        A folder without ``__init__.py`` that holds modules gives its path with a final "/". What is
        installed imports what is installed, and nothing of the project.
        """
        key = (dotted, self.source_root(importer))
        if key not in self._found:
            self._found[key] = self._find_module(dotted, importer)
        return self._found[key]

    def _find_module(self, dotted: str, importer: str) -> str | None:
        inner = dotted.replace(".", "/")
        if self.is_own(importer):
            for root in sorted(self.source_roots, key=lambda root: -shared(root, importer)):
                found = self.at(f"{root}/{inner}" if root else inner)
                if found is not None:
                    return found
        return None if self.installed is None else self.installed.find(inner)

    def at(self, path: str) -> str | None:
        """The module at a path without suffix: a file, a package, or a namespace folder."""
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            if candidate in self.modules:
                return candidate
        if path in self._folders:
            return f"{path}/"
        if self.installed is not None and path.startswith(INSTALLED):
            return self.installed.find(path.removeprefix(INSTALLED))
        return None

    def submodule(self, file: str, name: str) -> str | None:
        """The module ``name`` inside the package whose ``__init__.py`` or folder ``file`` is."""
        if file.endswith("/__init__.py"):
            return self.at(f"{file.removesuffix('__init__.py')}{name}")
        if file == "__init__.py":
            return self.at(name)
        if file.endswith("/"):
            return self.at(f"{file}{name}")
        return self.at(f"{file.removesuffix(_STUB)}{name}") if file.endswith(f"/{_STUB}") else None

    def import_base(self, file: str, level: int, module: str) -> str | None:
        """The file that ``from ..module import`` in ``file`` names, None if it is not ours."""
        if not level:
            return self.find_module(module, file)
        folder = file.rpartition("/")[0].split("/") if "/" in file else []
        kept = folder[: len(folder) - (level - 1)] if level > 1 else folder
        parts = [*kept, *(module.split(".") if module else [])]
        if parts:
            return self.at("/".join(parts))
        return "__init__.py" if "__init__.py" in self.modules else None

    @functools.cached_property
    def _ambiguous(self) -> frozenset[str]:
        seen, twice = set[str](), set[str]()
        for file in self.modules:
            name = self.module_name(file)
            (twice if name in seen else seen).add(name)
        return frozenset(twice)

    def show(self, key: FunctionKey) -> str:
        """A function's name as shown to people: ``app.repo:Repo.find``, ``…#2`` for a second one.

        The source root stands in front (``backend::app.repo:f``) where module names collide.
        """
        if key not in self._shown:
            module = self.module_name(key.file)
            ordinal = f"#{key.ordinal}" if key.ordinal > 1 else ""
            prefix = f"{self.source_root(key.file)}::" if module in self._ambiguous else ""
            self._shown[key] = f"{prefix}{module}:{key.name}{ordinal}"
        return self._shown[key]
