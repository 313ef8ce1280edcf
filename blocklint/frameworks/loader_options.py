"""Loader options: what ``joinedload(User.items)`` and its like say of the objects that a statement gives."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.edges import Arguments
from blocklint.flow.mapped_objects import OTHER_COLUMNS, changed, option
from blocklint.frameworks.loaded import EVERY, LAZY, LOAD, LOADED, SILENT, UNKNOWN, with_options
from blocklint.project.values import LibraryInstance, Literal, Tuple, Unknown, Value, Values, gather

OPTIONS = {
    "joinedload": LOADED, "selectinload": LOADED, "subqueryload": LOADED, "immediateload": LOADED,
    "contains_eager": LOADED, "undefer": LOADED, "joinedload_all": LOADED, "subqueryload_all": LOADED,
    "lazyload": LAZY, "defer": LAZY, "raiseload": SILENT, "noload": SILENT,
    "load_only": "only", "undefer_group": "group", "defaultload": "", "selectin_polymorphic": "",
    "with_expression": "", "options": "nested",
}  # fmt: skip
"""Loader options, and what they make of the attributes that they are given."""


def with_loader_options(arguments: Arguments) -> Values | None:
    """``statement.options(…)``: what is asked for, loaded so."""
    receiver = arguments.receiver
    if receiver is None or not receiver.arguments:
        return None
    given = gather(arguments.positional)
    if arguments.open:
        given = (*given, Unknown("options"))
    return (LibraryInstance(receiver.name, tuple(with_written(each, given) for each in receiver.arguments)),)


def with_written(objects: Values, given: Values) -> Values:
    """Objects with loader options, or lists of them."""
    options: list[str] = []
    for value in given:
        if type(value) is LibraryInstance and value.name == LOAD:
            options += [str(each.value) for each in _said(value) if type(each) is Literal]
        elif type(value) is LibraryInstance and value.name == "builtins.list":
            objects = with_written(objects, gather(value.arguments[:1]))
        elif type(value) is Tuple:
            objects = with_written(objects, gather(value.items))
        else:
            options.append(option(EVERY, UNKNOWN))
    if not options:
        return objects
    return changed(objects, lambda origin: None if origin is None else with_options(origin, options))


def loader_option(method: str, arguments: Arguments) -> LibraryInstance:
    """``joinedload(User.items)`` and its like, behind one another: what all of them say."""
    receiver, node = arguments.receiver, arguments.node
    before = receiver.arguments[0] if receiver is not None and receiver.arguments else ()
    strategy = OPTIONS[method]
    written = node.arguments if node is not None else ()
    if strategy == "nested":
        inner = [_said(v) for v in gather(arguments.positional)]
        return LibraryInstance(LOAD, (gather([before, *inner]),))
    if strategy == "group":
        said = [option(OTHER_COLUMNS, LOADED)]
    elif not strategy:
        said = []
    elif not written:
        said = [option(EVERY, UNKNOWN)]
    else:
        said = [each for expression in written for each in _about(expression, strategy)]
    return LibraryInstance(LOAD, (gather([before, tuple(map(Literal, said))]),))


def _said(value: Value) -> Values:
    """What an option says."""
    return gather(value.arguments) if type(value) is LibraryInstance and value.name == LOAD else ()


def _about(expression: r.Expression, strategy: str) -> list[str]:
    """What an option says of an attribute as it is written: ``User.items``, ``"items"``, ``"*"``."""
    while type(expression) is r.Call:  # User.items.of_type(…), User.items.and_(…)
        inner = expression.callee
        expression = inner.value if type(inner) is r.Attribute else inner
    if type(expression) is r.Constant and isinstance(expression.value, str):
        names = expression.value.split(".")
        return [option(each, LOADED if strategy == "only" else strategy) for each in names]
    if type(expression) is not r.Attribute:
        return [option(EVERY, UNKNOWN)]
    if strategy != "only":
        return [option(expression.name, strategy)]
    owner = expression.value.name if isinstance(expression.value, r.Name | r.Attribute) else ""
    return [option(expression.name, LOADED), option(OTHER_COLUMNS + owner, LAZY)]
