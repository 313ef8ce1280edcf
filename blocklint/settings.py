"""The settings of one root: ``[tool.blocklint]`` in its pyproject.toml, checked key by key."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from blocklint.model import Certainty

SECTION = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*\[+\s*tool\s*\.\s*[\"']?blocklint\b|^\s*tool\s*\.\s*blocklint\b", re.MULTILINE
)


class Allowance(msgspec.Struct, frozen=True, kw_only=True, rename={"within": "in"}):
    """``[[tool.blocklint.allow]]``: calls that may block, and why.

    ``within`` and ``call`` are patterns for dotted names, ``*`` for any part of one: of the function
    that calls, and of what it calls.
    """

    within: str = "*"
    call: str = "*"
    reason: str


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """What a project may set. Paths and globs are relative to its root.

    ``select`` and ``source_roots`` are None when they are left to blocklint. ``knowledge`` is a document
    as ``blocklint.knowledge`` reads it, not checked yet.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    certainty: Certainty = Certainty.LIKELY
    report_tests: bool = False
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    source_roots: tuple[str, ...] | None = None
    per_file_ignores: dict[str, tuple[str, ...]] = {}
    cache_dir: str | None = None
    environment: str | None = None
    knowledge: dict[str, Any] = {}
    allow: tuple[Allowance, ...] = ()


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What one run says differently from the settings; None leaves the settings alone.

    ``config`` is read in place of each root's pyproject.toml. ``cache_dir`` and ``environment`` are absolute.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    certainty: Certainty | None = None
    report_tests: bool = False
    cache_dir: str | None = None
    environment: Path | None = None
    config: Path | None = None
    disable_noqa: bool = False


class UsageError(Exception):
    """Something that the caller must put right; its text says what, where and how."""


class SettingsError(UsageError):
    """A setting that cannot be used: ``path`` and ``line`` say where, ``message`` says why."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path = path
        self.line = line
        self.message = message

    def __str__(self) -> str:
        shown = os.path.relpath(self.path) if self.path.is_relative_to(os.getcwd()) else str(self.path)
        return f"{shown}:{self.line}: {self.message}"


_EXPECTED: dict[str, str] = {
    "certainty": '"possible", "likely" or "certain"',
    "report-tests": "true or false",
    "per-file-ignores": 'a table from globs to lists of codes, such as {"scripts/*" = ["LAG103"]}',
    "cache-dir": "a string",
    "environment": 'the path of a virtual environment or an interpreter, such as ".venv"',
    "knowledge": "a table: [[tool.blocklint.knowledge.module]] and its like",
    "allow": "written as [[tool.blocklint.allow]]",
}
_STRINGS = "a list of strings"


def settings_file(root: Path, config: Path | None = None) -> Path:
    """Where the settings of ``root`` stand: ``config`` if given, else its pyproject.toml."""
    return config if config is not None else root / "pyproject.toml"


def load_settings(root: Path, config: Path | None = None) -> Settings:
    """Read the settings of ``root``, all defaults if it has none.

    Raises SettingsError for a file that cannot be read or parsed, an unknown key or a wrong type;
    with ``config`` also for a file that is missing or has no ``[tool.blocklint]``.
    """
    path = settings_file(root, config)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if config is None:
            return Settings()
        raise SettingsError(path, 1, "there is no such file") from None
    except OSError as error:
        raise SettingsError(path, 1, f"cannot be read: {error.strerror}") from None
    table = _table(path, raw)
    if table is None:
        if config is None:
            return Settings()
        raise SettingsError(path, 1, "has no [tool.blocklint] section")
    return _settings(path, raw, table)


def has_settings(pyproject: str) -> bool:
    """Whether the file holds ``[tool.blocklint]``; False when it is missing or unreadable.

    A file that is no TOML counts if it looks so: loading it then says what is wrong.
    """
    try:
        with open(pyproject, "rb") as file:
            raw = file.read()
        return _table(Path(pyproject), raw) is not None
    except OSError:
        return False
    except SettingsError:
        return True


def line_of(path: Path, key: str) -> int:
    """The line of the file on which a setting is given, for messages; 1 if it is not found."""
    try:
        return _line(path.read_bytes(), key)
    except OSError:
        return 1


def nearest(word: str, choices: list[str], key: Callable[[str], str] = str) -> str:
    """The tail of a message, ``; did you mean …?``, or nothing when no choice resembles ``word``.

    ``key`` gives the part of a choice that is compared.
    """
    import difflib

    by_key = {key(choice): choice for choice in choices}
    found = difflib.get_close_matches(word, by_key, n=1, cutoff=0.5)
    return f"; did you mean {by_key[found[0]]}?" if found else ""


def _table(path: Path, raw: bytes) -> dict[str, Any] | None:
    """The section, or None without one. Most pyproject.toml files need no parse to know."""
    if b"blocklint" not in raw:
        return None
    import tomllib

    try:
        document = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if not SECTION.search(raw):
            return None
        line = re.search(r"at line (\d+)", str(error))
        raise SettingsError(path, int(line[1]) if line else 1, f"is no valid TOML: {error}") from None
    tool = document.get("tool")
    table = tool.get("blocklint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(path, _line(raw, "blocklint"), "tool.blocklint must be a table")
    return table


def _settings(path: Path, raw: bytes, table: dict[str, Any]) -> Settings:
    fields = {field.encode_name: field for field in msgspec.structs.fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        field = fields.get(key)
        if field is None:
            hint = nearest(key, list(fields))
            raise SettingsError(path, _line(raw, key), f'unknown setting "{key}"{hint}')
        try:
            if key == "certainty":
                values[field.name] = certainty(value)
            elif key == "allow":
                values[field.name] = _allowances(path, raw, value)
            else:
                values[field.name] = msgspec.convert(value, field.type)
        except (msgspec.ValidationError, ValueError):
            expected = _EXPECTED.get(key, _STRINGS)
            message = f'"{key}" must be {expected}, not {_shown(value)}'
            raise SettingsError(path, _line(raw, key), message) from None
    return Settings(**values)


def _allowances(path: Path, raw: bytes, tables: object) -> tuple[Allowance, ...]:
    """The ``[[tool.blocklint.allow]]`` tables. Raises SettingsError, msgspec.ValidationError."""
    listed = msgspec.convert(tables, list[dict[str, Any]])
    lines = _table_lines(raw, "allow")
    keys = [field.encode_name for field in msgspec.structs.fields(Allowance)]
    found = []
    for number, table in enumerate(listed):
        first, last = lines[number] if len(lines) == len(listed) else (_line(raw, "allow"), 0)
        for key, value in table.items():
            line = _line_between(raw, key, first, last)
            if key not in keys:
                raise SettingsError(path, line, f'"allow": unknown key "{key}"{nearest(key, keys)}')
            if not isinstance(value, str) or not value.strip():
                expected = "say why" if key == "reason" else "be a pattern for dotted names"
                raise SettingsError(path, line, f'"allow": "{key}" must {expected}, not {_shown(value)}')
        if "reason" not in table:
            raise SettingsError(path, first, '"allow": a "reason" must be given')
        if len(table) == 1:
            raise SettingsError(path, first, '"allow": "in" or "call" must be given')
        found.append(msgspec.convert(table, Allowance))
    return tuple(found)


def _table_lines(raw: bytes, name: str) -> list[tuple[int, int]]:
    """The first and the last line of each ``[[tool.blocklint.NAME]]``, as far as they are written so."""
    head = re.compile(rb"^\s*\[\[[^\]\n]*blocklint\s*\.\s*[\"']?" + name.encode() + rb"[\"']?\s*\]\]")
    lines = raw.splitlines()
    heads = [number for number, line in enumerate(lines, 1) if line.lstrip()[:1] == b"["]
    ends = [*(number - 1 for number in heads[1:]), len(lines)]
    return [(begin, end) for begin, end in zip(heads, ends, strict=False) if head.match(lines[begin - 1])]


def _line_between(raw: bytes, key: str, first: int, last: int) -> int:
    """The line among some on which a key is given, else the first of them."""
    given = re.compile(rb"[\"']?" + re.escape(key.encode()) + rb"[\"']?\s*=")
    for number, line in enumerate(raw.splitlines()[first - 1 : last], first):
        if given.match(line.lstrip()):
            return number
    return first


def certainty(name: object) -> Certainty:
    """The certainty that is written ``possible``, ``likely`` or ``certain``; ValueError otherwise."""
    for member in Certainty:
        if name == member.name.lower():
            return member
    raise ValueError(name)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _line(raw: bytes, key: str) -> int:
    """The line of ``key`` in the section, as an assignment or as a table of its own."""
    name = rb"[\"']?" + re.escape(key.encode()) + rb"[\"']?"
    section = SECTION.search(raw)
    start = section.start() if section else 0
    forms = (rb"^\s*(?:[\w.]*blocklint\.)?" + name + rb"\s*[.=]", rb"^\s*\[+[^\]\n]*blocklint\.\s*" + name)
    for form in (*forms, rb"[{,]\s*" + name + rb"\s*="):
        found = re.compile(form, re.MULTILINE).search(raw, start)
        if found:
            return raw.count(b"\n", 0, found.end()) + 1
    return raw.count(b"\n", 0, section.end()) + 1 if section else 1
