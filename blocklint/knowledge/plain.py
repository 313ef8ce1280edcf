"""The TOML that catalogue files are written in as text in, the same document as from tomllib out, fast.

tomllib is pure Python and works through a text letter by letter: five times the work. Here one regular
expression takes whole statements. It knows tables, strings without escapes, lists of such strings, one-line
tables of these, integers and booleans. A text with anything else in it, or with any mistake, goes to tomllib.
"""

from __future__ import annotations

import re

Table = dict[str, object]

_TEXT = r'[^"\\\x00-\x1f\x7f]++'
_STRING = rf'"{_TEXT}"'
_LIST = rf"\[(?:[ \t\n]*+{_STRING}[ \t\n]*+(?:,|(?=\])))*+[ \t\n]*+\]"
_ASSIGNED = rf'([A-Za-z0-9_-]++|{_STRING}) *+= *+(?:"({_TEXT})"|({_LIST})'
_STATEMENT = re.compile(
    # A key with a string, a list, a table or another value,
    rf"^(?:{_ASSIGNED}|(\{{.*\}})|(true|false|0|[1-9][0-9]*+))"
    # the head of a list of tables, of a table or of a table below one, or nothing,
    r"|\[\[(\w++)\]\]|\[(\w++)(?:\.(\w++))?+\]|)"
    # with or without a comment behind it; and whatever is none of this.
    r" *+(?:#[^\x00-\x08\x0a-\x1f\x7f]*+)?+$|(.+)",
    re.MULTILINE | re.ASCII,
)
_PAIR = re.compile(rf" *+{_ASSIGNED}) *+(?:,(?!$)|$)|(.)")


def read_toml(text: str) -> Table:
    """What ``tomllib.loads`` makes of ``text``, its errors (``ValueError``) included."""
    document = _read_plain(text)
    if document is None:
        # Imported here because it is slow to import and no shipped file needs it.
        import tomllib

        document = tomllib.loads(text)
    return document


def _read_plain(text: str) -> Table | None:
    """The document, or None if something in it is not plain or is wrong."""
    document: Table = {}
    table = document
    for key, string, strings, pairs, other, listed, name, below, odd in _STATEMENT.findall(text):
        if key:
            key = key.strip('"')
            value = string or (_table(pairs) if pairs else _value(strings, other))
            if value is None or key in table:
                return None
            table[key] = value
        elif listed or name:
            opened = _opened(document, listed, name, below)
            if opened is None:
                return None
            table = opened
        elif odd:
            return None
    return document


def _value(strings: str, other: str) -> object:
    if strings:
        return strings.split('"')[1::2]
    return int(other) if other.isdigit() else other == "true"


def _table(text: str) -> Table | None:
    """The table in curly brackets; None if it is not plain or is wrong."""
    table: Table = {}
    for key, string, strings, odd in _PAIR.findall(text[1:-1].strip(" ")):
        key = key.strip('"')
        if odd or key in table:
            return None
        table[key] = string or _value(strings, "")
    return table


def _opened(document: Table, listed: str, name: str, below: str) -> Table | None:
    """The table that a head begins; None if there cannot be one here."""
    table: Table = {}
    tables = document.get(listed or name)
    last = tables[-1] if isinstance(tables, list) and tables else None
    if below:
        return table if isinstance(last, dict) and last.setdefault(below, table) is table else None
    if tables is None:
        document[listed or name] = [table] if listed else table
        return table
    if not listed or not isinstance(tables, list) or not isinstance(last, dict):
        return None
    tables.append(table)
    return table
