"""Type expressions of the catalogue: ``list[$0] | None`` as text in, a union of ``LibraryType`` out."""

from __future__ import annotations

import re
from functools import cache

from blocklint.knowledge.records import LibraryType, TypeUnion

SHORT_NAMES = {
    "str": "builtins.str",
    "int": "builtins.int",
    "float": "builtins.float",
    "bool": "builtins.bool",
    "bytes": "builtins.bytes",
    "list": "builtins.list",
    "dict": "builtins.dict",
    "set": "builtins.set",
    "frozenset": "builtins.frozenset",
    "tuple": "builtins.tuple",
    "object": "builtins.object",
    "awaitable": "collections.abc.Awaitable",
    "iterator": "collections.abc.Iterator",
    "iterable": "collections.abc.Iterable",
    "async_iterator": "collections.abc.AsyncIterator",
    "context_manager": "contextlib.AbstractContextManager",
    "async_context_manager": "contextlib.AbstractAsyncContextManager",
}
"""Names that may be written without the module they live in."""

PLACEHOLDERS = frozenset({"None", "self", "result"})
"""Names that stand for a type only the engine can know, and None."""

_TOKEN = re.compile(r"\s*(?:(\$\d+|[A-Za-z_][\w.]*)|([\[\],|]))")


@cache
def parse_type(text: str) -> TypeUnion:
    """The alternatives that ``text`` names; ValueError with a reason if it is not a type expression."""
    if "." in text[1:] and text[0] != "." and text.isascii() and text.replace(".", "_").isidentifier():
        return (LibraryType(text),)
    tokens = _tokens(text)
    union, rest = _union(tokens, 0, text)
    if rest != len(tokens):
        raise ValueError(f"unexpected {tokens[rest]!r} in type expression {text!r}")
    return union


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise ValueError(f"unexpected {stripped[position:]!r} in type expression {text!r}")
        found.append(match[1] or match[2])
        position = match.end()
    return found


def _union(tokens: list[str], position: int, text: str) -> tuple[TypeUnion, int]:
    first, position = _alternative(tokens, position, text)
    alternatives = [first]
    while position < len(tokens) and tokens[position] == "|":
        following, position = _alternative(tokens, position + 1, text)
        alternatives.append(following)
    return tuple(alternatives), position


def _alternative(tokens: list[str], position: int, text: str) -> tuple[LibraryType, int]:
    if position == len(tokens) or tokens[position] in "[],|":
        raise ValueError(f"a type is missing in type expression {text!r}")
    name = _full_name(tokens[position], text)
    position += 1
    arguments: list[TypeUnion] = []
    if position < len(tokens) and tokens[position] == "[":
        separator = ","
        while separator == ",":
            argument, position = _union(tokens, position + 1, text)
            arguments.append(argument)
            separator = tokens[position] if position < len(tokens) else ""
        if separator != "]":
            raise ValueError(f"a ']' is missing in type expression {text!r}")
        position += 1
    return LibraryType(name, tuple(arguments)), position


def _full_name(name: str, text: str) -> str:
    if name in PLACEHOLDERS or name.startswith("$") or "." in name:
        return name
    if name not in SHORT_NAMES:
        raise ValueError(f"unknown short name {name!r} in type expression {text!r}: write the dotted name")
    return SHORT_NAMES[name]
