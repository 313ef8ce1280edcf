"""The language of expectations: comments of a fixture's source.

    return load(db)        # error: [LAG101] "load > Session.execute"
    return load(db)        # error: [LAG101 likely]; error: [LAG103]
    # miss: [LAG201]       a known gap, free text may follow
    # runs: event-loop     (on a def line)
    # calls: app.repo:load
    # stays: reason        (on a def line) still runs on the loop when `async` is stripped

An own-line comment speaks of the next code line.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple


class MalformedComment(Exception):
    """A comment that looks like an expectation and cannot be read as one."""


class Expected(NamedTuple):
    """A finding (`kind` error) or a known gap (`kind` miss) at a line."""

    kind: str
    line: int
    code: str
    certainty: str
    shape: tuple[str, ...]

    def __str__(self) -> str:
        """Write it as the comment is written."""
        certainty = f" {self.certainty}" if self.certainty else ""
        shape = f' "{" > ".join(self.shape)}"' if self.shape else ""
        return f"{self.kind}: [{self.code}{certainty}]{shape}"


class Claim(NamedTuple):
    """What a line says of the middle of the pipeline: `kind` is runs, calls or stays."""

    kind: str
    line: int
    words: tuple[str, ...]


class Comments(NamedTuple):
    """All that one file expects."""

    expected: tuple[Expected, ...]
    claims: tuple[Claim, ...]


KEYWORDS = "error|miss|runs|calls|stays"
START = re.compile(rf"#\s*(?=(?:{KEYWORDS}):)")
SPLIT = re.compile(rf";\s*(?=(?:{KEYWORDS}):)")
FINDING = re.compile(
    r"(?P<kind>error|miss):\s*\[(?P<code>LAG\d{3})(?: (?P<certainty>certain|likely|possible))?\]"
    r'(?:\s+"(?P<shape>[^"]*)")?(?P<rest>.*)'
)
CLAIM = re.compile(r"(?P<kind>runs|calls|stays):\s*(?P<words>\S.*)")
RUNS = {"event-loop", "worker-thread", "greenlet-bridge", "other-process", "nowhere"}
# Near misses: a code in brackets without a keyword, or a keyword that was misspelt.
SUSPECT = re.compile(r"(?<!allow)\[LAG\w*|#\s*(?:errors?|erorr|misses|missed|run|call|stay)\s*:", re.IGNORECASE)


def parse_comments(path: str, source: str) -> Comments:
    """Read the expectations of one file; raise MalformedComment with path and line."""
    expected: list[Expected] = []
    claims: list[Claim] = []
    for comment_line, line, text in _comments(source):
        for item in _items(text, f"{path}:{comment_line}"):
            parsed = _parse(item, line, f"{path}:{comment_line}")
            if isinstance(parsed, Expected):
                expected.append(parsed)
            else:
                claims.append(parsed)
    return Comments(tuple(expected), tuple(claims))


def _comments(source: str) -> Iterator[tuple[int, int, str]]:
    """Yield (its own line, the line it speaks of, text) for every comment."""
    waiting: list[tuple[int, str]] = []
    blank = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        last = token.start[0]
        if token.type == tokenize.COMMENT:
            if token.line[: token.start[1]].strip():
                yield last, last, token.string
            else:
                waiting.append((last, token.string))
        elif token.type not in blank:
            for line, text in waiting:
                yield line, last, text
            waiting.clear()
    for line, text in waiting:
        yield line, last, text


def _items(text: str, where: str) -> list[str]:
    start = START.search(text)
    if start is None:
        if SUSPECT.search(text):
            raise MalformedComment(f"{where}: looks like an expectation but is none: {text}")
        return []
    return [item.strip() for item in SPLIT.split(text[start.end() :])]


def _parse(item: str, line: int, where: str) -> Expected | Claim:
    match = FINDING.fullmatch(item)
    if match is not None:
        return _finding(match, item, line, where)
    match = CLAIM.fullmatch(item)
    if match is None:
        raise MalformedComment(f"{where}: malformed expectation: {item}")
    kind, text = match["kind"], match["words"].strip()
    words = (text,) if kind == "stays" else tuple(word.strip() for word in text.split(","))
    if kind == "runs" and not RUNS.issuperset(words):
        raise MalformedComment(f"{where}: runs: takes {', '.join(sorted(RUNS))}, not {text}")
    if kind == "calls" and not all(re.fullmatch(r"[\w.:<>#]+", word) for word in words):
        raise MalformedComment(f"{where}: calls: takes names as app.repo:load, not {text}")
    return Claim(kind, line, words)


def _finding(match: re.Match[str], item: str, line: int, where: str) -> Expected:
    shape: tuple[str, ...] = ()
    if match["shape"] is not None:
        shape = tuple(part.strip() for part in match["shape"].split(">"))
    # Free text may follow a miss, as its reason; after an error it is a quote forgotten.
    if "" in shape or (match["kind"] == "error" and match["rest"].strip()):
        raise MalformedComment(f"{where}: malformed expectation: {item}")
    if match["rest"] and not match["rest"][0].isspace():
        raise MalformedComment(f"{where}: malformed expectation: {item}")
    return Expected(match["kind"], line, match["code"], match["certainty"] or "", shape)
