"""One module: bytes in, facts out."""

from __future__ import annotations

import ast
import codecs
import re
import warnings

from blocklint.facts import records as r
from blocklint.facts.lower.comments import directives
from blocklint.facts.lower.state import State
from blocklint.facts.lower.statements import body
from blocklint.facts.lower.syntax import explain

VERSION = 7
"""Raised whenever lowering or the records change: cached facts of another version are not used."""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263


def lower(source: bytes, is_package: bool) -> r.ModuleFacts:
    """Reduce the bytes of a module to its facts.

    ``is_package`` says that the file is an ``__init__.py``: relative imports start one level
    deeper. Never raises: text that cannot be decoded or parsed gives facts with ``error`` set.
    """
    text = ""
    try:
        text = _decode(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are the author's business
            tree = ast.parse(text)
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError) as error:
        return _facts(State(b""), (), text, is_package, _directives(source, text), explain(error, text))
    state = State(source if source.isascii() else text.encode("utf-8", "surrogatepass"))
    return _facts(state, body(state, tree.body), text, is_package, _directives(source, text), None)


def _directives(source: bytes, text: str) -> tuple[r.Directive, ...]:
    # Every encoding that Python reads source files in extends ASCII, and bytes are searched faster.
    return directives(text) if b"noqa" in source.lower() or b"blocklint" in source else ()


def _decode(source: bytes) -> str:
    """Decode as Python does: UTF-8 unless a byte order mark or a coding comment says otherwise."""
    if b"\0" in source:
        raise ValueError("the file contains null bytes")
    marked = source.startswith(codecs.BOM_UTF8)
    source = source.removeprefix(codecs.BOM_UTF8)
    encoding = "utf-8"
    for line in source.split(b"\n", 2)[:2]:
        if (match := _COOKIE.match(line)) is not None:
            encoding = match[1].decode("ascii", "replace")
            break
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        raise ValueError(f"unknown encoding {encoding!r}") from None
    if marked and known != "utf-8":
        raise ValueError(f"the coding comment says {encoding!r}, the byte order mark UTF-8")
    try:
        return str(source, encoding=known)
    except UnicodeDecodeError as error:
        line_number = source.count(b"\n", 0, error.start) + 1
        raise ValueError(f"not {encoding} text (line {line_number})") from None


def _facts(
    state: State,
    suite: tuple[r.Statement, ...],
    text: str,
    is_package: bool,
    spoken: tuple[r.Directive, ...],
    error: tuple[int, str] | None,
) -> r.ModuleFacts:
    scope, lines = state.scope, text.count("\n") + 1
    module = r.Function(
        (1, 1, lines, 1), "<module>", 1, "", (), None, (), (), suite, False, False, False,
        scope.local_names(), (), (), tuple(sorted(scope.called)), tuple(sorted(scope.stored)),
        tuple(sorted(scope.filled)), scope.has_definitions, False,
    )  # fmt: skip
    return r.ModuleFacts(
        module, is_package, lines, state.functions, state.async_functions, state.calls,
        tuple(sorted(state.imported)), spoken, error,
    )  # fmt: skip
