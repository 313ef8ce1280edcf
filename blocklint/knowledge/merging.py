"""What several documents say about the same modules or classes, put together when one is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

import msgspec

from blocklint.knowledge.records import LibraryCallable, LibraryClass, LibraryModule

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
        _merged_callables(old.functions, new.functions, new.wildcards, new.retyped),
        _merged_patterns(old.wildcards, new.wildcards),
        {**old.variables, **new.variables},
        (old.retyped - new.functions.keys()) | (new.retyped - old.functions.keys()),
        new.holding or old.holding,
    )


def merged_classes(old: LibraryClass, new: LibraryClass) -> LibraryClass:
    """One class of which two documents speak."""
    return LibraryClass(
        new.name,
        tuple(dict.fromkeys((*old.bases, *new.bases))),
        _merged_callables(old.methods, new.methods, new.wildcards, new.retyped),
        _merged_patterns(old.wildcards, new.wildcards),
        {**old.attributes, **new.attributes},
        old.properties | new.properties,
        (old.retyped - new.methods.keys()) | (new.retyped - old.methods.keys()),
        new.parameters or old.parameters,
        new.lazy or old.lazy,
        {**old.invokes, **new.invokes},
        new.keeps or old.keeps,
        new.holding or old.holding,
    )


def _merged_callables(
    old: Mapping[str, LibraryCallable],
    new: Mapping[str, LibraryCallable],
    patterns: Mapping[str, LibraryCallable],
    only_typed: frozenset[str],
) -> dict[str, LibraryCallable]:
    """The callables of two documents. The later one's patterns stand above the earlier one's names, too."""
    found = dict(old)
    for name, known in old.items() if patterns else ():
        pattern = pattern_for(patterns, name)
        if pattern is not None:
            found[name] = _told_again(known, pattern)
    for name, told in new.items():
        known_before = old.get(name)
        if known_before is None:
            found[name] = told
        elif name in only_typed:
            found[name] = retyped(known_before, told)
        else:
            found[name] = _told_again(known_before, told)
    return found


def _merged_patterns(
    old: Mapping[str, LibraryCallable], new: Mapping[str, LibraryCallable]
) -> dict[str, LibraryCallable]:
    kept = {prefix: told for prefix, told in old.items() if pattern_for(new, f"{prefix}.any") is None}
    return {**kept, **new}


def pattern_for(patterns: Mapping[str, LibraryCallable], path: str) -> LibraryCallable | None:
    """What the longest pattern that covers ``path`` says. Patterns cover public names only."""
    if not patterns or path.startswith("_") or "._" in path:
        return None
    prefix = path
    while prefix:
        prefix = prefix.rpartition(".")[0]
        if prefix in patterns:
            return patterns[prefix]
    return None


def retyped(known: LibraryCallable, told: LibraryCallable) -> LibraryCallable:
    """A callable of which something else says what it returns or runs, and nothing more."""
    return msgspec.structs.replace(
        known,
        # What takes a callable of its own is another callable: threading.Timer is no Thread to its users.
        name=told.name if told.runners else known.name,
        returns=told.returns or known.returns,
        runners=told.runners or known.runners,
        starts=told.starts or known.starts,
    )


def _told_again(known: LibraryCallable, told: LibraryCallable) -> LibraryCallable:
    """What is told of a callable anew: what that leaves open is as before."""
    return msgspec.structs.replace(
        told,
        name=known.name,
        returns=told.returns or known.returns,
        runners=told.runners or known.runners,
        starts=told.starts or known.starts,
    )
