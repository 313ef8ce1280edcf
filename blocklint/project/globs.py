"""Globs over paths, one grammar for ``exclude``, ``include`` and ``per-file-ignores``: flake8's.

A glob without a slash (but for one at its end) is compared with every part of a path, one with a
slash (``./legacy``, ``app/*.py``) with the path from the root; ``*`` matches slashes too. A glob
that matches a folder matches everything inside.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

_REGEX_END = re.compile(r"\\[zZ]$")


class Globs:
    """Paths relative to the root, with "/", against a set of globs."""

    def __init__(self, globs: Iterable[str]) -> None:
        kept = [glob.strip().rstrip("/") for glob in globs if glob.strip("/ .")]
        expressions = [_expression(glob) for glob in kept]
        self._globs = [glob.removeprefix("./").removeprefix("/") for glob in kept]
        self._pattern = re.compile("|".join(expressions)) if expressions else None

    def matches(self, path: str) -> bool:
        """Whether a glob matches the path or a folder that it is in."""
        return self._pattern is not None and self._pattern.match(path) is not None

    def reaches_into(self, folder: str) -> bool:
        """Whether a glob could match something below ``folder``, which itself does not match."""
        return any(_reaches(glob, folder) for glob in self._globs)


def _expression(glob: str) -> str:
    start = "" if "/" in glob else "(?:.*/)?"
    glob = glob.removeprefix("./").removeprefix("/").removesuffix("/**")
    parts = [_REGEX_END.sub("", fnmatch.translate(part)) for part in glob.split("**/")]
    # `**/` may also match no folder at all, which fnmatch does not know.
    return f"(?:{start}{'(?:.*/)?'.join(parts)}(?:/.*)?\\Z)"


def _reaches(glob: str, folder: str) -> bool:
    literal = re.split(r"[*?\[]", glob, maxsplit=1)[0]
    below = folder + "/"
    # A glob that may match anywhere (`build`, `**/build`) does not open every excluded folder.
    if "/" not in literal:
        return False
    return literal.startswith(below) or (literal != glob and below.startswith(literal))
