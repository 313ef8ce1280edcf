"""The comments that speak to blocklint or flake8.

Found with a line pattern: tokenizing every file would cost several parses.
"""

from __future__ import annotations

import re

from blocklint.facts.records import Directive

# flake8's own grammar (flake8 7, defaults.py): a colon without a code is a blanket noqa.
_NOQA = r"# noqa(?::[\s]?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?(?P<rest>.*)"
_FILE_NOQA = (
    r"\s*# flake8[:=]\s*noqa(?P<codes>:\s?(?P<listed>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?\s*$"
)
# Not str.splitlines: form feeds and Unicode separators end no line of Python.
_LINE_END = r"\r\n|\r|\n"
_OURS = r"#\s*blocklint:\s*(?:allow\[(?P<codes>[^\]]*)\]|runs=(?P<runs>[\w-]+))(?P<rest>.*)"


def directives(text: str) -> tuple[Directive, ...]:
    """The directive comments of a module's text, in order of their lines."""
    found = []
    for number, line in enumerate(re.split(_LINE_END, text), 1):
        if "#" in line:
            directive = _directive(number, line)
            if directive is not None:
                found.append(directive)
    return tuple(found)


def _directive(number: int, line: str) -> Directive | None:
    if match := re.search(_OURS, line):
        kind = "runs" if match["runs"] else "allow"
        return Directive(number, kind, _codes(match["runs"] or match["codes"]), match["rest"].strip())
    if match := re.match(_FILE_NOQA, line, re.IGNORECASE):
        return Directive(number, "file-noqa", _codes(match["listed"] or ""), "")
    if match := re.search(_NOQA, line, re.IGNORECASE):
        return Directive(number, "noqa", _codes(match["codes"] or ""), match["rest"].strip())
    return None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in re.split(r"[,\s]+", text) if code)
