"""Operators and subscripts: the special methods that they call."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from blocklint.facts import records as r
from blocklint.flow.annotations import instances, is_type
from blocklint.flow.attributes import as_library, read
from blocklint.flow.base import Frame
from blocklint.flow.comparisons import is_builtin
from blocklint.flow.edges import CallSite
from blocklint.flow.protocols import among, ask, ask_hash, ask_truth, call_special, method_of, site
from blocklint.flow.rendering import by_percent
from blocklint.flow.sequences import LIST, positions, sliced, summed
from blocklint.flow.unpacking import ELEMENTS, as_tuples
from blocklint.model import Via
from blocklint.project.values import (
    Instance,
    LibraryInstance,
    Literal,
    Mapping,
    Tuple,
    TypeForm,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
    union,
    unknown,
)

SLICE: Values = (LibraryInstance("builtins.slice"),)


def item_of(frame: Frame, value: Value, index: Values, where: CallSite) -> Values:
    """The value of ``value[index]``."""
    key = index[0].value if len(index) == 1 and type(index[0]) is Literal else None
    if type(value) is LibraryInstance:
        return _item_of_library(frame, value, index, key, where)
    if type(value) is Mapping:
        ask_hash(frame, index, where)
        named = dict(value.items)
        if key is not None and key in named:
            return named[key]
        # Another key than those that are known: one that is known of none.
        return value.others if key is not None and value.others else gather([*named.values(), value.others])
    if type(value) is Tuple:
        return _at(value.items, key)
    if type(value) is Instance:
        if isinstance(key, int) and (plain := as_tuples(frame.inference, (value,))) != (value,):
            return item_of(frame, plain[0], index, where)
        if isinstance(key, str) and "typing.TypedDict" in frame.inference.mro(value.cls):
            return read(frame, (value,), key, where)
        found = call_special(frame, value, "__getitem__", (index,), where)
        return union(ask(frame, (value,), ("__missing__",), (index,), _perhaps(where)), found)
    if type(value) is Wrapper and value.kind == "namespace" and isinstance(key, str):
        return read(frame, value.target, key, where)
    return unknown(value, "item")


def _item_of_library(
    frame: Frame, value: LibraryInstance, index: Values, key: object, where: CallSite
) -> Values:
    arguments = value.arguments
    if len(arguments) == 2 and value.name == "builtins.dict":
        ask_hash(frame, index, where)
        return arguments[1]
    if arguments and value.name in ELEMENTS:
        if index == SLICE:
            return (value,)
        if "__index__" in frame.inference.project.special_methods:
            ask(frame, index, ("__index__",), (), where)
        parts = positions(value) if len(arguments) == 2 else None
        return arguments[0] if parts is None else _at(parts, key)
    return call_special(frame, value, "__getitem__", (index,), where)


def _perhaps(where: CallSite) -> CallSite:
    """The site of what runs only where a key is not there."""
    return msgspec.structs.replace(where, candidates=max(where.candidates, 2))


def _at(items: tuple[Values, ...], key: object) -> Values:
    """The element at a place, any of them if the place is not known."""
    return items[key] if isinstance(key, int) and -len(items) <= key < len(items) else gather(items)


def slice_of(frame: Frame, value: Value, bounds: Sequence[r.Expression], where: CallSite) -> Values:
    """The value of ``value[a:b:c]``; ``bounds`` are the expressions, None for one that is left out."""
    if positions(value) is None:
        for bound in bounds:
            frame.inference.evaluate(frame, bound)
        return item_of(frame, value, SLICE, where)
    return (sliced(value, [frame.inference.evaluate(frame, bound) for bound in bounds]),)


OPERATIONS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow",
    "@": "matmul", "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
}  # fmt: skip
FORWARD = {operator: f"__{name}__" for operator, name in OPERATIONS.items()}
REFLECTED = {operator: f"__r{name}__" for operator, name in OPERATIONS.items()}
IN_PLACE = {operator: f"__i{name}__" for operator, name in OPERATIONS.items()}
UNARY = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}

KEEPS_CLASS = frozenset({"/", "+", "-", "*", "|", "%"})
"""The operators whose result is of the left operand's class where that is a builtin one."""


def binary(frame: Frame, left: Values, right: Values, operator: str, node: r.Expression) -> Values:
    """The value of an operator applied to two operands; the right one may have the method for it."""
    return gather(_operated(frame, value, left, right, operator, node) for value in left)


def _operated(
    frame: Frame, value: Value, left: Values, right: Values, operator: str, node: r.Expression
) -> Values:
    inference = frame.inference
    name, plain = FORWARD.get(operator, ""), as_library(value) or value
    builtin = is_builtin(plain)
    if type(plain) is Instance:
        if method_of(inference, plain, (name,)) is not None:
            where = among(site(node, Via.OPERATOR), left)
            return call_special(frame, plain, name, (right,), where)
    elif type(plain) is not LibraryInstance:
        return (Unknown("operator"),)
    elif not builtin:
        return call_special(frame, plain, name, (right,), site(node, Via.OPERATOR))
    reflected = REFLECTED.get(operator, "")
    if reflected in inference.project.special_methods:
        result = ask(frame, right, (reflected,), ((value,),), site(node, Via.OPERATOR))
        if result:
            return result
    if not builtin or operator not in KEEPS_CLASS:
        return (Unknown("operator"),)
    if operator == "%" and isinstance(plain, LibraryInstance) and plain.name == "builtins.str":
        by_percent(frame, value, right, site(node, Via.OPERATOR))
    if operator == "+":
        sums = [found for each in right if (found := summed(value, each)) is not None]
        if sums:
            return tuple(sums)
    if type(value) is LibraryInstance and len(value.arguments) == 2 and value.name == LIST:
        return (LibraryInstance(LIST, value.arguments[:1]),)  # where its elements stand is not known
    return (plain,)


def operation(frame: Frame, node: r.Operator) -> Values:
    """The value of an arithmetic or logical operation, a union of types among them."""
    values = [frame.inference.evaluate(frame, operand) for operand in node.operands]
    if len(values) == 1:
        return _unary(frame, values[0], node)
    if "|" in node.operators and all(v and all(map(is_type, v)) for v in values):
        return (TypeForm(gather(map(instances, values))),)
    result = values[0]
    for operator, right in zip(node.operators, values[1:], strict=False):
        result = binary(frame, result, right, operator, node)
    return result


def _unary(frame: Frame, values: Values, node: r.Operator) -> Values:
    """The value of ``not x``, ``-x``, ``+x`` or ``~x``."""
    special, operator = frame.inference.project.special_methods, node.operators[0]
    if operator == "-" and len(values) == 1 and type(values[0]) is Literal:
        number = values[0].value
        return (Literal(-number),) if isinstance(number, int) else (Unknown("operator"),)
    if operator == "not":
        ask_truth(frame, values, site(node.operands[0], Via.OPERATOR))
    elif UNARY.get(operator) in special:
        result = ask(frame, values, (UNARY[operator],), (), site(node, Via.OPERATOR))
        return result or (Unknown("operator"),)
    return (Unknown("operator"),)
