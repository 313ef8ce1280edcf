"""``blocklint rule``: the pages of ``docs/rules``; installed packages carry them as ``blocklint/pages``."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import msgspec

from blocklint.model import Certainty
from blocklint.rules.codes import BY_CODE, PREFIX, Code
from blocklint.settings import UsageError, nearest

_PACKAGE = Path(__file__).resolve().parent.parent.parent
_SHIPPED = _PACKAGE / "pages"
_SOURCE = _PACKAGE.parent / "docs" / "rules"
_HEADING = re.compile(r"^## (.+)\n+", re.MULTILINE)


class Page(msgspec.Struct, frozen=True):
    """What is said of one code: names, when it is shown, and the page in Markdown, whole and by heading."""

    code: str
    symbol: str
    pylint_id: str
    title: str
    default: str
    sections: dict[str, str]
    text: str


def rule(arguments: argparse.Namespace) -> int:
    """Print one page, or all. Raises UsageError for an unknown code."""
    codes = list(BY_CODE) if arguments.all else [arguments.code.upper()] if arguments.code else []
    if not codes:
        raise UsageError("rule needs a CODE, such as LAG101, or --all")
    if arguments.all and arguments.code:
        raise UsageError("rule takes a CODE or --all, not both")
    pages = [_page(code) for code in codes]
    if arguments.format == "json":
        answer: object = {"version": 1, "rules": pages}
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer)).decode() + "\n")
    else:
        sys.stdout.write("\n".join(page.text for page in pages))
    return 0


def _page(code: str) -> Page:
    row = BY_CODE.get(code)
    if row is None:
        raise UsageError(f'there is no code "{code}"{nearest(_meant(code), list(BY_CODE))}')
    folder = _SHIPPED if _SHIPPED.is_dir() else _SOURCE
    try:
        text = (folder / f"{code}.md").read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the page of {code} cannot be read: {error.strerror}") from None
    parts = _HEADING.split(text)
    sections = {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    return Page(code, row.symbol, row.pylint_id, row.title, default_of(row), sections, text)


def _meant(code: str) -> str:
    """A code with digits where letters look like them: LAG1O1, LAG10l."""
    return code[: len(PREFIX)] + code[len(PREFIX) :].translate(str.maketrans("OILSB", "01158"))


def default_of(row: Code) -> str:
    """When a code is shown without being selected: on, off, or on when certain."""
    if not row.on:
        return "off"
    return "on when certain" if row.shown_from is Certainty.CERTAIN else "on"
