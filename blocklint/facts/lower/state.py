"""What lowering carries along: positions and the scopes that are open."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import accumulate

from blocklint.facts.records import FILLING, Attribute, Call, Expression, Function, Name, Subscript
from blocklint.model import Span


class Scope:
    """One open scope: a module, class, function or lambda."""

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.bound: dict[str, None] = {}
        self.declared_global: dict[str, None] = {}
        self.declared_nonlocal: dict[str, None] = {}
        self.called: set[str] = set()
        self.stored: set[str] = set()
        self.filled: set[str] = set()
        self.lambdas = 0
        self.is_generator = False
        self.has_definitions = False
        self.awaits = False

    def local_names(self) -> tuple[str, ...]:
        """The names this scope itself binds, in order of first binding."""
        if not self.declared_global and not self.declared_nonlocal:  # as good as always
            return tuple(self.bound)
        outer = self.declared_global.keys() | self.declared_nonlocal.keys()
        return tuple(name for name in self.bound if name not in outer)


class State:
    """The state of one module's lowering.

    ``renamed`` maps the comprehension variables in scope to their unique names; ``in_annotation``
    says that string constants are types; ``fixed_span`` replaces the positions of expressions that
    were parsed out of such a string. ``is_plain``: positions need neither replacing nor converting.
    """

    def __init__(self, source: bytes) -> None:
        self.scope = Scope("", "module")
        self.scopes = [self.scope]
        self.definitions: Counter[str] = Counter()
        self.renamed: dict[str, str] = {}
        self.comprehensions = 0
        self.in_annotation = False
        self.fixed_span: Span | None = None
        self.functions = 0
        self.async_functions = 0
        self.calls = 0
        self.imported: set[str] = set()
        self._wide_lines = {} if source.isascii() else _wide_lines(source)
        self._wide_until = _counted(self._wide_lines) if self._wide_lines else []
        self.is_plain = not self._wide_lines

    def span(self, node: ast.expr | ast.stmt | ast.excepthandler) -> Span:
        """The node's position in code points; ``ast`` gives UTF-8 byte offsets."""
        fields = node.__dict__  # faster, see expressions
        line, end_line = fields["lineno"], fields["end_lineno"]
        if end_line == line:
            end_line = line  # one object for both: half of all line numbers
        if self.is_plain:
            return line, fields["col_offset"] + 1, end_line, fields["end_col_offset"] + 1
        if self.fixed_span is not None:
            return self.fixed_span
        start = self._code_points(line, fields["col_offset"])
        return line, start + 1, end_line, self._code_points(end_line, fields["end_col_offset"]) + 1

    def has_plain_lines(self, node: ast.stmt) -> bool:
        """Whether byte offsets are code points on every line of a statement, its decorators included."""
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        first = decorators[0].lineno if decorators else node.lineno
        until, last = self._wide_until, min(node.end_lineno or 0, len(self._wide_until) - 1)
        return first >= len(until) or until[first - 1] == until[last]

    def _code_points(self, line: int, offset: int) -> int:
        text = self._wide_lines.get(line)
        return offset if text is None else len(text[:offset].decode("utf-8", "replace"))

    def open(self, name: str, kind: str) -> Scope:
        """Enter the scope of a definition called ``name`` and return it."""
        outer = self.scope.name
        self.scope = Scope(f"{outer}.{name}" if outer else name, kind)
        self.scopes.append(self.scope)
        return self.scope

    def close(self) -> None:
        """Leave the innermost scope. The body of a class runs in the scope around it: so do its calls."""
        left = self.scopes.pop()
        self.scope = self.scopes[-1]
        if left.kind == "class":
            self.scope.called |= left.called

    def unwind(self, depth: int) -> None:
        """Leave scopes until ``depth`` are open: after an expression that could not be read."""
        del self.scopes[depth:]
        self.scope = self.scopes[-1]

    def bind(self, name: str) -> None:
        """Record that the innermost scope binds a name."""
        self.scope.bound[name] = None

    def owner(self) -> str:
        """The class whose body is being read, or ""."""
        return self.scope.name if self.scope.kind == "class" else ""

    def next_ordinal(self, name: str) -> int:
        """1 for the first definition of a qualified name, 2 for the next, and so on."""
        self.definitions[name] += 1
        return self.definitions[name]

    def note_call(self, callee: Expression) -> str:
        """Index a call by the last part of its callee's name, which is returned ("" for none)."""
        self.calls += 1
        if type(callee) is Attribute:
            if callee.name in FILLING:
                self.note_fill(callee.value)
        elif type(callee) is not Name:
            return ""
        self.scope.called.add(callee.name)
        return callee.name

    def note_fill(self, container: Expression) -> None:
        """Index a container that something is put into by the name or attribute that holds it.

        ``self.rows[key].append(x)`` fills what ``.rows`` holds.
        """
        while True:
            match container:
                case Subscript(value=inner) | Call(callee=Attribute(value=inner, name="setdefault")):
                    container = inner
                case Name(name=name):
                    self.scope.filled.add(name)
                    return
                case Attribute(name=name):
                    self.scope.filled.add(f".{name}")
                    return
                case _:
                    return

    def note_function(self, function: Function) -> Function:
        """Count a finished function; returns it."""
        self.functions += 1
        self.async_functions += function.is_async
        return function


def _wide_lines(source: bytes) -> dict[int, bytes]:
    """The lines whose byte offsets differ from code points, by number."""
    lines = source.splitlines()
    return {number: line for number, line in enumerate(lines, 1) if not line.isascii()}


def _counted(lines: dict[int, bytes]) -> list[int]:
    """How many of these lines there are up to each line, from 0 to the last of them."""
    return list(accumulate(line in lines for line in range(max(lines) + 1)))
