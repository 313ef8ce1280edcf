"""Expressions: one handler per node class.

The commonest nodes are read through ``__dict__``: CPython 3.11 does not specialise the reading of attributes
of ``ast`` nodes (a twenty-fifth of lowering, by instructions).

The left spine of chains (``a.b().c()…``) and sums is walked with a loop: a chain of 1,000 calls
and a sum of 900 terms are legal Python and deeper than the interpreter's stack.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from blocklint.facts import records as r
from blocklint.facts.lower.operators import OPERATORS
from blocklint.facts.lower.state import State

SETTING = frozenset({"setattr", "set_defaults"})
LONGEST_STRING = 80
"""Longer string constants are not kept: no rule needs their text."""


def expression(state: State, node: ast.expr) -> r.Expression:
    """Lower one expression."""
    if type(node) is ast.Name:  # a third of all
        fields = node.__dict__
        name = state.renamed.get(fields["id"], fields["id"]) if state.renamed else fields["id"]
        if type(fields["ctx"]) is ast.Store:
            state.scope.bound[name] = None
        if state.is_plain:
            return r.Name(fields["lineno"], fields["col_offset"] + 1, name)
        return r.Name(*state.span(node)[:2], name)
    try:
        handler = HANDLERS[type(node)]
    except KeyError:
        return r.Opaque(state.span(node), type(node).__name__)
    return handler(state, node)


def optional(state: State, node: ast.expr | None) -> r.Expression | None:
    """Lower an expression that may be absent."""
    return None if node is None else expression(state, node)


def annotation(state: State, node: ast.expr | None) -> r.Expression | None:
    """Lower a type annotation: string constants in it are parsed."""
    if node is None:
        return None
    before, state.in_annotation = state.in_annotation, True
    try:
        return expression(state, node)
    finally:
        state.in_annotation = before


def _chain(state: State, node: ast.expr) -> r.Expression:
    """Lower a chain of calls, attributes, subscripts and awaits, from its base outwards."""
    link: Any = node
    inner: Any = link.func if type(link) is ast.Call else link.value
    if type(inner) not in LINKS:  # half of all chains
        return LINKS[type(link)](state, link, expression(state, inner))
    links = [link]
    while type(inner) in LINKS:
        links.append(inner)
        inner = inner.func if type(inner) is ast.Call else inner.value
    value = expression(state, inner)
    for link in reversed(links):
        value = LINKS[type(link)](state, link, value)
    return value


def _attribute(state: State, node: ast.Attribute, value: r.Expression) -> r.Expression:
    fields = node.__dict__
    name = fields["attr"]
    if type(fields["ctx"]) is ast.Store:
        state.scope.stored.add(name)
    if state.is_plain:
        line, end_line, end_offset = fields["lineno"], fields["end_lineno"], fields["end_col_offset"]
        if end_line == line:
            end_line = line  # one object for both, as in State.span
        return r.Attribute(line, fields["col_offset"] + 1, end_line, end_offset + 1, value, name)
    return r.Attribute(*state.span(node), value, name)


def _call(state: State, node: ast.Call, callee: r.Expression) -> r.Expression:
    name, fields = state.note_call(callee), node.__dict__
    arguments: list[ast.expr] = fields["args"]
    if name == "cast" and arguments:
        lowered = [annotation(state, arguments[0]), *(expression(state, a) for a in arguments[1:])]
        positional = tuple(argument for argument in lowered if argument is not None)
    else:
        positional = _listed(state, arguments) if arguments else ()
    given = keywords(state, fields["keywords"]) if fields["keywords"] else ()
    if name in SETTING:
        _note_set(state, positional, given)
    return r.Call(state.span(node), callee, positional, given)


def _listed(state: State, nodes: list[ast.expr]) -> tuple[r.Expression, ...]:
    if len(nodes) == 1:  # most are, and a comprehension is a call of its own
        return (expression(state, nodes[0]),)
    return tuple([expression(state, node) for node in nodes]) if nodes else ()


def _note_set(state: State, arguments: tuple[r.Expression, ...], given: tuple[r.Keyword, ...]) -> None:
    """``setattr(x, "name", value)`` and argparse's ``set_defaults(name=value)`` store an attribute."""
    name = arguments[1] if len(arguments) == 3 else None
    if isinstance(name, r.Constant) and isinstance(name.value, str):
        state.scope.stored.add(name.value)
    state.scope.stored.update(keyword.name for keyword in given if keyword.name)


def keywords(state: State, nodes: list[ast.keyword]) -> tuple[r.Keyword, ...]:
    """Lower keyword arguments."""
    return tuple([r.Keyword(node.arg, expression(state, node.value)) for node in nodes])


def _subscript(state: State, node: ast.Subscript, value: r.Expression) -> r.Expression:
    if type(node.ctx) is ast.Store:
        state.note_fill(value)
    return r.Subscript(state.span(node), value, expression(state, node.slice))


def _await(state: State, node: ast.Await, value: r.Expression) -> r.Expression:
    state.scope.awaits = True
    return r.Await(state.span(node), value)


def _slice(state: State, node: ast.Slice) -> r.Expression:
    span, bounds = state.span(node), (node.lower, node.upper, *filter(None, [node.step]))
    parts = [r.Constant(*span[:2], "None", None) if p is None else expression(state, p) for p in bounds]
    return r.Collection(span, "slice", tuple(parts))


def _yield(state: State, node: ast.Yield | ast.YieldFrom) -> r.Expression:
    state.scope.is_generator = True
    return r.Yield(state.span(node), optional(state, node.value), type(node) is ast.YieldFrom)


def _conditional(state: State, node: ast.IfExp) -> r.Expression:
    return r.Conditional(state.span(node), *_listed(state, [node.test, node.body, node.orelse]))


def _boolean(state: State, node: ast.BoolOp) -> r.Expression:
    return r.BooleanOperation(state.span(node), OPERATORS[type(node.op)], _listed(state, node.values))


def _comparison(state: State, node: ast.Compare) -> r.Expression:
    operators = tuple([OPERATORS[type(operator)] for operator in node.ops])
    return r.Comparison(state.span(node), operators, _listed(state, [node.left, *node.comparators]))


def _binary(state: State, node: ast.BinOp) -> r.Expression:
    """Flatten the left spine: ``a + b - c`` is one record with three operands."""
    left: ast.expr = node
    terms, operators = [], []
    while type(left) is ast.BinOp:
        terms.append(left.right)
        operators.append(OPERATORS[type(left.op)])
        left = left.left
    operands = [expression(state, left), *(expression(state, term) for term in reversed(terms))]
    return r.Operator(state.span(node), tuple(reversed(operators)), tuple(operands))


def _unary(state: State, node: ast.UnaryOp) -> r.Expression:
    return r.Operator(state.span(node), (OPERATORS[type(node.op)],), (expression(state, node.operand),))


def _collection(state: State, node: ast.List | ast.Set | ast.Tuple) -> r.Expression:
    return r.Collection(state.span(node), type(node).__name__.lower(), _listed(state, node.elts))


def _dict(state: State, node: ast.Dict) -> r.Expression:
    keys = tuple([optional(state, key) for key in node.keys])
    return r.Collection(state.span(node), "dict", _listed(state, node.values), keys)


def _comprehension(state: State, node: Any) -> r.Expression:
    """Lower a comprehension; its variables get names that nothing else in the scope has."""
    outer, generations = state.renamed, []
    for generator in node.generators:
        iterable = expression(state, generator.iter)  # evaluated before its own variables exist
        state.comprehensions += 1
        target = generator.target
        nodes = [target] if type(target) is ast.Name else ast.walk(target)
        names = [node.id for node in nodes if type(node) is ast.Name]
        inner = {name: f"{name}@{state.comprehensions}" for name in names}
        state.renamed = {**state.renamed, **inner}
        lowered, conditions = expression(state, target), _listed(state, generator.ifs)
        state.scope.awaits |= bool(generator.is_async)
        generations.append(r.Generation(lowered, iterable, conditions, bool(generator.is_async)))
    key = expression(state, node.key) if isinstance(node, ast.DictComp) else None
    item = expression(state, node.value if isinstance(node, ast.DictComp) else node.elt)
    state.renamed = outer
    kind = COMPREHENSIONS[type(node)]
    return r.Comprehension(state.span(node), kind, item, key, tuple(generations))


def _formatted(state: State, node: ast.JoinedStr) -> r.Expression:
    return r.FormattedString(state.span(node), _listed(state, node.values))


def _formatted_value(state: State, node: ast.FormattedValue) -> r.Expression:
    value, conversion = expression(state, node.value), chr(node.conversion) if node.conversion > 0 else ""
    parts = (value, expression(state, node.format_spec)) if node.format_spec else (value,)
    return r.FormattedString(state.span(node), parts, conversion) if conversion or node.format_spec else value


def _constant(state: State, node: ast.Constant) -> r.Expression:
    value, kind = node.value, "str"
    kept: int | str | None
    if type(value) is str:
        if state.in_annotation and (parsed := _parsed_annotation(state, node, value)) is not None:
            return parsed
        kept = value if len(value) <= LONGEST_STRING else None
    else:
        kind = "..." if value is ... else "None" if value is None else type(value).__name__
        kept = value if isinstance(value, int) and -(2**62) < value < 2**62 else None
    if state.is_plain:
        return r.Constant(node.lineno, node.col_offset + 1, kind, kept)
    return r.Constant(*state.span(node)[:2], kind, kept)


def _parsed_annotation(state: State, node: ast.Constant, text: str) -> r.Expression | None:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # Annotated[int, "a text"]
    outer, plain = state.fixed_span, state.is_plain
    state.fixed_span, state.is_plain = state.span(node), False
    try:
        return expression(state, tree.body)
    finally:
        state.fixed_span, state.is_plain = outer, plain


def _walrus(state: State, node: ast.NamedExpr) -> r.Expression:
    # PEP 572: in a comprehension the name is bound in the enclosing function.
    state.bind(node.target.id)
    return r.Walrus(state.span(node), node.target.id, expression(state, node.value))


def _starred(state: State, node: ast.Starred) -> r.Expression:
    return r.Starred(state.span(node), expression(state, node.value))


def parameters(state: State, node: ast.arguments) -> tuple[r.Parameter, ...]:
    """Lower parameters; defaults and annotations belong to the enclosing scope, which is open."""
    plain = [*node.posonlyargs, *node.args]
    defaults = [*[None] * (len(plain) - len(node.defaults)), *node.defaults]
    kinds = ["positional"] * len(node.posonlyargs) + ["normal"] * len(node.args)
    rows = list(zip(plain, kinds, defaults, strict=True))
    if node.vararg:
        rows.append((node.vararg, "variadic", None))
    rows += [(a, "keyword", d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
    if node.kwarg:
        rows.append((node.kwarg, "keywords", None))
    return tuple([
        r.Parameter(arg.arg, kind, annotation(state, arg.annotation), optional(state, default))
        for arg, kind, default in rows
    ])


def _lambda(state: State, node: ast.Lambda) -> r.Expression:
    listed = parameters(state, node.args)
    state.scope.lambdas += 1
    outer, span = state.renamed, state.span(node)
    state.renamed = {k: v for k, v in outer.items() if all(k != each.name for each in listed)}
    scope = state.open(f"<lambda{state.scope.lambdas}>", "function")
    for parameter in listed:
        state.bind(parameter.name)
    body = (r.Return(state.span(node.body), expression(state, node.body)),)
    state.close()
    state.renamed = outer
    function = r.Function(
        span, scope.name, state.next_ordinal(scope.name), "", listed, None, (), (), body, False,
        scope.is_generator, False, scope.local_names(), (), (),
        tuple(sorted(scope.called)), tuple(sorted(scope.stored)), tuple(sorted(scope.filled)), False, False,
    )  # fmt: skip
    return r.Lambda(span, state.note_function(function))


LINKS: dict[type[ast.AST], Callable[[State, Any, r.Expression], r.Expression]] = {
    ast.Attribute: _attribute, ast.Call: _call, ast.Subscript: _subscript, ast.Await: _await,
}  # fmt: skip

COMPREHENSIONS = {
    ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict", ast.GeneratorExp: "generator",
}  # fmt: skip

HANDLERS: dict[type[ast.AST], Callable[[State, Any], r.Expression]] = {
    **dict.fromkeys(LINKS, _chain), ast.Constant: _constant, ast.Slice: _slice, ast.Yield: _yield,
    ast.YieldFrom: _yield, ast.IfExp: _conditional, ast.BoolOp: _boolean, ast.Compare: _comparison, ast.BinOp:
    _binary, ast.UnaryOp: _unary, ast.List: _collection, ast.Set: _collection, ast.Tuple: _collection,
    ast.Dict: _dict, ast.ListComp: _comprehension, ast.SetComp: _comprehension, ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension, ast.JoinedStr: _formatted, ast.FormattedValue: _formatted_value,
    ast.NamedExpr: _walrus, ast.Starred: _starred, ast.Lambda: _lambda,
}  # fmt: skip
