"""What a knowledge document says of one module or class, while its tables are read."""

from __future__ import annotations

from blocklint.knowledge.records import Holding, LibraryCallable, TypeUnion


class Collected:
    """The members of one module or class while they are collected from one or more tables."""

    def __init__(self) -> None:
        self.callables: dict[str, LibraryCallable] = {}
        self.attributes: dict[str, TypeUnion] = {}
        self.bases: tuple[str, ...] = ()
        self.properties: frozenset[str] = frozenset()
        self.retyped: set[str] = set()
        self.parameters: tuple[TypeUnion, ...] = ()
        self.keeps: tuple[str, ...] = ()
        self.lazy = False
        self.invokes: dict[str, tuple[str, ...]] = {}
        self.holding: Holding | None = None

    def split(self) -> tuple[dict[str, LibraryCallable], dict[str, LibraryCallable]]:
        """The callables by their names, and those that patterns stand for by the part before the star."""
        named = self.callables
        if "*" not in "".join(named):
            return named, {}
        return named, {key[:-2]: named.pop(key) for key in list(named) if is_pattern(key)}


def collected_for(collected: dict[str, Collected], name: str) -> Collected:
    """What is collected so far of a module or class, nothing yet if it is a new one."""
    found = collected.get(name)
    if found is None:
        found = collected[name] = Collected()
    return found


def is_pattern(name: str) -> bool:
    """Whether a name stands for others: "*", or what lies below a name."""
    return name == "*" or name.endswith(".*")
