"""What several documents say about the same modules or classes, put together when one is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from blocklint.knowledge.records import LibraryClass, LibraryModule

_Record = TypeVar("_Record", LibraryModule, LibraryClass)
_Value = TypeVar("_Value")


class Merged(Generic[_Record]):
    """The records of all documents by their names: what a later document says replaces the earlier."""

    def __init__(
        self, parts: Iterable[Mapping[str, _Record]], merge: Callable[[_Record, _Record], _Record]
    ) -> None:
        """``parts`` are in the order of their authority; ``merge`` puts an earlier and a later together."""
        self._parts: dict[str, list[Mapping[str, _Record]]] = {}
        for part in parts:
            for name in part:
                self._parts.setdefault(name, []).append(part)
        self._merge: Callable[[_Record, _Record], _Record] = merge
        self._records: dict[str, _Record] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def get(self, name: str) -> _Record | None:
        """The record of this name, or None."""
        record = self._records.get(name)
        if record is None and name in self._parts:
            record = self._records[name] = self._merged(name)
        return record

    def _merged(self, name: str) -> _Record:
        parts = self._parts[name]
        record = parts[0][name]
        for part in parts[1:]:
            record = self._merge(record, part[name])
        return record


def merged_modules(old: LibraryModule, new: LibraryModule) -> LibraryModule:
    """One module of which two documents speak."""
    return LibraryModule(
        new.name,
        {**old.functions, **new.functions},
        {**old.wildcards, **new.wildcards},
        {**old.variables, **new.variables},
    )


def merged_classes(old: LibraryClass, new: LibraryClass) -> LibraryClass:
    """One class of which two documents speak."""
    return LibraryClass(
        new.name,
        tuple(dict.fromkeys((*old.bases, *new.bases))),
        {**old.methods, **new.methods},
        {**old.wildcards, **new.wildcards},
        {**old.attributes, **new.attributes},
        old.properties | new.properties,
        old.retyped | new.retyped,
        new.parameters or old.parameters,
        {**old.invokes, **new.invokes},
    )
