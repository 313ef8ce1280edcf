"""The comments that speak to blocklint or flake8.

Found with a line pattern: tokenizing every file would cost several parses.
"""

from __future__ import annotations

import re

from blocklint.facts.records import Directive

# flake8's own grammar (flake8 7, defaults.py): a colon without a code is a blanket noqa.
_NOQA = re.compile(r"# noqa(?::[\s]?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?(?P<rest>.*)", re.I)
_FILE_NOQA = re.compile(
    r"\s*# flake8[:=]\s*noqa(?P<codes>:\s?(?P<listed>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?\s*$", re.I
)
# Not str.splitlines: form feeds and Unicode separators end no line of Python.
_LINE_END = re.compile(r"\r\n|\r|\n")
_OURS = re.compile(r"#\s*blocklint:\s*(?:allow\[(?P<codes>[^\]]*)\]|runs=(?P<runs>[\w-]+))(?P<rest>.*)")


def directives(text: str) -> tuple[Directive, ...]:
    """The directive comments of a module's text, in order of their lines."""
    if "noqa" not in text.lower() and "blocklint" not in text:
        return ()
    found = []
    for number, line in enumerate(_LINE_END.split(text), 1):
        if "#" in line:
            directive = _directive(number, line)
            if directive is not None:
                found.append(directive)
    return tuple(found)


def _directive(number: int, line: str) -> Directive | None:
    if match := _OURS.search(line):
        kind = "runs" if match["runs"] else "allow"
        return Directive(number, kind, _codes(match["runs"] or match["codes"]), match["rest"].strip())
    if match := _FILE_NOQA.match(line):
        return Directive(number, "file-noqa", _codes(match["listed"] or ""), "")
    if match := _NOQA.search(line):
        return Directive(number, "noqa", _codes(match["codes"] or ""), match["rest"].strip())
    return None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in re.split(r"[,\s]+", text) if code)
