"""The catalogue: the knowledge about all libraries that one project uses, as lookups by dotted name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from blocklint.knowledge.reader import read_knowledge
from blocklint.knowledge.records import (
    Knowledge,
    LibraryCallable,
    LibraryClass,
    LibraryModule,
    TypeUnion,
)
from blocklint.knowledge.tables import KnowledgeError

LIBRARIES = Path(__file__).parent / "libraries"
"""The folder of the shipped files."""

ALWAYS = ("builtins", "stdlib", "stdlib_asyncio", "stdlib_pure")
"""The shipped files that every project needs."""


@cache
def load_library(package: str) -> Knowledge | None:
    """What we ship about a top-level import name, or None. The file is read once per process."""
    path = LIBRARIES / f"{package}.toml"
    if not package.isidentifier() or not path.is_file():
        return None
    try:
        return read_knowledge(tomllib.loads(path.read_text(encoding="utf-8")), path.name)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{path.name}: {error}") from None


class Catalog:
    """Answers what a library name is. Every answer is memoised: the engine asks the same again and again."""

    def __init__(self, knowledge: Iterable[Knowledge]) -> None:
        """Takes the documents in the order of their authority: what a later one says replaces the earlier."""
        self._modules: dict[str, LibraryModule] = {}
        self._classes: dict[str, LibraryClass] = {}
        self._aliases: dict[str, str] = {}
        for part in knowledge:
            self._add(part)
        self._prefixes = _prefixes([*self._modules, *self._classes])
        self._canonical: dict[str, str] = {}
        self._functions: dict[str, LibraryCallable | None] = {}
        self._methods: dict[tuple[str, str], LibraryCallable | None] = {}
        self._ancestors: dict[str, tuple[LibraryClass, ...]] = {}

    @classmethod
    def for_packages(cls, packages: Iterable[str], more: Iterable[Knowledge] = ()) -> Catalog:
        """The catalogue for a project with these top-level imports; ``more`` is the user's knowledge."""
        found: dict[str, Knowledge] = {}
        waiting = [*ALWAYS, *sorted(packages)]
        while waiting:
            package = waiting.pop(0)
            part = None if package in found else load_library(package)
            if part is not None:
                found[package] = part
                waiting.extend(part.requires)
        return cls([*found.values(), *more])

    def canonical(self, dotted: str) -> str:
        """The name under which ``dotted``, or the longest known part in front of it, is catalogued."""
        known = self._canonical.get(dotted)
        if known is None:
            known = self._canonical[dotted] = self._resolve(dotted)
        return known

    def knows(self, dotted: str) -> bool:
        """Whether it is something catalogued, or a member or a prefix of it."""
        name = self.canonical(dotted)
        return name in self._prefixes or self._owner(name) is not None

    def function(self, dotted: str) -> LibraryCallable | None:
        """The module function of this name; None for a class, its members and the unknown."""
        if dotted not in self._functions:
            self._functions[dotted] = self._find_function(self.canonical(dotted))
        return self._functions[dotted]

    def variable(self, dotted: str) -> TypeUnion:
        """The type of a module-level variable such as ``sys.stdin``; () if nothing is known."""
        owner, _, last = self.canonical(dotted).rpartition(".")
        module = self._modules.get(owner)
        return module.variables.get(last, ()) if module is not None else ()

    def find_class(self, dotted: str) -> LibraryClass | None:
        """The class of this name."""
        return self._classes.get(self.canonical(dotted))

    def method(self, class_name: str, path: str) -> LibraryCallable | None:
        """The method of a class or its bases; ``path`` is dotted for a nested resource."""
        key = (class_name, path)
        if key not in self._methods:
            self._methods[key] = self._find_method(class_name, path)
        return self._methods[key]

    def property(self, class_name: str, name: str) -> LibraryCallable | None:
        """What happens when an attribute is read, if something is known to happen."""
        for ancestor in self.ancestors(class_name):
            if name in ancestor.methods:
                return ancestor.methods[name] if name in ancestor.properties else None
        return None

    def attribute(self, class_name: str, name: str) -> TypeUnion:
        """The type of an attribute of a class or its bases; () if nothing is known.

        An attribute called ``*`` stands for every public name that is no method: ``client.some_database``.
        """
        ancestors = self.ancestors(class_name)
        for ancestor in ancestors:
            if name in ancestor.attributes:
                return ancestor.attributes[name]
        if name.startswith("_") or any(name in ancestor.methods for ancestor in ancestors):
            return ()
        return next((each.attributes["*"] for each in ancestors if "*" in each.attributes), ())

    def is_subclass(self, name: str, base: str) -> bool:
        """Whether a class is ``base`` or inherits from it, as far as catalogued."""
        wanted = self.canonical(base)
        return self.canonical(name) == wanted or any(
            ancestor.name == wanted or wanted in ancestor.bases for ancestor in self.ancestors(name)
        )

    def ancestors(self, class_name: str) -> tuple[LibraryClass, ...]:
        """The catalogued class and its catalogued bases, nearest first; () if it is not catalogued."""
        known = self._ancestors.get(class_name)
        if known is None:
            known = self._ancestors[class_name] = tuple(self._linearised(self.canonical(class_name)))
        return known

    def _add(self, part: Knowledge) -> None:
        for name, module in part.modules.items():
            self._modules[name] = _merged_module(self._modules.get(name), module)
        for name, class_ in part.classes.items():
            self._classes[name] = _merged_class(self._classes.get(name), class_)
        self._aliases.update(part.aliases)

    def _resolve(self, dotted: str) -> str:
        name = dotted
        seen = {name}
        while True:
            replaced = self._replaced(name)
            if replaced in seen:
                return replaced
            seen.add(replaced)
            name = replaced

    def _replaced(self, name: str) -> str:
        """``name`` with its longest known prefix made canonical."""
        prefix = name
        while prefix:
            if prefix in self._classes or prefix in self._modules:
                return name
            if prefix in self._aliases:
                return self._aliases[prefix] + name[len(prefix) :]
            prefix = prefix.rpartition(".")[0]
        return name

    def _owner(self, name: str) -> LibraryModule | LibraryClass | None:
        """The innermost catalogued module or class that ``name`` is or is in."""
        prefix = name
        while prefix:
            owner = self._classes.get(prefix) or self._modules.get(prefix)
            if owner is not None:
                return owner
            prefix = prefix.rpartition(".")[0]
        return None

    def _find_function(self, name: str) -> LibraryCallable | None:
        owner = self._owner(name.rpartition(".")[0])
        if not isinstance(owner, LibraryModule) or name in self._classes or name in self._modules:
            return None
        path = name[len(owner.name) + 1 :]
        return owner.functions.get(path) or _from_wildcard(owner, path)

    def _find_method(self, class_name: str, path: str) -> LibraryCallable | None:
        ancestors = self.ancestors(class_name)
        named = _named_method(ancestors, path)
        if named is not None:
            return named
        matches = (_from_wildcard(ancestor, path) for ancestor in ancestors)
        return next((match for match in matches if match is not None), None)

    def _linearised(self, class_name: str) -> list[LibraryClass]:
        """Depth first, left to right, each class once: no library here needs more than that."""
        found: dict[str, LibraryClass] = {}
        waiting = [class_name]
        while waiting:
            name = self.canonical(waiting.pop())
            class_ = self._classes.get(name)
            if class_ is not None and name not in found:
                found[name] = class_
                waiting.extend(reversed(class_.bases))
        return list(found.values())


def _named_method(ancestors: tuple[LibraryClass, ...], path: str) -> LibraryCallable | None:
    """The method of the nearest class that lists it; one that only states a return type keeps the rest."""
    for position, ancestor in enumerate(ancestors):
        found = ancestor.methods.get(path)
        if found is not None:
            inherited = _named_method(ancestors[position + 1 :], path) if path in ancestor.retyped else None
            return found if inherited is None else msgspec.structs.replace(inherited, returns=found.returns)
    return None


def _from_wildcard(owner: LibraryModule | LibraryClass, path: str) -> LibraryCallable | None:
    """What the longest pattern that covers ``path`` says. Patterns cover public names only."""
    wildcards = owner.wildcards
    if not wildcards or path.startswith("_") or "._" in path:
        return None
    prefix = path
    while prefix:
        prefix = prefix.rpartition(".")[0]
        if prefix in wildcards:
            return msgspec.structs.replace(wildcards[prefix], name=f"{owner.name}.{path}")
    return None


def _prefixes(names: Iterable[str]) -> frozenset[str]:
    """The names themselves and everything in front of their dots."""
    found: set[str] = set()
    for name in names:
        while name and name not in found:
            found.add(name)
            name = name.rpartition(".")[0]
    return frozenset(found)


_Value = TypeVar("_Value")


def _merged(old: Mapping[str, _Value], new: Mapping[str, _Value]) -> dict[str, _Value]:
    return {**old, **new}


def _merged_module(old: LibraryModule | None, new: LibraryModule) -> LibraryModule:
    if old is None:
        return new
    return LibraryModule(
        new.name,
        _merged(old.functions, new.functions),
        _merged(old.wildcards, new.wildcards),
        _merged(old.variables, new.variables),
    )


def _merged_class(old: LibraryClass | None, new: LibraryClass) -> LibraryClass:
    if old is None:
        return new
    return LibraryClass(
        new.name,
        tuple(dict.fromkeys((*old.bases, *new.bases))),
        _merged(old.methods, new.methods),
        _merged(old.wildcards, new.wildcards),
        _merged(old.attributes, new.attributes),
        old.properties | new.properties,
        old.retyped | new.retyped,
        new.parameters or old.parameters,
    )
