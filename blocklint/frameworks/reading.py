"""Reading an attribute of a mapped object: what comes out, and what is loaded for it."""

from __future__ import annotations

import msgspec

from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments, CallSite
from blocklint.flow.mapped_objects import SEEN, option
from blocklint.flow.members import MAPPER
from blocklint.frameworks.backrefs import other_side
from blocklint.frameworks.loaded import (
    ASYNC_ATTRS,
    DEFERRED,
    EVERY,
    LAZY,
    LOADED,
    PROXY,
    RELATIONSHIP,
    UNKNOWN,
    column_strategy,
    note_loaded,
    strategy_of,
    with_options,
    with_origin,
)
from blocklint.frameworks.sides import always_asks, is_many
from blocklint.frameworks.unloaded import effect_of
from blocklint.model import Certainty
from blocklint.project.values import (
    NONE,
    Instance,
    LibraryInstance,
    Literal,
    Unknown,
    Values,
    known,
)

DYNAMIC = "sqlalchemy.orm.AppenderQuery"
ASYNC_DYNAMIC = "sqlalchemy.ext.asyncio.BridgedQuery"
WRITE_ONLY = "sqlalchemy.orm.WriteOnlyCollection"



def read(frame: Frame, kind: str, arguments: Arguments, site: CallSite) -> Values:
    """Read an attribute of an object: what it loads is noted, what is there comes out."""
    descriptor, (owner,), (named,), declared = arguments.positional
    assert type(owner) is Instance
    assert type(named) is Literal
    name = str(named.value)
    if kind == MAPPER:
        behind = other_side(frame.inference, owner.cls, name)
        if behind is None:
            return (Unknown(f"no attribute {name} of {owner.cls.definition.name}"),)
        kind, descriptor = RELATIONSHIP, (behind,)
    if kind == ASYNC_ATTRS:  # which of them is awaited is not told apart
        note_loaded(frame, owner, EVERY, site, ())
        return (Unknown("awaitable attributes"),)
    if kind == RELATIONSHIP:
        value = descriptor[0]
        assert type(value) is LibraryInstance
        return _related(frame, owner, name, value, declared, site)
    if kind == PROXY:
        return _proxied(frame, owner, descriptor, site)
    strategy = column_strategy(frame.inference, owner, name, LAZY if kind == DEFERRED else LOADED)
    found = declared or (Unknown(f"column {name}"),)
    if strategy != SEEN:
        effect_of(frame, owner, name, strategy, site)
        note_loaded(frame, owner, name, site, found)
    return found


def _related(
    frame: Frame, owner: Instance, name: str, value: LibraryInstance, declared: Values, site: CallSite
) -> Values:
    """A relationship: a query of its own where it is dynamic, else the related objects."""
    target, lazy, (written,), _ = value.arguments
    shape = str(written.value) if type(written) is Literal else ""
    strategy = _kind_of(declared) or (str(lazy[0].value) if type(lazy[0]) is Literal else UNKNOWN)
    if strategy == "dynamic":
        return _dynamic(owner, target)
    if strategy == "write_only":
        return (LibraryInstance(WRITE_ONLY),)
    strategy = strategy_of(owner, name, strategy)
    related = target or known(declared)
    sides = frame.inference, owner, related, declared, shape
    many = is_many(*sides)
    if not many and _is_parent(owner, related):
        strategy = LOADED
    found = _objects(owner, name, value, declared, many)
    if strategy != SEEN:
        # The one object that a key of its own leads to may be in the session, and the key may be None.
        surely = Certainty.CERTAIN if always_asks(*sides) else Certainty.LIKELY
        effect_of(frame, owner, name, strategy, site, surely)
        note_loaded(frame, owner, name, site, found)
    return found


def _kind_of(declared: Values) -> str:
    """``DynamicMapped[…]`` and ``WriteOnlyMapped[…]`` say it without ``lazy=``."""
    names = {value.name for value in declared if type(value) is LibraryInstance}
    return next((kind for name, kind in ANNOTATED.items() if name in names), "")


ANNOTATED = {"sqlalchemy.orm.DynamicMapped": "dynamic", "sqlalchemy.orm.WriteOnlyMapped": "write_only"}


def _objects(
    owner: Instance, name: str, value: LibraryInstance, declared: Values, many: bool
) -> Values:
    """The related objects: they come from the same session, and what leads back is there."""
    target, _, _, other = value.arguments
    origin = owner.origin
    if origin is not None:
        back = [option(str(o.value), LOADED) for o in other if type(o) is Literal]
        parent = option(f"@{owner.cls.definition.name}", LOADED)
        origin = with_options(msgspec.structs.replace(origin, expired=None), [*back, parent])
    if known(declared):
        return with_origin(declared, origin)
    objects = with_origin(target, origin)
    if not objects:
        return (Unknown(f"related by {name}"),)
    return (LibraryInstance("builtins.list", (objects,)),) if many else (*objects, NONE)


def _dynamic(owner: Instance, target: Values) -> Values:
    """``lazy="dynamic"``: nothing is loaded until the query is asked."""
    if owner.origin is not None and owner.origin.session == "async":
        return (LibraryInstance(ASYNC_DYNAMIC),)
    return (LibraryInstance(DYNAMIC, (with_origin(target, owner.origin),)),)


def _is_parent(owner: Instance, related: Values) -> bool:
    """Whether an object was itself reached from the one that it leads to: that is in the session."""
    if owner.origin is None:
        return False
    parents = {f"@{v.cls.definition.name}={LOADED}" for v in related if type(v) is Instance}
    return not parents.isdisjoint(owner.origin.options)


def _proxied(frame: Frame, owner: Instance, descriptor: Values, site: CallSite) -> Values:
    """``association_proxy("memberships", "user")`` reads the relationship that it names."""
    value = descriptor[0]
    assert type(value) is LibraryInstance
    for target in value.arguments[0]:
        if type(target) is Literal:
            member = frame.inference.instance_member(owner, str(target.value))
            frame.inference.call(frame, member.getters, Arguments(member.arguments), site)
    return (Unknown("association proxy"),)
