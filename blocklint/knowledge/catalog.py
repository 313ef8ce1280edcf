"""The catalogue: the knowledge about all libraries that one project uses, as lookups by dotted name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from blocklint.knowledge.members import from_wildcard, member_of
from blocklint.knowledge.merging import Merged, merged_classes, merged_modules
from blocklint.knowledge.records import (
    NO_TEMPLATE,
    Handler,
    Holding,
    Knowledge,
    LibraryCallable,
    LibraryClass,
    LibraryMember,
    LibraryModule,
    Template,
    TypeUnion,
)
from blocklint.knowledge.sections import read_text
from blocklint.knowledge.words import packages_named
from blocklint.memo import Memo

LIBRARIES = Path(__file__).parent / "libraries"
"""The folder of the shipped files."""

ALWAYS = ("builtins", "stdlib", "stdlib_asyncio", "stdlib_pure")
"""The shipped files that every project needs."""


@cache
def load_library(package: str) -> Knowledge | None:
    """What we ship about a top-level import name, or None.

    The file is cut into sections once per process, and a section is read when its name is looked up.
    """
    file = f"{package}.toml"
    if file not in _shipped(LIBRARIES):
        return None
    with open(LIBRARIES / file, "rb", buffering=0) as document:
        text = document.read().decode().replace("\r\n", "\n")
    return read_text(text, file)


def shipped_packages() -> tuple[str, ...]:
    """The top-level import names of which we ship a file, in order."""
    names = (file.removesuffix(".toml") for file in _shipped(LIBRARIES) if file.endswith(".toml"))
    return tuple(sorted(name for name in names if name not in ALWAYS))


@cache
def catalogued_names() -> frozenset[str]:
    """The top-level names of everything that the shipped files speak of."""
    catalog = Catalog.for_packages(shipped_packages())
    return frozenset(name.partition(".")[0] for name in (*catalog._names, *catalog._aliases))


def _handlers(parts: Iterable[Knowledge]) -> dict[str, tuple[Handler, ...]]:
    """The handlers by their owners; of those of one owner the first that fits is believed."""
    found: dict[str, tuple[Handler, ...]] = {}
    for part in parts:
        for owner, handlers in part.handlers.items():
            found[owner] = (*found.get(owner, ()), *handlers)
    return found


@cache
def _shipped(folder: Path) -> frozenset[str]:
    return frozenset(os.listdir(folder))


class Catalog:
    """Answers what a library name is. Every answer is memoised: the engine asks the same again and again."""

    def __init__(self, knowledge: Iterable[Knowledge], behind: Iterable[Knowledge] = ()) -> None:
        """Takes the documents in the order of their authority: what a later one says replaces the earlier.

        Of those ``behind`` them, which the project does not use itself, the handlers are left out.
        """
        listed = list(knowledge)
        parts = [*behind, *listed]
        self.parts = tuple(parts)
        self._modules = Merged([part.modules for part in parts], merged_modules)
        self._classes = Merged([part.classes for part in parts], merged_classes)
        self._aliases: dict[str, str] = {}
        for part in parts:
            self._aliases.update(part.aliases)
        self.handlers = _handlers(reversed(listed))
        """What libraries call themselves, by the module or class that it is registered with."""
        self._names = frozenset([*self._modules, *self._classes])
        self._prefixes = _prefixes(self._names)
        self._canonical = Memo(self._resolve)
        self._found_classes = Memo(self._class_called)
        self._functions = Memo(self._find_function)
        self._variables = Memo(self._find_variable)
        self._members = Memo(self._members_of)
        self._ancestors = Memo(self._linearised)
        self.invoked = Memo(self._invoked_by)
        """What a method of a class calls of a subclass, by the names of class and method."""

    @classmethod
    def for_packages(
        cls, packages: Iterable[str], more: Iterable[Knowledge] = (), behind: Iterable[str] = ()
    ) -> Catalog:
        """The catalogue for a project with these top-level imports; ``more`` is the user's knowledge.

        The packages ``behind`` are those that its libraries may import.
        """
        found: dict[str, Knowledge] = {}
        given = tuple(more)
        waiting = [*ALWAYS, *sorted({*packages, *(name for part in given for name in packages_named(part))})]
        while waiting:
            package = waiting.pop(0)
            part = None if package in found else load_library(package)
            if part is not None:
                found[package] = part
                waiting.extend(part.requires)
        others = [part for name in behind if name not in found and (part := load_library(name)) is not None]
        return cls([*found.values(), *given], others)

    def names(self) -> frozenset[str]:
        """The names of everything catalogued, of functions and methods too."""
        inside = [f"{m.name}.{path}" for m in map(self.module, self._modules) if m for path in m.functions]
        inside += [f"{c.name}.{path}" for c in map(self.find_class, self._classes) if c for path in c.methods]
        return self._names.union(inside)

    def module(self, dotted: str) -> LibraryModule | None:
        """The module of this name, if something is said of it."""
        return self._modules.get(self._canonical[dotted])

    def canonical(self, dotted: str) -> str:
        """The name under which ``dotted``, or the longest known part in front of it, is catalogued."""
        return self._canonical[dotted]

    def knows(self, dotted: str) -> bool:
        """Whether it is something catalogued, or a member or a prefix of it."""
        name = self._canonical[dotted]
        return name in self._prefixes or bool(self._owner(name))

    def function(self, dotted: str) -> LibraryCallable | None:
        """The module function of this name; None for a class, its members and the unknown."""
        return self._functions[dotted]

    def variable(self, dotted: str) -> TypeUnion:
        """The type of a module-level variable such as ``sys.stdin``; () if nothing is known."""
        return self._variables[dotted]

    def find_class(self, dotted: str) -> LibraryClass | None:
        """The class of this name."""
        return self._found_classes[dotted]

    def member(self, class_name: str, path: str) -> LibraryMember:
        """What ``method`` and ``attribute`` say of a member, and what happens when it is read."""
        return self._members[class_name][path]

    def method(self, class_name: str, path: str) -> LibraryCallable | None:
        """The method of a class or its bases; ``path`` is dotted for a nested resource."""
        return self._members[class_name][path].method

    def says_only_types(self, owner: str, name: str) -> bool:
        """Whether a module or class says of a member what it returns or runs, but not whether it blocks."""
        found = self.find_class(owner) or self.module(owner)
        return found is not None and name in found.retyped

    def attribute(self, class_name: str, name: str) -> TypeUnion:
        """The type of an attribute of a class or its bases; () if nothing is known.

        An attribute called ``*`` stands for every public name that is no method: ``client.some_database``.
        """
        return self._members[class_name][name].types

    def is_subclass(self, name: str, base: str) -> bool:
        """Whether a class is ``base`` or inherits from it, as far as catalogued."""
        wanted = self.canonical(base)
        return self.canonical(name) == wanted or any(
            ancestor.name == wanted or wanted in ancestor.bases for ancestor in self.ancestors(name)
        )

    def ancestors(self, class_name: str) -> tuple[LibraryClass, ...]:
        """The catalogued class and its catalogued bases, nearest first; () if it is not catalogued."""
        return self._ancestors[class_name]

    def is_lazy(self, class_name: str) -> bool:
        """Whether an instance of a class stands for work that is done when it is asked for its items."""
        return any(ancestor.lazy for ancestor in self.ancestors(class_name))

    def holding(self, name: str) -> Holding | None:
        """What instances of a class, or first arguments of a module's functions, hold; None for nothing."""
        for ancestor in self.ancestors(name):
            if ancestor.holding is not None:
                return ancestor.holding
        module = self.module(name)
        return module.holding if module is not None else None

    def _resolve(self, dotted: str) -> str:
        seen = {dotted}
        name = self._replaced(dotted)
        while name not in seen:
            seen.add(name)
            name = self._replaced(name)
        return name

    def _replaced(self, name: str) -> str:
        """``name`` with its longest known prefix made canonical."""
        prefix = name
        while prefix:
            if prefix in self._names:
                return name
            if prefix in self._aliases:
                return self._aliases[prefix] + name[len(prefix) :]
            prefix = prefix.rpartition(".")[0]
        return name

    def _owner(self, name: str) -> str:
        """The innermost catalogued module or class that ``name`` is or is in; empty if there is none."""
        prefix = name
        while prefix and prefix not in self._names:
            prefix = prefix.rpartition(".")[0]
        return prefix

    def _find_function(self, dotted: str) -> LibraryCallable | None:
        name = self._canonical[dotted]
        owner = self._owner(name.rpartition(".")[0])
        module = self._modules.get(owner) if owner not in self._classes else None
        if module is None or name in self._names:
            return None
        path = name[len(owner) + 1 :]
        return module.functions.get(path) or from_wildcard(module, path)

    def _find_variable(self, dotted: str) -> TypeUnion:
        owner, _, last = self._canonical[dotted].rpartition(".")
        module = self._modules.get(owner)
        return module.variables.get(last, ()) if module is not None else ()

    def _class_called(self, dotted: str) -> LibraryClass | None:
        return self._classes.get(self._canonical[dotted])

    def _members_of(self, class_name: str) -> Memo[str, LibraryMember]:
        ancestors = self._ancestors[class_name]
        return Memo(lambda path: member_of(ancestors, path))

    def _invoked_by(self, method: tuple[str, str]) -> Template:
        names: dict[str, None] = {}
        markers: dict[str, str] = {}
        for ancestor in self._ancestors[method[0]]:
            for name in ancestor.invokes.get(method[1], ()):
                if name in ancestor.invokes:  # it does what another method does
                    same = self.invoked[method[0], name]
                    names.update(dict.fromkeys(same.names))
                    markers.update(same.markers)
                elif name.startswith("@"):
                    markers[name.rpartition(".")[2]] = name[1:]
                else:
                    names[name] = None
        return Template(tuple(names), markers) if names or markers else NO_TEMPLATE

    def _linearised(self, class_name: str) -> tuple[LibraryClass, ...]:
        """Depth first, left to right, each class once: no library here needs more than that."""
        found: dict[str, LibraryClass] = {}
        waiting = [class_name]
        while waiting:
            name = self._canonical[waiting.pop()]
            class_ = self._classes.get(name)
            if class_ is not None and name not in found:
                found[name] = class_
                waiting.extend(reversed(class_.bases))
        return tuple(found.values())


def _prefixes(names: Iterable[str]) -> frozenset[str]:
    """The names themselves and everything in front of their dots."""
    found: set[str] = set()
    for name in names:
        while name and name not in found:
            found.add(name)
            name = name.rpartition(".")[0]
    return frozenset(found)
