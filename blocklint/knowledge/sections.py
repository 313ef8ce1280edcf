"""A catalogue file cut into its sections: the text in, ``Knowledge`` that reads sections on demand out.

Most projects need a third of what their files say. So a file is only cut at the heads of its sections, each
is filed under the module or class that it speaks of, and the strict reader sees those of one name together
when that name is looked up. A file in which the cuts are not beyond doubt is read at once, as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, TypeVar, cast

import msgspec

from blocklint.knowledge.plain import read_toml
from blocklint.knowledge.reader import read_knowledge
from blocklint.knowledge.records import Handler, Knowledge, LibraryClass, LibraryModule
from blocklint.knowledge.tables import KnowledgeError, read_document

_HEAD = re.compile(r'(module|class|runner|handler)\]\]\nname = "([\w.]+(?:\.\*)?)"\n', re.ASCII)
_ALIASES = re.compile(r"""^(?:aliases = \[([\w.", \n]*)\]$|[ \t]*["']?aliases\b)""", re.ASCII | re.MULTILINE)
_ODD = ('"""', "'''", "\\")
_INDENTED = re.compile(r"\n[ \t]+\[")

_Record = TypeVar("_Record", LibraryModule, LibraryClass, tuple[Handler, ...])


class Section(msgspec.Struct, frozen=True, gc=False):
    """One table of a file with those below it; ``text`` is how it is written, without the first ``[[``."""

    kind: Literal["module", "class", "runner", "handler"]
    name: str
    aliases: tuple[str, ...]
    text: str


class OnDemand(Mapping[str, _Record]):
    """The modules, the classes or the handlers of one file. Each is read once, when it is first asked for."""

    def __init__(self, texts: Mapping[str, list[str]], read: Callable[[str], Mapping[str, _Record]]) -> None:
        """``texts`` are the sections that speak of a name; ``read`` gives the records in a text."""
        self._texts = texts
        self._read: Callable[[str], Mapping[str, _Record]] = read
        self._records: dict[str, _Record] = {}

    def __getitem__(self, name: str) -> _Record:
        record = self._records.get(name)
        if record is None:
            record = self._records[name] = self._read("[[" + "\n[[".join(self._texts[name]))[name]
        return record

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, name: object) -> bool:
        return name in self._texts


def read_text(text: str, origin: str) -> Knowledge:
    """What a document says. A ``KnowledgeError`` names it by ``origin``; some come from a section later."""
    return _read_sections(text, origin) or _read_whole(text, origin)


def _read_whole(text: str, origin: str) -> Knowledge:
    try:
        return read_knowledge(read_toml(text), origin)
    except KnowledgeError:
        raise
    except ValueError as error:
        raise KnowledgeError(f"{origin}: {error}") from None


def _read_sections(text: str, origin: str) -> Knowledge | None:
    """The knowledge in a document whose sections are certain, None if they are not."""
    cut = split(text)
    if cut is None:
        return None
    head, sections = cut
    aliases = _aliases(sections)
    modules, classes, handlers = _filed(sections)
    try:
        library = read_toml(head)
        told = read_document(library, origin).library
    except ValueError:
        return None
    if aliases is None or "" in modules or not library.keys() <= {"library"}:
        return None

    # What was verified is no matter of a section, and may be long.
    needed = {"library": {"carried-by-greenlet-bridge": told.carried_by_greenlet_bridge}}

    def read(part: str) -> Knowledge:
        try:
            return read_knowledge(needed | read_toml(part), origin)
        except ValueError:
            _read_whole(text, origin)  # raises the same, but counts the lines of the whole text
            raise

    return Knowledge(
        origin,
        told.requires,
        OnDemand(modules, lambda part: read(part).modules),
        OnDemand(classes, lambda part: read(part).classes),
        aliases,
        OnDemand(handlers, lambda part: read(part).handlers),
        told.verified,
        told.unverified,
    )


def split(text: str) -> tuple[str, list[Section]] | None:
    """What stands before the first section, and the sections; None if a cut may be in the wrong place."""
    head, *parts = f"\n{text}".split("\n[[")
    if any(odd in text for odd in _ODD) or _INDENTED.search(text) or text.count("[[") != len(parts):
        return None
    sections = []
    for part in parts:
        section = _section(part)
        if section is None:
            return None
        sections.append(section)
    return head, sections


def _section(part: str) -> Section | None:
    """A section without its first two brackets; None if it is written in another way than usual."""
    head = _HEAD.match(part)
    if head is None:
        return None
    tables = part.count("\n[")
    if tables and tables != part.count(f"\n[{head[1]}."):
        return None  # there is a table in it that belongs elsewhere
    aliases: tuple[str, ...] = ()
    listed = _ALIASES.search(part, head.end()) if "aliases" in part else None
    if listed is not None:
        if listed[1] is None:
            return None
        aliases = tuple(listed[1].split('"')[1::2])
    kind = cast('Literal["module", "class", "runner", "handler"]', head[1])
    return Section(kind, head[2], aliases, part)


def _aliases(sections: Iterable[Section]) -> dict[str, str] | None:
    """What other names stand for; None if they contradict each other."""
    found: dict[str, str] = {}
    for section in sections:
        for alias in section.aliases:
            if alias == section.name or found.setdefault(alias, section.name) != section.name:
                return None
    return found


_Texts = dict[str, list[str]]


def _filed(sections: Iterable[Section]) -> tuple[_Texts, _Texts, _Texts]:
    """The texts that speak of a module, of a class, and of what one of these calls itself.

    A runner is a function or method of a module or class.
    """
    filed: dict[str, _Texts] = {"module": {}, "class": {}, "handler": {}}
    runners = []
    for section in sections:
        if section.kind == "runner":
            runners.append(section)
        else:
            filed[section.kind].setdefault(section.name, []).append(section.text)
    modules, classes = filed["module"], filed["class"]
    for runner in runners:
        owner = runner.name.rpartition(".")[0]
        if runner.name in classes:
            classes[runner.name].append(runner.text)
        elif owner in classes:
            classes[owner].append(runner.text)
        else:
            modules.setdefault(owner, []).append(runner.text)
    return modules, classes, filed["handler"]
