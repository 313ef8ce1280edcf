"""What of an object is loaded: by its class, by loader options, by what the program has read since.

A strategy is one of five: the attribute is loaded with the object; it was seen, for the program has read or
set it since; it is silent, for it would raise or stay empty; it is
lazy, so that reading it goes to the database; or it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.edges import CallSite
from blocklint.flow.mapped_objects import OTHER_COLUMNS, SEEN, changed, note_seen, option
from blocklint.model import Certainty
from blocklint.project.values import ClassObject, Instance, Origin, Values

LAZY, LOADED, SILENT, UNKNOWN = "lazy", "loaded", "silent", "unknown"

LOAD = "sqlalchemy.orm.Load"
"""Loader options, one behind the other."""

ASYNC_ATTRS = "sqlalchemy.ext.asyncio.AsyncAttrs"
DEFERRED = "sqlalchemy.orm.DeferredColumn"
PROXY = "sqlalchemy.ext.associationproxy.AssociationProxy"
RELATIONSHIP = "sqlalchemy.orm.Relationship"
"""What ``relationship(…)`` makes: its target, strategy, one object or many, the other side's name."""

STRATEGIES: dict[bool | int | str | None, str] = {
    "select": LAZY, True: LAZY, "joined": LOADED, False: LOADED, "selectin": LOADED, "subquery": LOADED,
    "immediate": LOADED, "raise": SILENT, "raise_on_sql": SILENT, "noload": SILENT, None: SILENT,
    "dynamic": "dynamic", "write_only": "write_only",
}  # fmt: skip
"""By ``lazy=`` of a relationship."""

EVERY = "*"
"""In place of an attribute: every relationship."""

def with_origin(values: Values, origin: Origin | None) -> Values:
    """The values with their objects coming from there."""
    return changed(values, lambda before: origin)


def with_options(origin: Origin, options: Iterable[str]) -> Origin:
    """An origin with more loader options."""
    return msgspec.structs.replace(origin, options=tuple(sorted({*origin.options, *options})))


def unseen(origin: Origin, expired: Certainty | None) -> Origin:
    """An origin of which all that was read or set since is forgotten."""
    kept = tuple(each for each in origin.options if not each.endswith(f"={SEEN}"))
    return msgspec.structs.replace(origin, options=kept, expired=expired)


def strategy_of(owner: Instance, name: str, default: str) -> str:
    """How a relationship of an object is loaded: what was read or is loaded anyway outweighs the rest."""
    if owner.origin is None:
        return default
    options = owner.origin.options
    for attribute in (name, EVERY):
        for strategy in (SEEN, LOADED, SILENT, UNKNOWN, LAZY):
            if option(attribute, strategy) in options:
                return strategy
    return default


def column_strategy(inference: Inference, owner: Instance, name: str, default: str) -> str:
    """How a column of an object is loaded: by name, else as the other columns of its class are."""
    if owner.origin is None:
        return default
    options = owner.origin.options
    for strategy in (SEEN, LOADED, UNKNOWN, LAZY):
        if option(name, strategy) in options:
            return strategy
    for cls in inference.mro(owner.cls):
        if isinstance(cls, ClassObject):
            for strategy in (LOADED, LAZY):
                if option(OTHER_COLUMNS + cls.definition.name, strategy) in options:
                    if strategy == LAZY and _is_key(inference, owner, name):
                        return LOADED
                    return strategy if default == LOADED else LAZY
    return LOADED if option(OTHER_COLUMNS, LOADED) in options else default


def _is_key(inference: Inference, owner: Instance, name: str) -> bool:
    """Whether a column is of the primary key, which ``load_only`` loads without being told."""
    return any(
        type(binding.statement) is r.Assign
        and type(binding.statement.value) is r.Call
        and any(keyword.name == "primary_key" for keyword in binding.statement.value.keywords)
        for cls in inference.mro(owner.cls)
        if isinstance(cls, ClassObject)
        for binding in inference.project.class_bindings[cls.definition].get(name, ())
    )


def note_loaded(frame: Frame, owner: Instance, name: str, site: CallSite, values: Values) -> None:
    """From here on the object has the attribute that was read at a site, and all that had expired."""
    if type(site.called) is r.Attribute:
        note_seen(frame, site.called, name, owner, values, None)
