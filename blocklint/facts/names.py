"""The base of all records, and those that work their span out.

Names, constants and attributes are three quarters of all expressions: numbers take less room in them than
a tuple of numbers beside them, and hardly any is ever asked for its span.
"""

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


class Constant(Record, frozen=True, tag=14):
    """A bool, int, None or short string (other constants are ``...``-like: value None, kind told).

    ``kind`` is bool, int, str, bytes, float, complex, None or "...".
    """

    line: int
    column: int
    kind: str
    value: bool | int | str | None

    @property
    def span(self) -> Span:
        """Where it begins: nothing that is reported ends at a constant."""
        return self.line, self.column, self.line, self.column


class Stretch(Record, frozen=True):
    """Base of an attribute: from where to where it goes."""

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def span(self) -> Span:
        """A new tuple each time."""
        return self.line, self.column, self.end_line, self.end_column
