"""The entries of the SQLAlchemy catalogue, read from the shipped file as they stand there."""

from __future__ import annotations

import importlib
import tomllib
from typing import Any, NamedTuple

from blocklint.knowledge.catalog import LIBRARIES, Catalog

LISTS = ("certain", "likely", "possible", "never")
DOCUMENT = tomllib.loads((LIBRARIES / "sqlalchemy.toml").read_text(encoding="utf-8"))
CATALOG = Catalog.for_packages(["sqlalchemy"])


ASYNC_BOUND = {table["name"] for table in DOCUMENT["class"] if table.get("blocks") == "async-bound"}
"""Classes whose objects an async engine made: their methods raise in a coroutine."""
OWN = {
    table["name"]: {name for key in (*LISTS, "returns", "attributes") for name in table.get(key, ())}
    for table in DOCUMENT["class"]
}
"""The members of each class that have entries of their own."""


class Entry(NamedTuple):
    """One name of the catalogue: what it belongs to, and whether that is a class."""

    owner: str
    member: str
    in_class: bool

    @property
    def name(self) -> str:
        """The dotted name; a pattern ends with a star."""
        return f"{self.owner}.{self.member}"


def entries() -> list[Entry]:
    """Every name of the file, in the order of the names."""
    found: set[Entry] = set()
    for section in ("module", "class"):
        for table in DOCUMENT[section]:
            names = {name for key in LISTS for name in table.get(key, ())}
            names.update(table.get("returns", ()), table.get("attributes", ()))
            found.update(Entry(table["name"], name, section == "class") for name in names)
    classes = {table["name"] for table in DOCUMENT["class"]}
    for runner in DOCUMENT["runner"]:
        owner, _, member = runner["name"].rpartition(".")
        found.add(Entry(owner, member, owner in classes))
    return sorted(found)


def paths(owner: str) -> list[str]:
    """The dotted names under which something may stand in some version: the public one and its aliases."""
    found = [owner]
    for section in ("module", "class"):
        for table in DOCUMENT[section]:
            if table["name"] == owner:
                found.extend(table.get("aliases", ()))
    for each in list(found):
        package, _, last = each.rpartition(".")
        aliases = next((table.get("aliases", ()) for table in DOCUMENT["module"] if table["name"] == package), ())
        found.extend(f"{alias}.{last}" for alias in aliases)
    return list(dict.fromkeys(found))


def imported(dotted: str) -> Any:
    """The object of a dotted name, None if the installed version has none."""
    module, _, name = dotted.rpartition(".")
    try:
        return importlib.import_module(dotted)
    except ImportError:
        pass
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def runtime_classes(owner: str) -> tuple[type, ...]:
    """The classes that a name of the catalogue stands for in the installed version."""
    found = (imported(path) for path in paths(owner))
    return tuple(dict.fromkeys(each for each in found if isinstance(each, type)))
