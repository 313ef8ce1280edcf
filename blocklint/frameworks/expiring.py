"""What a session does to the objects that a function has of it: expires, refreshes, takes, lets go."""

from __future__ import annotations

import functools

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments
from blocklint.flow.mapped_objects import SEEN, Change, changed, option
from blocklint.flow.origins import handed_at
from blocklint.frameworks.following import keeps_loaded
from blocklint.frameworks.loaded import EVERY, unseen, with_options
from blocklint.model import Certainty
from blocklint.project.values import Instance, Origin, Value


def note_change(frame: Frame, session: str, method: str, arguments: Arguments) -> None:
    """Note what a method of a session does to the objects that local names stand for."""
    if method in ("commit", "rollback", "expire_all"):
        if method != "commit" or not keeps_loaded(frame.inference.project):
            _change_all(frame, functools.partial(_expired, session=session, surely=Certainty.CERTAIN))
    elif method == "expunge_all":
        _change_all(frame, _released)
    else:
        node = handed_at(arguments.node, 0, "instance")
        if type(node) is r.Name:
            named = _named(arguments)
            change = functools.partial(_by_one, session, method, named)
            values = frame.narrowable(node.name)
            if method == "add":
                values = tuple(_added(value, session) for value in values)
            frame.narrow(node.name, changed(values, change, 1))


def _change_all(frame: Frame, change: Change) -> None:
    for name in frame.local_names():
        values = frame.narrowable(name)
        now = changed(values, change)
        if now is not values:
            frame.narrow(name, now)


def _expired(origin: Origin | None, session: str, surely: Certainty) -> Origin | None:
    if origin is None or origin.session != session:
        return origin
    return unseen(origin, surely)


def _released(origin: Origin | None) -> Origin | None:
    return None if origin is None else msgspec.structs.replace(origin, session="")


def _added(value: Value, session: str) -> Value:
    """An object that was just made is the session's from now on; all that it has was set."""
    if type(value) is Instance and value.exact and value.origin is None:
        return msgspec.structs.replace(value, origin=Origin(session, (option(EVERY, SEEN),)))
    return value


def _by_one(session: str, method: str, named: tuple[str, ...], origin: Origin | None) -> Origin | None:
    """What is known of one object after a method was given it."""
    if origin is None or method == "add":
        return origin
    if method == "expire":
        return _expired(origin, session, Certainty.POSSIBLE if named else Certainty.CERTAIN)
    if method == "expunge":
        return _released(origin)
    if named:
        return with_options(origin, [option(name, SEEN) for name in named])
    return unseen(origin, None)


def _named(arguments: Arguments) -> tuple[str, ...]:
    """The attributes that ``refresh`` and ``expire`` are told."""
    written = handed_at(arguments.node, 1, "attribute_names")
    if written is None:
        return ()
    items = written.items if type(written) is r.Collection else ()
    names = tuple(each.value for each in items if type(each) is r.Constant and isinstance(each.value, str))
    return names or (EVERY,)
