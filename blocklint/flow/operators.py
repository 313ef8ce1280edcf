"""Operators, subscripts and tests: the special methods that they call."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from blocklint.facts import records as r
from blocklint.flow.annotations import instances, is_type
from blocklint.flow.attributes import as_library, read
from blocklint.flow.base import Frame
from blocklint.flow.containers import TEXT
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.iteration import ELEMENTS, as_tuples
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
    gather,
    known,
    unknown,
    without_none,
)

SLICE: Values = (Unknown("slice"),)


def among(where: CallSite, values: Values) -> CallSite:
    """A site at which any of several operands may be meant."""
    count = len(without_none(values))
    return where if count <= 1 else msgspec.structs.replace(where, candidates=count)


def site(expression: r.Expression, via: Via) -> CallSite:
    """The site at which an expression is entered."""
    return CallSite(expression.span, expression, via)


def item_of(frame: Frame, value: Value, index: Values, where: CallSite) -> Values:
    """The value of ``value[index]``."""
    key = index[0].value if len(index) == 1 and isinstance(index[0], Literal) else None
    match value:
        case Tuple(items=items):
            if isinstance(key, int) and -len(items) <= key < len(items):
                return items[key]
            return gather(items)
        case Mapping(items=items, others=others):
            named = dict(items)
            if key is not None and not isinstance(key, bool) and key in named:
                return named[key]
            return gather([*named.values(), others])
        case LibraryInstance(name="builtins.dict", arguments=(_, element_values)):
            return element_values
        case LibraryInstance(name=name, arguments=(items_values,)) if name in ELEMENTS:
            return (value,) if index == SLICE else items_values
        case LibraryInstance():
            return call_special(frame, value, "__getitem__", (index,), where)
        case Instance():
            if isinstance(key, int) and (plain := as_tuples(frame.inference, (value,))) != (value,):
                return item_of(frame, plain[0], index, where)
            if isinstance(key, str) and "typing.TypedDict" in frame.inference.mro(value.cls):
                return read(frame, (value,), key, where)
            return call_special(frame, value, "__getitem__", (index,), where)
        case _:
            return unknown(value, "item")


def call_special(
    frame: Frame, value: Value, name: str, arguments: tuple[Values, ...], where: CallSite
) -> Values:
    """Call a special method if the value's class has it."""
    if isinstance(value, LibraryInstance):
        if frame.inference.catalog.method(value.name, name) is None:
            return (Unknown("item"),)
    member = read(frame, (value,), name, where)
    if not known(member):
        return (Unknown("item"),)
    return frame.inference.call(frame, member, Arguments(arguments), where)


def tested(frame: Frame, test: r.Expression, values: Values) -> None:
    """Ask the values of a test whether they are true: ``__bool__`` or ``__len__`` may run."""
    defined = frame.inference.project.truth_methods
    if not defined:
        return
    if type(test) is r.Operator and test.operators == ("not",):
        return tested(frame, test.operands[0], frame.inference.evaluate(frame, test.operands[0]))
    for value in values:
        if isinstance(value, Instance):
            for name in defined:
                found = frame.inference.find_member(value.cls, name)
                if found is not None and not isinstance(found[0], str):
                    call_special(frame, value, name, (), site(test, Via.OPERATOR))
                    break


COMPARISONS = {
    "==": "__eq__", "!=": "__eq__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__",
    "in": "__contains__", "not in": "__contains__",
}  # fmt: skip


def is_object(value: Value) -> bool:
    """Whether a library object is more than a builtin value."""
    return isinstance(value, LibraryInstance) and not value.name.startswith("builtins.")


OPERATIONS = {"/": "__truediv__", "+": "__add__", "-": "__sub__", "*": "__mul__", "|": "__or__"}


def operated(frame: Frame, value: Value, operator: str, node: r.Operator) -> Values:
    """The value of an operator applied to a left operand."""
    name = OPERATIONS.get(operator, "")
    plain = as_library(value) or value
    if name and isinstance(plain, Instance | LibraryInstance):
        if isinstance(plain, LibraryInstance) and plain.name.startswith("builtins."):
            return (plain,)
        return call_special(frame, plain, name, (), site(node, Via.OPERATOR))
    return (Unknown("operator"),)


INERT = frozenset({r.Name, r.Constant})
"""Expressions whose evaluation calls nothing."""


def run(frame: Frame, expressions: Iterable[r.Expression]) -> None:
    """Evaluate expressions for the calls in them; what they are is of no use."""
    for expression in expressions:
        if type(expression) not in INERT:
            frame.inference.evaluate(frame, expression)


BOOL: Values = (LibraryInstance("builtins.bool"),)


def comparison(frame: Frame, node: r.Comparison) -> Values:
    """The value of a comparison; what it compares may have methods for that."""
    special = frame.inference.project.special_methods
    names = [COMPARISONS.get(operator, "") for operator in node.operators]
    if "__contains__" not in names and special.isdisjoint(names):
        run(frame, node.operands)  # no method is called
        return BOOL
    values = [frame.inference.evaluate(frame, operand) for operand in node.operands]
    for name, left, right in zip(names, values, values[1:], strict=False):
        owner, other = (right, left) if name == "__contains__" else (left, right)
        if name not in special and name != "__contains__":
            continue
        for value in owner:
            if isinstance(value, Instance) or (name == "__contains__" and is_object(value)):
                where = among(site(node, Via.OPERATOR), owner)
                call_special(frame, value, name, (other,), where)
    return BOOL


def operation(frame: Frame, node: r.Operator) -> Values:
    """The value of an arithmetic or logical operation, a union of types among them."""
    values = [frame.inference.evaluate(frame, operand) for operand in node.operands]
    if "|" in node.operators and all(v and all(map(is_type, v)) for v in values):
        return (TypeForm(gather(map(instances, values))),)
    result = values[0]
    for operator, _ in zip(node.operators, values[1:], strict=False):
        result = gather(operated(frame, value, operator, node) for value in result)
    return result if len(values) > 1 else (Unknown("operator"),)


def formatted(frame: Frame, node: r.FormattedString) -> Values:
    """The value of an f-string; the objects in it are asked for their text."""
    if "__str__" not in frame.inference.project.special_methods:
        run(frame, node.parts)
        return TEXT
    for part in node.parts:
        if type(part) is r.Constant:
            continue
        for value in frame.inference.evaluate(frame, part):
            if isinstance(value, Instance):
                call_special(frame, value, "__str__", (), site(part, Via.OPERATOR))
    return TEXT
