"""Comparisons and membership: the special methods that ``==``, ``<``, ``in`` and sorting call."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.attributes import as_library
from blocklint.flow.base import Frame, Inference
from blocklint.flow.chains import INERT
from blocklint.flow.edges import CallSite
from blocklint.flow.iteration import element
from blocklint.flow.protocols import among, ask, ask_class, call_special, is_decorated, method_of, site
from blocklint.model import Via
from blocklint.project.values import (
    ClassObject,
    Deferred,
    Instance,
    LibraryInstance,
    Suspended,
    Tuple,
    Value,
    Values,
    gather,
)

COMPARED = {
    "==": (("__eq__",), ("__eq__",)), "!=": (("__ne__", "__eq__"), ("__ne__", "__eq__")),
    "<": (("__lt__",), ("__gt__",)), "<=": (("__le__",), ("__ge__",)),
    ">": (("__gt__",), ("__lt__",)), ">=": (("__ge__",), ("__le__",)),
}  # fmt: skip
"""By operator: what is called on the left operand, and on the right one if the left has none."""

ORDERING = ("__lt__", "__le__", "__gt__", "__ge__")
"""In the order in which ``functools.total_ordering`` looks for the one to derive the others from."""

CALLED = {
    operator: frozenset((*own, *mirrored, *(ORDERING if own[0] in ORDERING else ())))
    for operator, (own, mirrored) in COMPARED.items()
}

MEMBERSHIP = frozenset({"in", "not in"})

BOOL: Values = (LibraryInstance("builtins.bool"),)

SEQUENCES = frozenset({"builtins.list", "builtins.tuple", "collections.deque"})
"""The containers that compare what they are searched for with each element."""


def comparison(frame: Frame, node: r.Comparison) -> Values:
    """The value of a comparison; what it compares may have methods for that."""
    special, evaluate = frame.inference.project.special_methods, frame.inference.evaluate
    if all(
        operator not in MEMBERSHIP and special.isdisjoint(CALLED.get(operator, ()))
        for operator in node.operators
    ):
        for operand in node.operands:
            if type(operand) not in INERT:
                evaluate(frame, operand)  # no method is called
        return BOOL
    values = [evaluate(frame, operand) for operand in node.operands]
    where = site(node, Via.OPERATOR)
    for operator, left, right in zip(node.operators, values, values[1:], strict=False):
        if operator in MEMBERSHIP:
            _search(frame, right, left, where)
        elif operator in COMPARED:
            compare(frame, left, right, operator, where)
    return BOOL


def compare(frame: Frame, left: Values, right: Values, operator: str, where: CallSite) -> None:
    """Call what comparing two operands calls."""
    if frame.inference.project.special_methods.isdisjoint(CALLED[operator]):
        return
    own, mirrored = COMPARED[operator]
    for value in left:
        if isinstance(value, Instance):
            name = method_of(frame.inference, value, own) or _derived(frame.inference, value, own[0])
            if name is not None:
                call_special(frame, value, name, (right,), among(where, left))
                continue
        elif not is_builtin(value):
            continue
        ask(frame, right, mirrored, ((value,),), where)


def is_builtin(value: Value) -> bool:
    """Whether a value is of a builtin class, whose operators leave foreign operands to these."""
    plain = as_library(value) or value
    return isinstance(plain, LibraryInstance) and plain.name.startswith("builtins.")


def _derived(inference: Inference, value: Instance, name: str) -> str | None:
    """The method from which ``functools.total_ordering`` has made one that is not written."""
    if name not in ORDERING:
        return None
    for cls in inference.mro(value.cls):
        if isinstance(cls, ClassObject) and is_decorated(cls, TOTAL):
            return method_of(inference, value, ORDERING)
    return None


TOTAL = frozenset({"total_ordering"})


def _search(frame: Frame, containers: Values, wanted: Values, where: CallSite) -> None:
    """Call what ``wanted in container`` calls: ``__contains__``, else each element is compared."""
    for value in containers:
        match value:
            case ClassObject():
                ask_class(frame, value, ("__contains__",), (wanted,), among(where, containers))
            case Instance():
                if method_of(frame.inference, value, ("__contains__",)) is not None:
                    call_special(frame, value, "__contains__", (wanted,), among(where, containers))
                elif method_of(frame.inference, value, ("__iter__", "__getitem__")) is not None:
                    element(frame, (value,), among(where, containers), False)
            case Suspended(kind="generator") | Deferred():
                element(frame, (value,), among(where, containers), False)
            case Tuple(items=items):
                compare(frame, gather(items), wanted, "==", where)
            case LibraryInstance(name=name, arguments=(items, *_)) if name in SEQUENCES:
                compare(frame, items, wanted, "==", where)
            case LibraryInstance(name=name) if not name.startswith("builtins."):
                call_special(frame, value, "__contains__", (wanted,), among(where, containers))
            case _:
                pass


def order(frame: Frame, items: Values, operator: str, where: CallSite) -> None:
    """Compare elements with one another, as ``sorted`` (by ``<``) and ``max`` (by ``>``) do."""
    compare(frame, items, items, operator, among(where, items))
