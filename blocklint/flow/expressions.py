"""Expressions: one handler per record of the union ``records.Expression``.

Left spines (``a.b().c()…``) are folded with a loop, as in lowering: a chain may be longer than
the stack is deep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blocklint.facts import records as r
from blocklint.flow import filling, metaclasses
from blocklint.flow.annotations import is_type, subscripted
from blocklint.flow.attributes import of_library, of_module, read
from blocklint.flow.base import Frame
from blocklint.flow.chains import INERT, is_list
from blocklint.flow.comparisons import comparison
from blocklint.flow.containers import merged
from blocklint.flow.displays import collection, comprehension
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.flow.iteration import awaited, element
from blocklint.flow.operators import item_of, operation, slice_of
from blocklint.flow.plain import plain_result
from blocklint.flow.protocols import among, ask_items, site
from blocklint.flow.readiness import narrowed
from blocklint.flow.rendering import formatted
from blocklint.flow.short_circuits import boolean, conditional
from blocklint.model import Via
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Mapping,
    Module,
    Suspended,
    Tuple,
    Unknown,
    Values,
    gather,
    union,
    without_none,
)


def evaluate(frame: Frame, expression: r.Expression) -> Values:
    """The values of an expression; the calls it makes are recorded in the frame."""
    kind = type(expression)
    if kind is r.Name:
        return frame.lookup(expression.name)  # type: ignore[union-attr]
    link = LINKS.get(kind)
    if link is None:
        return HANDLERS[kind](frame, expression)
    inner: Any = expression.callee if kind is r.Call else expression.value  # type: ignore[union-attr]
    kind = type(inner)
    if kind is r.Name:  # the common cases first: f(), x.y and x.f()
        return link(frame, expression, frame.lookup(inner.name))
    if kind is r.Attribute and type(inner.value) is r.Name:
        return link(frame, expression, _attribute(frame, inner, frame.lookup(inner.value.name)))
    links: list[Any] = [expression]
    while kind in LINKS:
        links.append(inner)
        inner = inner.callee if kind is r.Call else inner.value
        kind = type(inner)
    values = evaluate(frame, inner)
    for node in reversed(links):
        values = LINKS[type(node)](frame, node, values)
    return values


# -------------------------------------------------------------------- chains


def _attribute(frame: Frame, node: r.Attribute, values: Values) -> Values:
    name = node.name
    if frame.ready:
        left = narrowed(frame.ready, node)
        if left is not None:
            return left
    if len(values) == 2:
        values = without_none(values)
    if len(values) == 1:  # the common cases first: those whose reading makes no call
        value: Any = values[0]
        kind = type(value)
        if kind is LibraryInstance:
            plain = frame.inference.library_attributes[value, name]
            if plain is None:
                plain = of_library(frame, value, name, site(node, Via.ATTRIBUTE))
            return plain
        elif kind is Unknown:
            return values
        elif kind is Module:
            return of_module(frame.inference, value, name)
        elif kind is Library:
            return frame.inference.library_members[f"{value.name}.{name}"]
        elif kind is LibraryMethod:
            return (LibraryMethod(value.receiver, f"{value.path}.{name}"),)
        elif kind is Instance:
            member = frame.inference.instance_member(value, name)
            if not member.getters and member.library is None:
                return member.values
    return read(frame, values, name, site(node, Via.ATTRIBUTE))


def _call(frame: Frame, node: r.Call, values: Values) -> Values:
    fills = type(node.callee) is r.Attribute and node.callee.name in r.FILLING
    if len(values) == 1 and not fills and type(values[0]) in LIBRARY:
        result = plain_result(frame, node, values[0])
        if result is not None:
            if node.arguments or node.keywords:
                _run_arguments(frame, node)
            return result
    where = CallSite(node.span, node.callee, Via.CALL)
    if len(values) == 1 and type(values[0]) is Unknown and not fills:
        _run_arguments(frame, node)
        frame.record(Edge(where, None, values[0].reason))
        return values
    arguments = _arguments(frame, node)
    if not values:
        frame.record(Edge(where, None, "nothing known"))
        return NOTHING
    if fills:
        values = filling.by_method(frame, node, values, arguments)
    return frame.inference.call(frame, values, arguments, where)


LIBRARY = frozenset({Library, LibraryMethod})


def _run_arguments(frame: Frame, node: r.Call) -> None:
    for argument in node.arguments:
        if type(argument) not in INERT:
            evaluate(frame, argument)
    for keyword in node.keywords:
        if type(keyword.value) not in INERT:
            evaluate(frame, keyword.value)


def _arguments(frame: Frame, node: r.Call) -> Arguments:
    positional: list[Values] = []
    keywords: list[tuple[str, Values]] = []
    is_open, unpacked = False, NOTHING
    for argument in node.arguments:
        if type(argument) is r.Starred and is_list(argument.value):
            positional += [evaluate(frame, item) for item in argument.value.items]
        elif type(argument) is r.Starred:
            values = evaluate(frame, argument.value)
            if len(values) == 1 and type(values[0]) is Tuple:
                positional += values[0].items
            else:
                is_open = True
                given = element(frame, values, site(argument.value, Via.ITERATION), False)
                unpacked = union(unpacked, given)
        elif type(argument) is r.Name:
            positional.append(frame.lookup(argument.name))
        else:
            positional.append(evaluate(frame, argument))
    for keyword in node.keywords:
        values = evaluate(frame, keyword.value)
        if keyword.name is not None:
            keywords.append((keyword.name, values))
            continue
        if len(values) == 1 and type(values[0]) is Mapping:
            keywords += [(str(key), value) for key, value in values[0].items]
            is_open = is_open or bool(values[0].others)
        else:
            is_open = True
            ask_items(frame, values, site(keyword.value, Via.OPERATOR))
    return Arguments(tuple(positional), tuple(keywords), is_open, node, unpacked)


def _subscript(frame: Frame, node: r.Subscript, values: Values) -> Values:
    if len(values) == 1 and type(values[0]) is Unknown:
        if type(node.index) not in INERT:
            evaluate(frame, node.index)
        return values
    if values and all(map(is_type, values)):
        found = metaclasses.item(frame, node, values[0]) if type(values[0]) is ClassObject else NOTHING
        if found:
            return found
        items = node.index.items if type(node.index) is r.Collection else (node.index,)
        return gather(subscripted(frame, value, items) for value in values)
    where = among(site(node, Via.OPERATOR), values)
    if type(node.index) is r.Collection and node.index.kind == "slice":
        values = without_none(values)
        return gather(slice_of(frame, value, node.index.items, where) for value in values)
    index = evaluate(frame, node.index)
    if len(values) == 1:
        return item_of(frame, values[0], index, where)
    values = merged(values)
    return gather(item_of(frame, value, index, where) for value in without_none(values))


def _await(frame: Frame, node: r.Await, values: Values) -> Values:
    if type(node.value) is r.Call:
        frame.retract(node.value.span)
    return awaited(frame, values, site(node.value, Via.AWAIT))


LINKS: dict[type, Callable[[Frame, Any, Values], Values]] = {
    r.Attribute: _attribute,
    r.Call: _call,
    r.Subscript: _subscript,
    r.Await: _await,
}


# --------------------------------------------------------------------- others


def _name(frame: Frame, node: r.Name) -> Values:
    return frame.lookup(node.name)


def _constant(frame: Frame, node: r.Constant) -> Values:
    if node.value is not None or node.kind == "None":
        return (Literal(node.value),)
    return (LibraryInstance(f"builtins.{node.kind}"),) if node.kind != "..." else NOTHING


def _yield(frame: Frame, node: r.Yield) -> Values:
    if node.value is None:
        frame.note_yield((NONE,))
        return NOTHING
    values = evaluate(frame, node.value)
    if node.is_from:
        frame.note_yield(element(frame, values, site(node.value, Via.ITERATION), False))
        return _returned(frame, values)
    frame.note_yield(values)
    return (Unknown("sent"),)


def _returned(frame: Frame, values: Values) -> Values:
    """The value of ``yield from``: what the generators return at their end."""
    ends = [v.activation for v in values if isinstance(v, Suspended) and v.kind == "generator"]
    found = without_none(gather(frame.inference.outcome(activation).returns for activation in ends))
    return found or (Unknown("sent"),)


def _lambda(frame: Frame, node: r.Lambda) -> Values:
    for parameter in node.function.parameters:
        if parameter.default is not None:
            evaluate(frame, parameter.default)
    return (FunctionObject(frame.file, node.function, frame.closure),)


def _walrus(frame: Frame, node: r.Walrus) -> Values:
    values = evaluate(frame, node.value)
    frame.assign(node.name, values)
    return values


def _starred(frame: Frame, node: r.Starred) -> Values:
    return element(frame, evaluate(frame, node.value), site(node.value, Via.ITERATION), False)


def _opaque(frame: Frame, node: r.Opaque) -> Values:
    return (Unknown(node.reason),)


HANDLERS: dict[type, Callable[[Frame, Any], Values]] = {
    r.Name: _name, r.Constant: _constant, r.Yield: _yield, r.Lambda: _lambda,
    r.Conditional: conditional, r.BooleanOperation: boolean, r.Comparison: comparison,
    r.Operator: operation, r.Collection: collection, r.Comprehension: comprehension,
    r.FormattedString: formatted, r.Walrus: _walrus, r.Starred: _starred, r.Opaque: _opaque,
}  # fmt: skip
