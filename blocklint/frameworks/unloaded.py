"""Reading what is not loaded: a synchronous session's object waits, an asynchronous one's raises."""

from __future__ import annotations

import functools

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import CallSite, Edge
from blocklint.frameworks.loaded import LOADED, SILENT, UNKNOWN
from blocklint.frameworks.switched_off import may_be_switched_off
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks, Certainty
from blocklint.project.naming import dotted_name
from blocklint.project.values import Instance

MISSING_GREENLET = "sqlalchemy.exc.MissingGreenlet"


def effect_of(
    frame: Frame,
    owner: Instance,
    name: str,
    strategy: str,
    site: CallSite,
    surely: Certainty = Certainty.CERTAIN,
) -> None:
    """Note what reading an attribute of an object does, if it goes to the database.

    Of an object of which nobody knows where it comes from, that is possible at most.
    """
    origin, blocks = owner.origin, Blocks.LAZY_LOAD
    if strategy in (LOADED, SILENT):
        if origin is None or origin.expired is None:
            return
        blocks, surely = Blocks.EXPIRED, origin.expired
    if strategy == UNKNOWN or origin is None or not origin.session:
        surely = Certainty.POSSIBLE
    elif not _alike(frame, owner, name, site) or _depends_on_caller(frame, site):
        surely = min(surely, Certainty.LIKELY)
    if origin is not None and origin.session == "async":
        blocks = Blocks.ASYNC_BOUND
    cls = owner.cls
    dotted = dotted_name(frame.inference.project, cls.file, f"{cls.definition.name}.{name}")
    frame.record(Edge(site, _read_of(dotted, blocks, surely)))


def _depends_on_caller(frame: Frame, site: CallSite) -> bool:
    """Whether an argument of the function around says if the attribute is read."""
    return frame.activation is not None and may_be_switched_off(frame.activation.function, site.span)


def _alike(frame: Frame, owner: Instance, name: str, site: CallSite) -> bool:
    """Whether all objects that a name may stand for are alike in what they have of an attribute."""
    node = site.called
    if type(node) is not r.Attribute or type(node.value) is not r.Name:
        return True
    said = _said_of(owner, name)
    values = frame.narrowable(node.value.name)
    return all(type(v) is not Instance or _said_of(v, name) == said for v in values)


def _said_of(owner: Instance, name: str) -> object:
    origin = owner.origin
    if origin is None:
        return None
    options = [each for each in origin.options if each.startswith((f"{name}=", "*="))]
    return origin.session, origin.expired is None, options


@functools.lru_cache(maxsize=4096)
def _read_of(name: str, blocks: Blocks, certainty: Certainty) -> LibraryCallable:
    """Reading one attribute, as what is called; one object each, for edges are told apart by it."""
    raises = MISSING_GREENLET.rpartition(".")[2] if blocks is Blocks.ASYNC_BOUND else ""
    return LibraryCallable(name, blocks, certainty, bridged=True, raises=raises)
