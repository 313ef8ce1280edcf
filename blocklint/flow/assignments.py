"""Assignments, deletions and patterns: what binds names, attributes and items."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow import filling
from blocklint.flow.annotations import instances
from blocklint.flow.attributes import assign, delete, read
from blocklint.flow.containers import is_container
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.expressions import evaluate
from blocklint.flow.frames import BodyFrame
from blocklint.flow.iteration import consume, element
from blocklint.flow.mapped_objects import note_set
from blocklint.flow.names import preferred
from blocklint.flow.operators import FORWARD, IN_PLACE, REFLECTED, binary
from blocklint.flow.protocols import among, ask_hash, call_special, method_of, site
from blocklint.flow.readiness import without_attribute
from blocklint.flow.sequences import LIST, positions
from blocklint.flow.unpacking import as_tuples, unpacked
from blocklint.model import Via
from blocklint.project.scopes import steps
from blocklint.project.values import (
    Instance,
    LibraryInstance,
    Unknown,
    Values,
)


def assign_statement(frame: BodyFrame, node: r.Assign) -> None:
    """Interpret an assignment of any kind."""
    if node.value is None:
        if node.annotation is not None:
            for target in node.targets:
                bind_target(frame, target, instances(evaluate(frame, node.annotation)))
        return
    values = evaluate(frame, node.value)
    if node.annotation is None and not node.operator and type(node.targets[0]) is r.Name:
        if len(node.targets) == 1:  # by far the most
            return frame.assign(node.targets[0].name, values)
    if node.operator not in ("", "type"):
        return _augment(frame, node, values)
    if node.annotation is not None:
        declared = instances(evaluate(frame, node.annotation))
        if not all(isinstance(value, Unknown) for value in declared):
            values = preferred(declared, values)
    for target in node.targets:
        if type(target) is r.Collection:
            values = as_tuples(frame.inference, values)
        if type(target) is r.Collection:
            known = tuple(v for v in values if positions(v) is not None)
            if len(known) < len(values):
                items = element(frame, values, site(node.value, Via.ITERATION), False)
                values = (LibraryInstance(LIST, (items,)), *known)
        elif type(target) is r.Subscript and getattr(target.index, "kind", "") == "slice":
            consume(frame, values, site(node.value, Via.ITERATION))
        bind_target(frame, target, values)


def _augment(frame: BodyFrame, node: r.Assign, values: Values) -> None:
    """``x += y``: the object stays; an attribute or item is read and set."""
    target, added, operator = node.targets[0], values, node.operator
    values = evaluate(frame, target)
    assert node.value is not None
    filling.augmented(frame, target, values, added, site(node.value, Via.ITERATION))
    names = IN_PLACE.get(operator, ""), FORWARD.get(operator, ""), REFLECTED.get(operator, "")
    if not frame.inference.project.special_methods.isdisjoint(names):
        for value in values:
            if isinstance(value, Instance) and method_of(frame.inference, value, names[:1]) is not None:
                _special(frame, (value,), names[0], Arguments((added,)), target)
            else:
                binary(frame, (value,), added, operator, target)
    if not isinstance(target, r.Name):
        bind_target(frame, target, values)


def bind_target(frame: BodyFrame, target: r.Expression, values: Values) -> None:
    """Bind a target to values: names, attributes, items, unpacked parts."""
    if type(target) is r.Name:
        frame.assign(target.name, values)
    elif type(target) is r.Attribute:
        where = site(target, Via.ATTRIBUTE)
        if frame.ready:
            frame.ready = without_attribute(frame.ready, target)
        receivers = evaluate(frame, target.value)
        assign(frame, receivers, target.name, values, where)
        if receivers and type(receivers[0]) is Instance:
            note_set(frame, target, receivers, values)
    elif type(target) is r.Subscript:
        arguments = Arguments((evaluate(frame, target.index), values))
        receivers = evaluate(frame, target.value)
        filling.by_item(frame, target.value, receivers, arguments)
        if "__hash__" in frame.inference.project.special_methods and any(map(is_container, receivers)):
            ask_hash(frame, arguments.positional[0], site(target, Via.OPERATOR))
        _special(frame, receivers, "__setitem__", arguments, target)
    elif type(target) is r.Collection:
        for step, item in zip(steps(target.items), target.items, strict=True):
            bind_target(frame, item, unpacked(frame, values, (step,)))
    elif type(target) is r.Starred:
        bind_target(frame, target.value, values)
    else:
        evaluate(frame, target)


def _special(
    frame: BodyFrame, receivers: Values, name: str, arguments: Arguments, target: r.Expression
) -> None:
    """Call a special method of those receivers that have it."""
    where = among(site(target, Via.OPERATOR), receivers)
    for receiver in receivers:
        if isinstance(receiver, LibraryInstance):
            if frame.inference.catalog.method(receiver.name, name) is None:
                continue
        elif not isinstance(receiver, Instance):
            continue
        member = read(frame, (receiver,), name, where)
        if not all(isinstance(value, Unknown) for value in member):
            frame.inference.call(frame, member, arguments, where)


def delete_statement(frame: BodyFrame, node: r.Delete) -> None:
    """Interpret ``del``: items and attributes are deleted by special methods."""
    for target in node.targets:
        match target:
            case r.Subscript(value=receiver, index=index):
                arguments = Arguments((evaluate(frame, index),))
                _special(frame, evaluate(frame, receiver), "__delitem__", arguments, target)
            case r.Attribute(value=receiver, name=name):
                receivers = evaluate(frame, receiver)
                delete(frame, receivers, name, among(site(target, Via.OPERATOR), receivers))
            case r.Name(name=name) if "__del__" in frame.inference.project.special_methods:
                # Likely at most: another name may hold the object too.
                where = CallSite(target.span, target, Via.OPERATOR, candidates=2)
                for value in frame.lookup(name):
                    if isinstance(value, Instance) and method_of(frame.inference, value, ("__del__",)):
                        call_special(frame, value, "__del__", (), where)
            case _:
                pass
