"""Rewrites a fixture's source so that the right findings are known without being written down."""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
# FastAPI's and Starlette's decorators under which a `def` runs in a worker thread. Other decorators
# (on_event, middleware, websocket, another framework's) may call a `def` on the loop as well.
THREADED = {"get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "route"}


class Edit(NamedTuple):
    """Replace the bytes of one line between two byte columns (line from 1)."""

    line: int
    start: int
    end: int
    text: bytes


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """Apply edits that do not overlap; the number of lines stays."""
    lines = source.encode().splitlines(keepends=True)
    for edit in sorted(set(edits), reverse=True):
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.start] + edit.text + line[edit.end :]
    return b"".join(lines).decode()


# ------------------------------------------------------------------ strip async


def strip_async(source: str) -> str:
    """Remove every `async` and `await`; lines stay where they are."""
    edits = []
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token, following in itertools.pairwise(tokens):
        line = token.line.splitlines()[0] if token.line else ""
        row, column = token.start
        if token.string in ("async", "await") and token.type == tokenize.NAME:
            end = following.start[1] if following.start[0] == row else token.end[1]
            edits.append(_edit(line, row, column, end, ""))
        elif token.type == tokenize.STRING and "f" in token.string[:2].lower() and row == token.end[0]:
            # Before Python 3.12 a formatted string is one token.
            bare = re.sub(r"\bawait\s+", "", token.string)
            if bare != token.string:
                edits.append(_edit(line, row, column, token.end[1], bare))
    return apply_edits(source, edits)


def _edit(line: str, row: int, start: int, end: int, text: str) -> Edit:
    return Edit(row, len(line[:start].encode()), len(line[:end].encode()), text.encode())


def vanishing_lines(source: str, stays: frozenset[int] = frozenset()) -> frozenset[int]:
    """Lines whose innermost function is an `async def` that runs off the loop as a `def`.

    `stays` holds the lines of `def`s that a fixture declares to run on the loop all the same.
    """
    result: set[int] = set()
    for function in sorted(_functions(ast.parse(source)), key=lambda f: f.lineno):
        lines = set(range(function.body[0].lineno, (function.end_lineno or function.lineno) + 1))
        is_async = isinstance(function, ast.AsyncFunctionDef)
        if is_async and function.lineno not in stays and _threaded(function):
            result |= lines
        else:
            result -= lines
    return frozenset(result)


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _threaded(function: Function) -> bool:
    names = []
    for decorator in function.decorator_list:
        callee = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.append(callee.attr if isinstance(callee, ast.Attribute) else "")
    return all(name in THREADED for name in names)


# --------------------------------------------------------------- wrap in thread


class Wrapped(NamedTuple):
    """The rewritten source, and the spans of lines (in it) at which there must be silence."""

    source: str
    silent: tuple[tuple[int, int], ...]


def wrap_in_thread(source: str, lines: Sequence[int]) -> Wrapped | None:
    """Write `await asyncio.to_thread(lambda: call)` for the loud calls placed on these lines.

    Only calls that are a whole statement, an assigned or a returned value in an `async def` are
    rewritten; None if there are none.
    """
    tree = ast.parse(source)
    first = _first_statement(tree)
    edits: list[Edit] = []
    silent: list[tuple[int, int]] = []
    for value in _wrappable(tree):
        end_line, end_column = value.end_lineno or 0, value.end_col_offset or 0
        if not any(value.lineno <= line <= end_line for line in lines):
            continue
        edits.append(Edit(value.lineno, value.col_offset, value.col_offset, b"await _aio.to_thread(lambda: "))
        edits.append(Edit(end_line, end_column, end_column, b")"))
        silent.append((value.lineno + 1, end_line + 1))
    if not silent:
        return None
    text = apply_edits(source, edits).splitlines(keepends=True)
    text.insert(first - 1, "import asyncio as _aio\n")
    return Wrapped("".join(text), tuple(silent))


def _first_statement(tree: ast.Module) -> int:
    """Return the line before which an import may be written: after the docstring and __future__."""
    for index, node in enumerate(tree.body):
        is_docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not is_docstring and not is_future:
            decorators = getattr(node, "decorator_list", [])
            return min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return 1


def _wrappable(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that are a statement's whole value, directly in an `async def`."""
    for function in _functions(tree):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        stack: list[ast.AST] = list(function.body)
        while stack:
            node = stack.pop()
            if isinstance(node, Function | ast.ClassDef | ast.Lambda):
                continue
            if isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return):
                value = node.value
                if isinstance(value, ast.Call) and _movable(value) and not _unpacks(node):
                    yield value
            stack.extend(ast.iter_child_nodes(node))


def _unpacks(node: ast.stmt) -> bool:
    """Whether the value is iterated by the assignment itself, back on the loop."""
    if not isinstance(node, ast.Assign):
        return False
    slices = (target for target in node.targets if isinstance(target, ast.Subscript))
    return any(isinstance(target, ast.Tuple | ast.List) for target in node.targets) or any(
        isinstance(target.slice, ast.Slice) for target in slices
    )


def _movable(call: ast.Call) -> bool:
    unmovable = ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr
    return not any(isinstance(node, unmovable) for node in ast.walk(call))


# ---------------------------------------------------------------- rename locals


def rename_locals(source: str) -> str:
    """Give the local variables of every outermost function other names, where that changes nothing."""
    tree = ast.parse(source)
    edits: list[Edit] = []
    for function in _outermost(tree):
        names = _renamable(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in names:
                name, start = node.id.encode(), node.col_offset
                edits.append(Edit(node.lineno, start, start + len(name), b"zz_" + name))
    return apply_edits(source, edits)


def _outermost(tree: ast.AST) -> Iterator[Function]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node
        else:
            yield from _outermost(node)


def _renamable(function: Function) -> set[str]:
    """Names that only plain assignments bind, everywhere below a function.

    Whatever binds a name in a form without a position of its own (import, def, parameter, except,
    match, global) keeps it; so do comprehensions, which are scopes of their own, formatted strings,
    whose positions are wrong before Python 3.12, and nested classes, whose names are attributes.
    """
    bound: set[str] = set()
    kept: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.JoinedStr | ast.ClassDef):
            kept |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.comprehension):
            kept |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        kept |= _bound_without_position(node)
    # Decorators and defaults of the outermost function belong to the scope around it.
    around = [*function.decorator_list, *function.args.defaults, *function.args.kw_defaults]
    kept |= {n.id for node in around if node for n in ast.walk(node) if isinstance(n, ast.Name)}
    return bound - kept


def _bound_without_position(node: ast.AST) -> set[str]:
    match node:
        case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name}
        case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
            return {name}
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            return {name}
        case ast.alias(name=name, asname=asname):
            return {asname or name.partition(".")[0]}
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return set(names)
        case _:
            return set()
