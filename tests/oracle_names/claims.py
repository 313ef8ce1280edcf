"""What a catalogue file says exists: dotted names, each with the kind of thing that it is taken for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from blocklint.knowledge.catalog import LIBRARIES
from blocklint.knowledge.tables import ClassTable, Document, NamesTable, read_document


class Claimed(Enum):
    """What a name is taken for."""

    MODULE = "a module"
    CLASS = "a class"
    CALL = "callable"
    COROUTINE = "callable, and its result awaited"
    PROPERTY = "a property"
    ATTRIBUTE = "an attribute"
    ANYTHING = "anything"


class Claim(NamedTuple):
    """One name: a module or class, and the path of a member below it ("" for itself)."""

    owner: str
    path: str
    kind: Claimed

    @property
    def dotted(self) -> str:
        """The whole name."""
        return f"{self.owner}.{self.path}" if self.path else self.owner


def document(file: str) -> Document:
    """The tables of a shipped file, named without its ending."""
    text = (LIBRARIES / f"{file}.toml").read_text(encoding="utf-8")
    return read_document(tomllib.loads(text), file)


def claims(file: str) -> list[Claim]:
    """All that a file says exists, each name once, in the order of the file. Patterns claim nothing."""
    tables = document(file)
    found: dict[str, Claim] = {}
    for module in tables.modules.values():
        _note(found, _of_table(module, Claimed.MODULE))
    for class_ in tables.classes.values():
        _note(found, _of_table(class_, Claimed.CLASS))
    for runner in tables.runners.values():
        _note(found, (Claim(name, "", Claimed.ANYTHING) for name in (runner.name, *runner.aliases)))
    for handler in tables.handlers.values():
        _note(found, [Claim(handler.name, "", Claimed.ANYTHING)])
        _note(found, (Claim(handler.name, name, Claimed.ANYTHING) for name in handler.decorators))
    return list(found.values())


def _note(found: dict[str, Claim], more: Iterable[Claim]) -> None:
    for claim in more:
        known = found.get(claim.dotted)
        if "*" not in claim.dotted and (known is None or known.kind is Claimed.ANYTHING):
            found[claim.dotted] = claim


def _of_table(table: NamesTable, kind: Claimed) -> Iterator[Claim]:
    for name in (table.name, *table.aliases):
        yield Claim(name, "", kind if name == table.name else Claimed.ANYTHING)
    properties = table.properties if isinstance(table, ClassTable) else ()
    for name in dict.fromkeys((*table.certain, *table.likely, *table.possible, *table.never, *table.returns)):
        awaited = table.returns.get(name, "").startswith("awaitable")
        member = Claimed.COROUTINE if awaited else Claimed.CALL
        yield Claim(table.name, name, Claimed.PROPERTY if name in properties else member)
    for name in table.attributes:
        yield Claim(table.name, name, Claimed.ATTRIBUTE)
