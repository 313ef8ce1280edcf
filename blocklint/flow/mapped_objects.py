"""Objects of mapped classes among values: where they come from is told and changed here."""

from __future__ import annotations

import functools
from collections.abc import Callable

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.chains import spelled_out
from blocklint.model import Certainty
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    Instance,
    LibraryInstance,
    Origin,
    Tuple,
    Value,
    Values,
)

Change = Callable[[Origin | None], Origin | None]

HOLDERS = frozenset({Instance, LibraryInstance, Tuple})
"""The kinds of values that are or hold objects."""

DEEPEST = 3
"""Objects in containers nested deeper than this are left as they are."""


def changed(values: Values, change: Change, depth: int = DEEPEST) -> Values:
    """The values with the origins of all objects of the project in them changed."""
    if depth == 0:
        return values
    for value in values:
        if type(value) in HOLDERS:
            made = tuple([_changed(each, change, depth) for each in values])
            return tuple(dict.fromkeys(made)) if made != values else values
    return values


def _changed(value: Value, change: Change, depth: int) -> Value:
    if type(value) is Instance:
        origin = change(value.origin)
        return value if origin == value.origin else msgspec.structs.replace(value, origin=origin)
    if type(value) is LibraryInstance and value.arguments:
        inner = tuple([changed(each, change, depth - 1) for each in value.arguments])
        return value if inner == value.arguments else LibraryInstance(value.name, inner)
    if type(value) is Tuple:
        items = tuple([changed(each, change, depth - 1) for each in value.items])
        return value if items == value.items else Tuple(items)
    return value


def has_origin(values: Values, depth: int = DEEPEST) -> bool:
    """Whether a session gave some of the values, or what is in them."""
    for value in values:
        if type(value) is Instance:
            if value.origin is not None:
                return True
        elif depth and type(value) is LibraryInstance and value.arguments:
            if any(has_origin(each, depth - 1) for each in value.arguments):
                return True
        elif depth and type(value) is Tuple:
            if any(has_origin(each, depth - 1) for each in value.items):
                return True
    return False


def kept(values: Values) -> Values:
    """What an attribute of another object keeps: by the time it is read, more may have been loaded."""
    if values and type(values[0]) in HOLDERS and has_origin(values):
        return changed(values, lambda origin: None)
    return values


def with_known_origin(inference: Inference, declared: Values, given: Values) -> Values:
    """What is given for a parameter, if those are objects of the declared class that a session gave."""
    if not given or not has_origin(given):
        return NOTHING
    wanted = {v.cls.definition for v in declared if type(v) is Instance}
    for value in given:
        if type(value) is Instance:
            order = inference.mro(value.cls)
            if wanted.isdisjoint(c.definition for c in order if type(c) is ClassObject):
                return NOTHING
        elif value != NONE:
            return NOTHING
    return given


SEEN = "seen"
"""What a program has read or set is loaded until the object expires."""


def option(attribute: str, strategy: str) -> str:
    """How an attribute is loaded, as an origin keeps it."""
    return f"{attribute}={strategy}"


OTHER_COLUMNS = "columns of "
"""Before a class's name in place of an attribute: its columns that no option names."""


def may_lack_columns(origin: Origin) -> bool:
    """Whether some column of an object may have to be loaded that is not declared so."""
    if origin.expired is not None:
        return True
    return any(each.startswith(OTHER_COLUMNS) or each.endswith("=lazy") for each in origin.options)


def note_seen(
    frame: Frame, node: r.Attribute, name: str, owner: Instance, values: Values, expired: Certainty | None
) -> None:
    """From here on the object that a name stands for has an attribute; so has ``a.b`` for ``a.b.name``."""
    if owner.origin is None:
        return
    if type(node.value) is not r.Name:
        spelled = spelled_out(node)
        if spelled:
            frame.ready = frame.ready | {(spelled, values)}
        return
    local = frame.narrowable(node.value.name)
    if owner in local:
        options = {*owner.origin.options, option(name, SEEN)}
        origin = Origin(owner.origin.session, tuple(sorted(options)), expired)
        now = msgspec.structs.replace(owner, origin=origin)
        frame.narrow(node.value.name, tuple(dict.fromkeys(now if v == owner else v for v in local)))


def note_set(frame: Frame, target: r.Attribute, receivers: Values, values: Values) -> None:
    """What is set need not be loaded; the rest of the object is as it was."""
    for receiver in receivers:
        if type(receiver) is Instance and receiver.origin is not None:
            note_seen(frame, target, target.name, receiver, values, receiver.origin.expired)


def let_go(function: r.Function, values: Values) -> Values:
    """What a function returns: it is not known whose the objects are if the function closes a session itself.

    They are detached then: what is not loaded by then cannot be any more.
    """
    if values and type(values[0]) in HOLDERS and has_origin(values) and _closes(function):
        return changed(values, lambda origin: None)
    return values


@functools.lru_cache(maxsize=4096)
def _closes(function: r.Function) -> bool:
    pending: list[r.Statement] = [*function.body]
    while pending:
        statement = pending.pop()
        if type(statement) is r.With:
            if any(item.target is not None for item in statement.items):
                return True
            pending += statement.body
        elif type(statement) is r.If:
            pending += [line for branch in statement.branches for line in branch.body]
            pending += statement.orelse
        elif type(statement) is r.Try:
            pending += [line for handler in statement.handlers for line in handler.body]
            pending += (*statement.body, *statement.orelse, *statement.final)
        elif type(statement) is r.Loop:
            pending += (*statement.body, *statement.orelse)
        elif type(statement) is r.Evaluate and type(statement.value) is r.Call:
            callee = statement.value.callee
            if type(callee) is r.Attribute and callee.name in CLOSING:
                return True
    return False


CLOSING = frozenset({"close", "expunge", "expunge_all", "remove"})
