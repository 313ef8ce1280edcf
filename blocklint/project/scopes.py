"""What the names of a module or class body are bound to, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from blocklint.facts import records as r
from blocklint.project.versions import taken

Step = int | tuple[int, int]
"""A place in what is unpacked, from its end if negative; for a starred target how many parts stand
before and behind what it takes."""
Path = tuple[Step, ...]


class Binding(msgspec.Struct, frozen=True, eq=False):
    """One way in which a scope binds a name.

    ``kind``: function, class, import, assign, annotated (without a value), iterate, enter,
    except, walrus, augment, alias (PEP 695). ``value`` is the expression that is bound (or
    iterated, or entered); ``path`` leads into it where it is unpacked. ``conditional``:
    not on every way through the body.
    """

    kind: str
    name: str
    statement: r.Statement
    value: r.Expression | None = None
    annotation: r.Expression | None = None
    path: Path = ()
    imported: r.Alias | None = None
    conditional: bool = False


Bindings = dict[str, list[Binding]]


def bindings(body: Sequence[r.Statement], rebinding: bool = True) -> Bindings:
    """The bindings of a module or class body in order, of a function's without ``rebinding``.

    A later binding that is certain to be executed replaces the earlier ones, except that the
    replaced ones stay before it in the list if its own value reads the name (``f = wrap(f)``).
    """
    found: Bindings = {}
    for binding in _walk(body, False):
        earlier = found.setdefault(binding.name, [])
        if earlier and (_replaces(binding) or (rebinding and _rebinds(body, binding, earlier))):
            earlier.clear()
        earlier.append(binding)
    return found


def _replaces(binding: Binding) -> bool:
    """Whether a definition replaces what is before it, whoever reads that."""
    if binding.conditional or binding.kind not in ("function", "class"):
        return False
    match binding.statement:
        case r.DefineFunction(function=function):
            return not any(_is_accessor(decorator) for decorator in function.decorators)
        case _:
            return True


def _rebinds(body: Sequence[r.Statement], binding: Binding, earlier: Sequence[Binding]) -> bool:
    """Whether an assignment on every way through a body replaces what nothing there has read.

    Functions read a name when they are called: behind it. What is annotated stays for its type.
    Only what names a function counts: settings, made by calls, are bound again and again.
    """
    if binding.conditional or binding.kind != "assign" or type(binding.value) not in NAMING or binding.path:
        return False
    if any(each.annotation is not None for each in earlier):
        return False
    if _reads(binding.value, binding.name):  # ``f = wrap(f)``: the commonest, and soon seen
        return False
    last, first = binding.statement, earlier[0].statement
    within = False
    for statement in reversed(body):
        within = within or statement is last
        if within and _reads(statement, binding.name):
            return False
        if statement is first:
            break
    return within


NAMING = frozenset({r.Name, r.Attribute, r.Lambda})


def _reads(part: object, name: str) -> bool:
    """Whether a statement or expression reads a name now; functions' bodies do later."""
    stack: list[Any] = [part]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is r.Name:
            if node.name == name:
                return True
        elif kind is tuple:
            stack.extend(node)
        elif kind is r.Function:
            stack += (node.decorators, node.parameters)
        elif kind is r.Assign:
            stack.append(node.value)
            stack += [each for each in node.targets if type(each) is not r.Name]
        elif isinstance(node, r.Record) and kind is not r.Constant:
            stack += [getattr(node, field) for field in node.__struct_fields__ if field != "span"]
    return False


def _is_accessor(decorator: r.Expression) -> bool:
    """``@name.setter``, ``@name.register``…: the earlier definition is still in use."""
    return isinstance(decorator, r.Attribute) and isinstance(decorator.value, r.Name)


def _walk(body: Sequence[r.Statement], conditional: bool) -> Iterator[Binding]:
    for statement in body:
        if type(statement) in BINDING_NOTHING:  # by far the most
            continue
        if type(statement) is r.Assign:
            yield from _assigned(statement, conditional)
        elif type(statement) is r.Import:
            for alias in statement.names:
                yield Binding("import", alias.bound, statement, imported=alias, conditional=conditional)
        elif type(statement) is r.DefineFunction:
            name = statement.function.name.rpartition(".")[2]
            yield Binding("function", name, statement, conditional=conditional)
        elif type(statement) is r.DefineClass:
            name = statement.definition.name.rpartition(".")[2]
            yield Binding("class", name, statement, conditional=conditional)
        else:
            yield from _nested(statement)
            yield from _walruses(statement, conditional)


BINDING_NOTHING = frozenset({r.Evaluate, r.Return, r.Raise, r.Assert, r.Jump, r.Delete, r.Declare})


def _assigned(statement: r.Assign, conditional: bool) -> Iterator[Binding]:
    kind = {"": "assign", "type": "alias"}.get(statement.operator, "augment")
    if statement.value is None:
        kind = "annotated"
    for target in statement.targets:
        named = ((target.name, ()),) if type(target) is r.Name else targets(target)
        for name, path in named:
            yield Binding(
                kind, name, statement, statement.value, statement.annotation, path,
                conditional=conditional,
            )  # fmt: skip


def _nested(statement: r.Statement) -> Iterator[Binding]:
    """Bindings of compound statements and of what stands in their suites."""
    if type(statement) is r.Loop:
        if statement.target is not None:
            for name, path in targets(statement.target):
                yield Binding("iterate", name, statement, statement.iterable, None, path, conditional=True)
    elif type(statement) is r.With:
        for item in statement.items:
            if item.target is not None:
                for name, path in targets(item.target):
                    yield Binding("enter", name, statement, item.context, None, path)
    elif type(statement) is r.Try:
        for handler in statement.handlers:
            if handler.name:
                yield Binding("except", handler.name, statement, handler.type, conditional=True)
    hidden = _for_types_only(statement) if type(statement) is r.If else ()
    for suite, conditional in (taken(statement) if type(statement) is r.If else None) or suites(statement):
        if hidden:
            yield from (each for each in _walk(suite, True) if each.name not in hidden)
            hidden = ()
        else:
            yield from _walk(suite, conditional)


def _for_types_only(statement: r.If) -> frozenset[str] | tuple[()]:
    """The names under ``if TYPE_CHECKING:`` for which something else stands where code runs.

    What stands in for ``Any`` or another plain value is kept: it says what those are who are
    annotated with it.
    """
    if getattr(statement.branches[0].test, "name", "") != "TYPE_CHECKING":
        return ()
    types_only, *others = [suite for suite, _ in suites(statement)]
    functions = {each.name for each in _walk(types_only, True) if each.kind == "function"}
    return frozenset(
        each.name
        for suite in others
        for each in _walk(suite, True)
        if each.kind in ("function", "class", "import") or each.name in functions
    )


def first_line(statement: r.Statement) -> int:
    """The line on which a statement begins, its decorators not counted."""
    if type(statement) is r.DefineFunction:
        return statement.function.span[0]
    if type(statement) is r.DefineClass:
        return statement.definition.span[0]
    return statement.span[0]  # type: ignore[union-attr]  # definitions are told apart above


def suites(statement: Any) -> Iterator[tuple[Sequence[r.Statement], bool]]:
    """The suites of a compound statement (not of definitions) and whether each is conditional."""
    kind = type(statement)  # asking a record for its class is slow where the answer is no
    if kind is r.If:
        for branch in statement.branches:
            yield branch.body, True
        yield statement.orelse, True
    elif kind is r.Try:
        yield statement.body, True
        for handler in statement.handlers:
            yield handler.body, True
        yield statement.orelse, True
        yield statement.final, False
    elif kind is r.Loop:
        yield statement.body, True
        yield statement.orelse, True
    elif kind is r.With:
        yield statement.body, False
    elif kind is r.Match:
        for case in statement.cases:
            yield case.body, True


def _walruses(statement: r.Statement, conditional: bool) -> Iterator[Binding]:
    match statement:
        case r.If(branches=branches):
            tests = [branch.test for branch in branches]
        case r.Loop(kind="while", iterable=test):
            tests = [test]
        case _:
            return
    for test in tests:
        if isinstance(test, r.Walrus):
            yield Binding("walrus", test.name, statement, test.value, conditional=conditional)


def targets(target: r.Expression, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """The names a target binds, each with its path into the value that is unpacked."""
    if type(target) is r.Name:
        yield target.name, path
    elif type(target) is r.Collection:
        for step, item in zip(steps(target.items), target.items, strict=True):
            yield from targets(item, (*path, step))
    elif type(target) is r.Starred:
        yield from targets(target.value, path)


def steps(items: Sequence[r.Expression]) -> list[Step]:
    """Where the parts of a target stand in what is unpacked."""
    return places([type(item) is r.Starred for item in items])


def places(starred: Sequence[bool]) -> list[Step]:
    """Where parts of which one may be starred stand in a sequence: behind it, counted from the end."""
    first = starred.index(True) if True in starred else len(starred)
    behind = len(starred) - first - 1
    return [*range(first), (first, behind), *range(-behind, 0)][: len(starred)]


def definitions(body: Sequence[r.Statement]) -> list[r.DefineFunction | r.DefineClass]:
    """Every function and class defined in a body, at any depth, in source order."""
    found: list[r.DefineFunction | r.DefineClass] = []
    stack = list(reversed(body))
    while stack:
        statement = stack.pop()
        if type(statement) is r.DefineFunction:
            found.append(statement)
            if statement.function.has_definitions:
                stack.extend(reversed(statement.function.body))
        elif type(statement) is r.DefineClass:
            found.append(statement)
            stack.extend(reversed(statement.definition.body))
        elif type(statement) in COMPOUND:
            for suite, _ in reversed(list(suites(statement))):
                stack.extend(reversed(suite))
    return found


COMPOUND = frozenset({r.If, r.Loop, r.With, r.Try, r.Match})


def scope_statements(body: Sequence[r.Statement]) -> list[r.Statement]:
    """Every statement of a body and of its classes' bodies, but not of its functions'."""
    found: list[r.Statement] = []
    stack = list(reversed(body))
    while stack:
        statement = stack.pop()
        found.append(statement)
        if type(statement) is r.DefineClass:
            stack.extend(reversed(statement.definition.body))
        elif type(statement) in COMPOUND:
            for suite, _ in reversed(list(suites(statement))):
                stack.extend(reversed(suite))
    return found
