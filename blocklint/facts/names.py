"""The base of all records, and the one record that works something out: a name's span."""

from __future__ import annotations

import msgspec

from blocklint.model import Span


class Record(msgspec.Struct, frozen=True, array_like=True, eq=False, gc=False):
    """Base of all records: immutable, positional in MessagePack, equal only to itself."""


class Name(Record, frozen=True, tag=0):
    """A third of all expressions. ``name`` has a number behind an @ for comprehension variables."""

    line: int
    column: int
    name: str

    @property
    def span(self) -> Span:
        """A new tuple each time; names of string annotations are where the string begins."""
        written = self.name.partition("@")[0]
        return self.line, self.column, self.line, self.column + len(written)
