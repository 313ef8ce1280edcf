"""What a project's settings say, checked: knowledge in the catalogue's format, and calls that are allowed.

A fault in a document is told with its line: the sections of its text are counted, as its tables are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from blocklint.knowledge.reader import read_knowledge
from blocklint.knowledge.records import Knowledge, TypeUnion
from blocklint.knowledge.tables import KnowledgeError
from blocklint.settings import Allowance, Settings

ORIGIN = "knowledge"
"""How messages name the document in the settings."""

SETTINGS_PREFIX = "tool.blocklint.knowledge."
"""What stands before the names of its tables there."""


class Words(msgspec.Struct, frozen=True):
    """What the settings say of libraries and of the project's own functions."""

    knowledge: Knowledge | None = None
    allow: tuple[Allowance, ...] = ()


NO_WORDS = Words()


def words_of(settings: Settings) -> Words:
    """The words in some settings. Raises KnowledgeError."""
    if not settings.knowledge and not settings.allow:
        return NO_WORDS
    knowledge = read_knowledge(settings.knowledge, ORIGIN) if settings.knowledge else None
    return Words(knowledge, settings.allow)


def faults(document: Mapping[str, object], origin: str) -> list[KnowledgeError]:
    """All that is wrong with a document."""
    found: list[KnowledgeError] = []
    read_knowledge(document, origin, found.append)
    return found


def line_of(error: KnowledgeError, text: str, prefix: str = "") -> int:
    """The line of a fault, from 1, in the text of the document.

    ``prefix`` stands before the names of the document's tables: it may be part of a larger one.
    """
    lines = text.splitlines()
    first, last = 1, len(lines)
    kind, number = error.table or ("", 0)
    head = re.compile(rf"\s*\[\[?\s*{re.escape(prefix)}{kind}\s*\]\]?")
    heads = [place for place, line in enumerate(lines, 1) if head.match(line)] if kind else []
    if prefix and not heads:
        name = prefix.strip(".").rpartition(".")[2]
        first = next((place for place, line in enumerate(lines, 1) if name in line), 1)
    elif number < len(heads):
        first = heads[number]
        begin = re.compile(rf"\s*\[(?!\s*{re.escape(prefix)}{kind}\.)")
        following = (place for place, line in enumerate(lines[first:], first + 1) if begin.match(line))
        last = next(following, len(lines) + 1) - 1
    for word in error.words:
        given = re.compile(rf"(?<![\w.]){re.escape(word)}(?![\w.])")
        for place, line in enumerate(lines[first - 1 : last], first):
            if given.search(line):
                return place
    return first


def packages_named(knowledge: Knowledge) -> set[str]:
    """The top-level packages of everything that a document speaks of, types included."""
    names = {*knowledge.requires, *knowledge.modules, *knowledge.classes, *type_names(knowledge)}
    return {name.partition(".")[0] for name in names}


def type_names(knowledge: Knowledge) -> set[str]:
    """The names in the types that a document gives, and the bases."""
    found: set[str] = set()
    types: list[TypeUnion] = []
    for module in knowledge.modules.values():
        types += [each.returns for each in module.functions.values()]
        types += module.variables.values()
    for owner in knowledge.classes.values():
        types += [each.returns for each in owner.methods.values()]
        types += [*owner.attributes.values(), *owner.parameters]
        found.update(owner.bases)
    for union in types:
        found.update(_names_in(union))
    return found


def _names_in(union: TypeUnion) -> Iterable[str]:
    for alternative in union:
        yield alternative.name
        for argument in alternative.arguments:
            yield from _names_in(argument)
