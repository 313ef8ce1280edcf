"""Statements and definitions: one handler per node class."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from blocklint.facts import records as r
from blocklint.facts.lower.expressions import (
    annotation,
    expression,
    keywords,
    optional,
    parameters,
)
from blocklint.facts.lower.operators import OPERATORS
from blocklint.facts.lower.state import State

Body = tuple[r.Statement, ...]


def body(state: State, nodes: Sequence[ast.stmt]) -> Body:
    """Lower a suite. A statement nested too deeply to be read becomes an Opaque expression."""
    lowered: list[r.Statement] = []
    depth, was_plain = len(state.scopes), state.is_plain
    for node in nodes:
        kind = type(node)
        handler = HANDLERS.get(kind)
        if handler is None or (kind is ast.Expr and _is_docstring(node)):  # Pass
            continue
        if not was_plain:
            state.is_plain = state.has_plain_lines(node)
        try:
            lowered.append(handler(state, node))
        except RecursionError:
            state.unwind(depth)
            state.is_plain = was_plain
            span = state.span(node)
            lowered.append(r.Evaluate(span, r.Opaque(span, "nested too deeply")))
    state.is_plain = was_plain
    return tuple(lowered)


def _is_docstring(node: ast.stmt) -> bool:
    return (
        type(node) is ast.Expr
        and type(node.value) is ast.Constant
        and type(node.value.value) is not bool
    )


def _assign(state: State, node: ast.Assign) -> r.Statement:
    value = expression(state, node.value)
    if len(node.targets) == 1:  # as good as always
        return r.Assign(state.span(node), (expression(state, node.targets[0]),), value)
    targets = tuple([expression(state, target) for target in node.targets])
    return r.Assign(state.span(node), targets, value)


def _annotated(state: State, node: ast.AnnAssign) -> r.Statement:
    hint = annotation(state, node.annotation)
    is_alias = getattr(hint, "name", "") == "TypeAlias"
    value = annotation(state, node.value) if is_alias else optional(state, node.value)
    return r.Assign(state.span(node), (expression(state, node.target),), value, hint)


def _augmented(state: State, node: ast.AugAssign) -> r.Statement:
    value, target = expression(state, node.value), expression(state, node.target)
    return r.Assign(state.span(node), (target,), value, None, OPERATORS[type(node.op)])


def _type_alias(state: State, node: Any) -> r.Statement:
    value = annotation(state, node.value)
    target = expression(state, node.name)
    return r.Assign(
        state.span(node), (target,), value, None, "type", _type_parameters(state, node)
    )


def _evaluate(state: State, node: ast.Expr) -> r.Statement:
    return r.Evaluate(state.span(node), expression(state, node.value))


def _return(state: State, node: ast.Return) -> r.Statement:
    return r.Return(state.span(node), optional(state, node.value))


def _if(state: State, node: ast.If) -> r.Statement:
    span, branches, orelse = state.span(node), [], node.orelse
    branches.append(r.Branch(expression(state, node.test), body(state, node.body)))
    while len(orelse) == 1 and type(orelse[0]) is ast.If:
        test = expression(state, orelse[0].test)
        branches.append(r.Branch(test, body(state, orelse[0].body)))
        orelse = orelse[0].orelse
    return r.If(span, tuple(branches), body(state, orelse))


def _for(state: State, node: ast.For | ast.AsyncFor) -> r.Statement:
    iterable, target = expression(state, node.iter), expression(state, node.target)
    kind = "for"
    if type(node) is ast.AsyncFor:
        kind, state.scope.awaits = "async for", True
    suites = body(state, node.body), body(state, node.orelse)
    return r.Loop(state.span(node), kind, target, iterable, *suites)


def _while(state: State, node: ast.While) -> r.Statement:
    test = expression(state, node.test)
    suites = body(state, node.body), body(state, node.orelse)
    return r.Loop(state.span(node), "while", None, test, *suites)


def _with(state: State, node: ast.With | ast.AsyncWith) -> r.Statement:
    items = tuple(
        r.WithItem(expression(state, item.context_expr), optional(state, item.optional_vars))
        for item in node.items
    )
    is_async = type(node) is ast.AsyncWith
    if is_async:
        state.scope.awaits = True
    return r.With(state.span(node), is_async, items, body(state, node.body))


def _try(state: State, node: Any) -> r.Statement:
    main = body(state, node.body)
    handlers = []
    for handler in node.handlers:
        if handler.name:
            state.bind(handler.name)
        caught = optional(state, handler.type)
        suite = body(state, handler.body)
        handlers.append(r.Handler(state.span(handler), caught, handler.name, suite))
    rest = body(state, node.orelse), body(state, node.finalbody)
    return r.Try(state.span(node), main, tuple(handlers), *rest)


def _match(state: State, node: ast.Match) -> r.Statement:
    subject, cases = expression(state, node.subject), []
    for case in node.cases:
        pattern = _pattern(state, case.pattern)
        guard = optional(state, case.guard)
        cases.append(r.Case(pattern, guard, body(state, case.body)))
    return r.Match(state.span(node), subject, tuple(cases))


def _pattern(state: State, node: ast.pattern) -> r.Pattern:
    match node:
        case ast.MatchValue(value=value):
            return r.Pattern("value", expression(state, value))
        case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=named):
            children = tuple(_pattern(state, child) for child in (*patterns, *named))
            return r.Pattern("class", expression(state, cls), None, children, tuple(names))
        case ast.MatchSequence(patterns=patterns) | ast.MatchOr(patterns=patterns):
            kind = "or" if isinstance(node, ast.MatchOr) else "sequence"
            return r.Pattern(kind, None, None, tuple(_pattern(state, child) for child in patterns))
        case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
            children = tuple(_pattern(state, child) for child in patterns)
            constants = [key.value for key in keys if isinstance(key, ast.Constant)]
            texts = tuple([value for value in constants if isinstance(value, str)])
            keyed = texts if len(texts) == len(keys) else ()
            return r.Pattern("mapping", None, _bound(state, rest), children, keyed)
        case ast.MatchAs(pattern=inner, name=name):
            children = () if inner is None else (_pattern(state, inner),)
            return r.Pattern("capture", None, _bound(state, name), children)
        case ast.MatchStar(name=name):
            return r.Pattern("star", None, _bound(state, name))
        case _:
            return r.Pattern("any")


def _bound(state: State, name: str | None) -> str | None:
    if name is not None:
        state.bind(name)
    return name


def _raise(state: State, node: ast.Raise) -> r.Statement:
    return r.Raise(state.span(node), optional(state, node.exc), optional(state, node.cause))


def _assert(state: State, node: ast.Assert) -> r.Statement:
    return r.Assert(state.span(node), expression(state, node.test), optional(state, node.msg))


def _jump(state: State, node: ast.Break | ast.Continue) -> r.Statement:
    return r.Jump(state.span(node), type(node).__name__.lower())


def _delete(state: State, node: ast.Delete) -> r.Statement:
    return r.Delete(state.span(node), tuple(expression(state, t) for t in node.targets))


def _import(state: State, node: ast.Import) -> r.Statement:
    names = []
    for alias in node.names:
        state.imported.add(alias.name)
        bound = alias.asname or alias.name.partition(".")[0]
        state.bind(bound)
        names.append(r.Alias(alias.name if alias.asname else bound, bound))
    return r.Import(state.span(node), False, 0, "", tuple(names))


def _import_from(state: State, node: ast.ImportFrom) -> r.Statement:
    module, level = node.module or "", node.level
    if not level:
        state.imported.add(module)
    names = tuple(r.Alias(alias.name, alias.asname or alias.name) for alias in node.names)
    for alias in names:
        state.bind(alias.bound)
    return r.Import(state.span(node), True, level, module, names)


def _declare(state: State, node: ast.Global | ast.Nonlocal) -> r.Statement:
    scope, kind = state.scope, type(node).__name__.lower()
    names = scope.declared_global if kind == "global" else scope.declared_nonlocal
    names.update(dict.fromkeys(node.names))
    return r.Declare(state.span(node), kind, tuple(node.names))


def _type_parameters(state: State, node: Any) -> tuple[r.TypeParameter, ...]:
    listed = getattr(node, "type_params", ())  # Python 3.12 and later
    return tuple(
        r.TypeParameter(item.name, annotation(state, getattr(item, "bound", None)))
        for item in listed
    )


def _function(state: State, node: ast.FunctionDef | ast.AsyncFunctionDef) -> r.Statement:
    state.bind(node.name)
    state.scope.has_definitions = True
    decorators = tuple(expression(state, decorator) for decorator in node.decorator_list)
    type_parameters = _type_parameters(state, node)
    listed = parameters(state, node.args)
    returns, owner = annotation(state, node.returns), state.owner()
    outer, state.renamed = state.renamed, {}
    scope = state.open(node.name, "function")
    ordinal = state.next_ordinal(scope.name)
    for parameter in listed:
        state.bind(parameter.name)
    suite = body(state, node.body)
    state.close()
    state.renamed = outer
    function = r.Function(
        state.span(node), scope.name, ordinal, owner, listed, returns, decorators,
        type_parameters, suite, type(node) is ast.AsyncFunctionDef, scope.is_generator,
        _is_stub(suite), scope.local_names(), tuple(scope.declared_global),
        tuple(scope.declared_nonlocal),
        tuple(sorted(scope.called)), tuple(sorted(scope.stored)), tuple(sorted(scope.filled)),
        scope.has_definitions, scope.awaits,
    )  # fmt: skip
    return r.DefineFunction(state.note_function(function))


def _is_stub(suite: Body) -> bool:
    """Nothing but a docstring, ``...``, ``pass`` (all dropped) or ``raise NotImplementedError``."""
    match suite:
        case ():
            return True
        case (r.Raise(value=r.Name(name=name) | r.Call(callee=r.Name(name=name))),):
            return name == "NotImplementedError"
        case _:
            return False


def _class(state: State, node: ast.ClassDef) -> r.Statement:
    state.bind(node.name)
    state.scope.has_definitions = True
    decorators = tuple(expression(state, decorator) for decorator in node.decorator_list)
    type_parameters = _type_parameters(state, node)
    bases = tuple(annotation(state, base) or expression(state, base) for base in node.bases)
    named = keywords(state, node.keywords)
    outer, state.renamed = state.renamed, {}
    scope = state.open(node.name, "class")
    ordinal = state.next_ordinal(scope.name)
    suite = body(state, node.body)
    state.close()
    state.renamed = outer
    return r.DefineClass(
        r.Class(
            state.span(node), scope.name, ordinal, bases, named, decorators, type_parameters, suite
        )
    )


HANDLERS: dict[type[ast.AST], Callable[[State, Any], r.Statement]] = {
    ast.Assign: _assign, ast.AnnAssign: _annotated, ast.AugAssign: _augmented,
    ast.Expr: _evaluate, ast.Return: _return, ast.If: _if, ast.For: _for, ast.AsyncFor: _for,
    ast.While: _while, ast.With: _with, ast.AsyncWith: _with, ast.Try: _try, ast.Match: _match,
    ast.Raise: _raise, ast.Assert: _assert, ast.Break: _jump, ast.Continue: _jump,
    ast.Delete: _delete, ast.Import: _import, ast.ImportFrom: _import_from, ast.Global: _declare,
    ast.Nonlocal: _declare, ast.FunctionDef: _function, ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class, ast.TryStar: _try,
}  # fmt: skip
if hasattr(ast, "TypeAlias"):  # Python 3.12
    HANDLERS[ast.TypeAlias] = _type_alias
