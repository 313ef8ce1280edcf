"""What is wrong with a text that does not parse, in words for people."""

from __future__ import annotations

import re
import sys

# Syntax by the Python that brought it: PEP 695 and 701 in 3.12, PEP 696 in 3.13, 750 and 758 in 3.14.
_NEWER = (
    ((3, 12), r"^\s*type\s+\w+(\[.*\])?\s*="),
    ((3, 12), r"^\s*(async\s+)?(def|class)\s+\w+\s*\["),
    ((3, 14), r"^\s*except\*?\s+[\w.]+\s*,\s*[\w.]+"),
    ((3, 14), r"""\b[tT][rR]?["']"""),
)


def explain(error: Exception, text: str) -> tuple[int, str]:
    """The 1-based line and a message for an error that ``ast.parse`` raised on ``text``."""
    if isinstance(error, SyntaxError):
        line = error.lineno or 1
        return line, _needs_newer(error, line, text) or f"syntax error: {error.msg}"
    if isinstance(error, RecursionError | MemoryError):
        return 1, "nested too deeply for Python's parser"
    return 1, f"cannot be parsed: {error}"


def _needs_newer(error: SyntaxError, line: int, text: str) -> str | None:
    lines = re.split(r"\r\n|\r|\n", text)
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    for version, pattern in _NEWER:
        if sys.version_info < version and re.search(pattern, source):
            needed = f"{version[0]}.{version[1]}"
            return f"this syntax needs Python {needed} or later (blocklint runs on {_running()})"
    if sys.version_info < (3, 12) and "f-string" in (error.msg or ""):
        return f"{error.msg} (Python 3.12 or later may accept this; blocklint runs on {_running()})"
    return None


def _running() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
