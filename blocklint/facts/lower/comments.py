"""The comments that speak to blocklint or flake8.

Found with a line pattern: tokenizing every file would cost several parses. A file that seems to speak to
blocklint is tokenized, so that texts about such comments are not taken for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from blocklint.facts.records import Directive

# flake8's own grammar (flake8 7, defaults.py): a colon without a code is a blanket noqa.
_NOQA = r"# noqa(?::[\s]?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?(?P<rest>.*)"
_FILE_NOQA = (
    r"\s*# flake8[:=]\s*noqa(?P<codes>:\s?(?P<listed>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?\s*$"
)
# Not str.splitlines: form feeds and Unicode separators end no line of Python.
_LINE_END = r"\r\n|\r|\n"
_OURS = r"#\s*blocklint:\s*(?P<text>.*)"
_WORD = r"allow\s*\[(?P<codes>[^\]]*)\](?P<rest>.*)|runs\s*=\s*(?P<runs>[\w-]*)(?P<more>.*)"


def directives(text: str) -> tuple[Directive, ...]:
    """The directive comments of a module's text, in order of their lines."""
    found: list[Directive] = []
    lines = re.split(_LINE_END, text)
    comments = _comments(lines) if re.search(_OURS, text) else {}
    for number, line in enumerate(lines, 1):
        if "#" in line:
            found += _directives(number, line, comments.get(number, ""))
    return tuple(found)


def _comments(lines: list[str]) -> dict[int, str]:
    """The comments of a text by their lines; none if it cannot be tokenized."""
    import tokenize

    rest = iter([f"{line}\n" for line in lines])
    try:
        tokens = list(tokenize.generate_tokens(lambda: next(rest, "")))
    except (tokenize.TokenError, SyntaxError):
        return {}
    return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}


def _directives(number: int, line: str, comment: str) -> Iterator[Directive]:
    """The directives on a line; ``comment`` is that of a file that speaks to blocklint."""
    if match := re.search(_OURS, comment):
        # Another comment may follow in the same one.
        text = re.split(r"\s#", match["text"])[0].strip()
        begin = line.rindex(comment) + match.start() + 1
        yield _ours(number, (begin, begin + match.start("text") - match.start() + len(text)), text)
    if match := re.match(_FILE_NOQA, line, re.IGNORECASE):
        yield Directive(number, _columns(match), "file-noqa", _codes(match["listed"] or ""), "")
    elif match := re.search(_NOQA, line, re.IGNORECASE):
        codes, rest = _codes(match["codes"] or ""), match["rest"].strip()
        yield Directive(number, _columns(match), "noqa", codes, rest)


def _columns(match: re.Match[str]) -> tuple[int, int]:
    return match.start() + 1, match.end() + 1


def _ours(number: int, columns: tuple[int, int], text: str) -> Directive:
    match = re.match(_WORD, text)
    if match is None:
        return Directive(number, columns, "unknown", (text,), "")
    if match["runs"] is not None:
        return Directive(number, columns, "runs", (match["runs"],), match["more"].strip())
    return Directive(number, columns, "allow", _codes(match["codes"]), match["rest"].strip())


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in re.split(r"[,\s]+", text) if code)
