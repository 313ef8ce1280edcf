"""What is installed in the project's environment: modules that are read when an import asks for them.

Only text is read. Lists of folders stand for the search path, as ``project.environments`` finds it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import msgspec

from blocklint.facts.records import ModuleFacts
from blocklint.facts.source import read_source
from blocklint.facts.store import Store, decode_facts, encode_facts, facts_key
from blocklint.memo import Memo

INSTALLED = "<site-packages>/"
"""What the paths of installed modules begin with, wherever they lie: the same on every machine."""

_FORMS = ("/__init__.py", ".py", "/__init__.pyi", ".pyi")
"""How a module may be written, the first that is there counts. A stub tells the types of compiled code."""

_COMPILED = (".so", ".pyd")

Answer = TypeVar("Answer")


class Trace(msgspec.Struct, frozen=True):
    """What an analysis has asked of an environment: where names led, and what was read there.

    ``packages`` are those that were looked into; ``found`` are module paths without suffix with the file
    that they led to, "" for none; ``read`` the keys of the texts of files.
    """

    packages: tuple[str, ...] = ()
    found: dict[str, str] = {}
    read: dict[str, bytes] = {}


NO_TRACE = Trace()


class Installed:
    """The modules of an environment. Nothing here raises: what cannot be read is not there.

    ``folders`` are searched in order, for the top-level ``packages`` only: what these import in turn would
    lead through half of an environment, and far away from what the project does. ``own`` tells of an
    absolute path which file of the project lies there, None if none does: so a package that is installed
    from the project's own folder is the project's.
    """

    def __init__(
        self,
        folders: Sequence[str],
        packages: Collection[str],
        own: Callable[[str], str | None] = lambda path: None,
        store: Store | None = None,
    ) -> None:
        self._folders = tuple(folders)
        self._packages = tuple(sorted(packages))
        self._own = own
        self._store = store
        self._entries: Memo[str, frozenset[str]] = Memo(_entries)
        self._holders = Memo(self._holders_of)
        self._found = Memo(self._find)
        self._paths: dict[str, str] = {}
        self._keys: dict[str, bytes] = {}
        self._facts = Memo(self._read)
        self.new: dict[bytes, bytes] = {}
        """The facts that the cache lacks, encoded, by their keys."""

    def find(self, path: str) -> str | None:
        """The file of a module by its path without suffix, ``acme/client``; None if there is none.

        A folder of a namespace package gives its path with a final "/".
        """
        return self._found[path]

    def facts(self, file: str) -> ModuleFacts | None:
        """The facts of a module that was found; None if it cannot be read or parsed."""
        return self._facts[file]

    def lists(self, top: str) -> bool:
        """Whether a top-level name is installed, whether it is read or not."""
        entries = [self._entries[folder] for folder in self._folders]
        return any(top in listed or f"{top}.py" in listed or _has_compiled(listed, top) for listed in entries)

    def why_unknown(self, dotted: str) -> str:
        """Why nothing is known of a name that leads into what is installed, "" if it does not."""
        path = dotted.replace(".", "/")
        while path:
            found = self.find(path)
            if self._is_compiled(path) or (found is not None and found.endswith(".pyi")):
                return "is installed but compiled"
            if found is not None:
                return "is installed, but its text does not say what that name is"
            path = path.rpartition("/")[0]
        return ""

    def submodules(self, path: str) -> list[str]:
        """The names of the modules and packages in a package, sorted; those in compiled form left out."""
        names = {
            entry.partition(".")[0]
            for holder in self._holders[path.partition("/")[0]]
            for entry in self._entries[os.path.join(holder, path)]
        }
        modules = (name for name in names if name.isidentifier() and self.find(f"{path}/{name}") is not None)
        return sorted(modules)

    def trace(self) -> Trace:
        """What has been asked so far."""
        found = {path: file or "" for path, file in sorted(self._found.items())}
        return Trace(self._packages, found, dict(sorted(self._keys.items())))

    def confirms(self, trace: Trace) -> bool:
        """Whether all that was asked would be answered in the same way now."""
        if any((self.find(path) or "") != file for path, file in trace.found.items()):
            return False
        return all(self._key(file, self._content(file)) == key for file, key in trace.read.items())

    def _find(self, path: str) -> str | None:
        holders = self._holders[path.partition("/")[0]]
        for holder in holders:
            for form in _FORMS:
                if self._is_there(holder, path + form):
                    absolute = os.path.join(holder, path + form)
                    own = self._own(absolute)
                    if own is not None:
                        return own
                    self._paths[INSTALLED + path + form] = absolute
                    return f"{INSTALLED}{path}{form}"
        is_folder = any(self._entries[os.path.join(holder, path)] for holder in holders)
        return f"{INSTALLED}{path}/" if is_folder and not self._is_compiled(path) else None

    def _is_there(self, holder: str, path: str) -> bool:
        """By the folder's own list: a file system that ignores case would say yes to too much."""
        folder, _, name = path.rpartition("/")
        return name in self._entries[os.path.join(holder, folder)]

    def _holders_of(self, top: str) -> tuple[str, ...]:
        """The folders in which a top-level package lies: one, or all parts of a namespace package."""
        if top not in self._packages:
            return ()
        portions = []
        for folder in self._folders:
            if any(self._is_there(folder, top + form) for form in _FORMS) or _compiled(
                self._entries, folder, top
            ):
                return (folder,)
            if top in self._entries[folder]:
                portions.append(folder)
        return tuple(portions)

    def _is_compiled(self, path: str) -> bool:
        return any(_compiled(self._entries, h, path) for h in self._holders[path.partition("/")[0]])

    def _content(self, file: str) -> bytes | None:
        path = self._paths.get(file)
        content = read_source(path, file) if path is not None else None
        return content if isinstance(content, bytes) else None

    def _key(self, file: str, content: bytes | None) -> bytes:
        return b"" if content is None else facts_key(content, _is_package(file))

    def _read(self, file: str) -> ModuleFacts | None:
        content = self._content(file)
        key = self._keys[file] = self._key(file, content)
        # The stack may be nearly full where a module is asked for: what can be parsed must not depend on it.
        return None if content is None else _on_a_stack_of_its_own(lambda: self._load(file, content, key))

    def _load(self, file: str, content: bytes, key: bytes) -> ModuleFacts | None:
        known = self._store.facts({key}) if self._store is not None else {}
        facts = decode_facts(known[key]) if key in known else None
        if facts is None:
            from blocklint.facts.lower import lower

            facts = lower(content, _is_package(file))
            encoded = encode_facts(facts) if self._store is not None else None
            if encoded is not None:
                self.new[key] = encoded
        return None if facts.error else facts


def _is_package(file: str) -> bool:
    return file.endswith(("/__init__.py", "/__init__.pyi"))


def _entries(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def _compiled(entries: Memo[str, frozenset[str]], holder: str, path: str) -> bool:
    """Whether a module is there in compiled form: ``client.cpython-312-x86_64-linux-gnu.so``."""
    folder, _, name = path.rpartition("/")
    folder = os.path.join(holder, folder)
    inside = entries[os.path.join(folder, name)] if name in entries[folder] else ()
    return _has_compiled(entries[folder], name) or _has_compiled(inside, "__init__")


def _has_compiled(entries: Collection[str], name: str) -> bool:
    return any(entry.startswith(f"{name}.") and entry.endswith(_COMPILED) for entry in entries)


def _on_a_stack_of_its_own(work: Callable[[], Answer]) -> Answer:
    import threading

    answers: list[Answer] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    for failure in failures:
        raise failure
    return answers[0]
