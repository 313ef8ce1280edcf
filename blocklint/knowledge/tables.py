"""The tables of a knowledge document as typed records, checked key by key and value by value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import msgspec

from blocklint.model import Blocks, Runs, Starts


class KnowledgeError(ValueError):
    """A knowledge document that breaks the format; the text names the document, the table and the key.

    ``table`` is the kind of table (``module``) and its number among those of its kind, from 0; None for
    the document as a whole. ``words`` are what is written on the line of the fault, the likeliest first.
    """

    def __init__(self, message: str, *words: str) -> None:
        super().__init__(message)
        self.words = words
        self.table: tuple[str, int] | None = None


class LibraryTable(msgspec.Struct, frozen=True, rename="kebab"):
    """``[library]``."""

    name: str = ""
    requires: tuple[str, ...] = ()
    carried_by_greenlet_bridge: bool = False
    verified: str = ""
    unverified: tuple[str, ...] = ()


class NamesTable(msgspec.Struct, frozen=True, rename="kebab", kw_only=True):
    """``[[module]]``, and what ``[[class]]`` shares with it."""

    name: str
    aliases: tuple[str, ...] = ()
    blocks: Blocks | None = None
    certain: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    instead: str = ""
    raises: str = ""
    unless: dict[str, tuple[str, ...]] = {}
    starts: dict[str, Starts] = {}
    returns: dict[str, str] = {}
    attributes: dict[str, str] = {}
    holds: Literal["connection", "lock"] | None = None
    takes: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()


class ClassTable(NamesTable, frozen=True, rename="kebab", kw_only=True):
    """``[[class]]``."""

    bases: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    lazy: bool = False
    invokes: dict[str, tuple[str, ...]] = {}
    keeps: tuple[str, ...] = ()


class RunnerTable(msgspec.Struct, frozen=True, rename="kebab", kw_only=True):
    """``[[runner]]``."""

    name: str
    runs: Literal["event-loop", "worker-thread", "greenlet-bridge", "other-process", "caller"]
    aliases: tuple[str, ...] = ()
    position: int | None = None
    keyword: str | None = None
    passes: bool = False
    returns: str = ""
    when: Literal["call", "result-call", "iteration", "object"] = "call"
    coroutines: Runs | None = None
    starts: Starts | None = None
    arguments: tuple[str, ...] = ()
    phase: Literal["startup"] | None = None
    unless: tuple[str, ...] = ()
    unpacks: str = ""
    generators: Runs | None = None


class HandlerTable(msgspec.Struct, frozen=True, rename="kebab", kw_only=True):
    """``[[handler]]``."""

    name: str
    runs: Runs
    decorators: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    coroutines_only: bool = False
    arguments: tuple[str, ...] = ()
    phase: Literal["startup"] | None = None
    own_loop: bool = False
    unless_imported: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """All tables of one document, in the order of the text, by their numbers among those of their kind."""

    library: LibraryTable
    modules: dict[int, NamesTable]
    classes: dict[int, ClassTable]
    runners: dict[int, RunnerTable]
    handlers: dict[int, HandlerTable]


_Table = TypeVar("_Table", LibraryTable, NamesTable, ClassTable, RunnerTable, HandlerTable)
_SECTIONS = ("library", "module", "class", "runner", "handler")


Told = Callable[[KnowledgeError], None]
"""What is done with a fault: raise it, or note it and go on."""


def raising(error: KnowledgeError) -> None:
    """Raise a fault."""
    raise error


def read_document(document: Mapping[str, object], origin: str, tell: Told = raising) -> Document:
    """The typed tables of a parsed TOML ``document``; ``origin`` names it in a ``KnowledgeError``.

    A fault is given to ``tell``; if that returns, the table is left out.
    """
    for key in document:
        if key not in _SECTIONS:
            tell(KnowledgeError(f"{origin}: unknown table {key!r}{_nearest(key, _SECTIONS)}", key))
    library = LibraryTable()
    try:
        library = _table(document.get("library", {}), LibraryTable, f"{origin}: [library]")
    except KnowledgeError as error:
        error.table = "library", 0
        tell(error)
    return Document(
        library=library,
        modules=_tables(document, "module", NamesTable, origin, tell),
        classes=_tables(document, "class", ClassTable, origin, tell),
        runners=_tables(document, "runner", RunnerTable, origin, tell),
        handlers=_tables(document, "handler", HandlerTable, origin, tell),
    )


def _tables(
    document: Mapping[str, object], section: str, kind: type[_Table], origin: str, tell: Told
) -> dict[int, _Table]:
    """The tables of one kind by their numbers."""
    content = document.get(section, [])
    if not isinstance(content, list):
        tell(KnowledgeError(f"{origin}: {section!r} must be written as [[{section}]]", section))
        return {}
    found = {}
    for number, table in enumerate(content):
        name = table.get("name") if isinstance(table, dict) else None
        try:
            found[number] = _table(table, kind, f"{origin}: [[{section}]] {name or f'number {number + 1}'}")
        except KnowledgeError as error:
            error.table = section, number
            tell(error)
    return found


def _table(content: object, kind: type[_Table], where: str) -> _Table:
    if isinstance(content, dict):
        valid = kind.__struct_encode_fields__
        for key in content:
            if key not in valid:
                raise KnowledgeError(f"{where}: unknown key {key!r}{_nearest(str(key), valid)}", str(key))
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        words = re.findall(r"'(.*?)'|\$\.(\w+)", str(error))
        raise KnowledgeError(f"{where}: {_explained(str(error))}", *map("".join, words)) from None


_OTHER_WORDS = ("caller", "call", "result-call", "iteration", "object", "startup")


def _explained(message: str) -> str:
    """A message of msgspec, with the nearest valid value where a value is not one of a closed set."""
    match = re.match(r"Invalid enum value '(.*?)'", message)
    if match is None:
        return message
    return message + _nearest(match[1], (*Blocks, *Runs, *Starts, *_OTHER_WORDS))


def _nearest(word: str, valid: tuple[str, ...]) -> str:
    # Imported here because it is slow to import and only a fault in a document needs it.
    from difflib import get_close_matches

    close = get_close_matches(word, [str(each) for each in valid], n=1, cutoff=0.0)
    return f" (nearest valid: {close[0]!r})" if close else ""
