"""Shared by the tests of the catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator

from blocklint.knowledge.catalog import LIBRARIES, Catalog
from blocklint.knowledge.reader import read_knowledge
from blocklint.knowledge.records import Knowledge, LibraryCallable, LibraryClass, LibraryModule, TypeUnion

SHIPPED = sorted(path.stem for path in LIBRARIES.glob("*.toml"))


def knowledge(text: str, origin: str = "test.toml") -> Knowledge:
    """The knowledge in a TOML text."""
    return read_knowledge(tomllib.loads(text), origin)


def catalog(*texts: str) -> Catalog:
    """A catalogue of these TOML texts and nothing else."""
    return Catalog([knowledge(text) for text in texts])


def names(union: TypeUnion) -> list[str]:
    """The names in a type, of its arguments too."""
    found: list[str] = []
    for alternative in union:
        found.append(alternative.name)
        for argument in alternative.arguments:
            found.extend(names(argument))
    return found


def callables(owner: LibraryModule | LibraryClass) -> Iterator[LibraryCallable]:
    """Everything callable of a module or class, what its wildcards stand for included."""
    listed = owner.functions if isinstance(owner, LibraryModule) else owner.methods
    yield from listed.values()
    yield from owner.wildcards.values()


def owners(part: Knowledge) -> Iterable[LibraryModule | LibraryClass]:
    """The modules and classes of one document."""
    return [*part.modules.values(), *part.classes.values()]
