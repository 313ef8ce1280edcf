"""Callables that library functions make around others: what calling them calls."""

from __future__ import annotations

from collections.abc import Callable

from blocklint.flow import dispatch, metaclasses
from blocklint.flow.annotations import instances
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame
from blocklint.flow.binding import literal
from blocklint.flow.construction import instantiate
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite, Edge
from blocklint.flow.invoked import MARKER, call_inherited
from blocklint.flow.operators import item_of
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Via
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    Mapping,
    Module,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
)

MARKERS = tuple(
    f"pydantic.{name}"
    for name in (
        "AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator",
        "PlainSerializer", "WrapSerializer",
    )
)  # fmt: skip


def called(frame: Frame, value: Wrapper, arguments: Arguments, site: CallSite) -> Values:
    """The result of calling such a callable."""
    match value.kind:
        case "method caller":
            methods = read(frame, arguments.at(0, None), value.name, site)
            given = Arguments(value.positional, value.keywords)
            return frame.inference.call(frame, methods, given, site)
        case "attribute getter":
            values = arguments.at(0, None)
            for name in value.name.split("."):
                values = read(frame, values, name, site)
            return values
        case "inherited":
            return call_inherited(frame, value, arguments, site)
        case "provider":
            positional = [_injected(frame, each, site) for each in value.positional]
            keywords = {name: _injected(frame, each, site) for name, each in value.keywords}
            keywords.update(arguments.keywords)
            given = Arguments((*positional, *arguments.positional), tuple(keywords.items()))
            return frame.inference.call(frame, value.target, given, site)
        case metaclasses.MAKER:
            return _made(frame, value.target, arguments, site)
        case "item getter":
            items = [item_of(frame, v, value.positional[0], site) for v in arguments.at(0, None)]
            return gather(items) or (Unknown("item"),)
        case "dispatcher":
            made = Arguments((instances(arguments.at(0, None)),))
            return gather(
                dispatch.chosen(frame, v, made) for v in value.target if isinstance(v, Wrapper)
            )
        case "lookup":
            frame.record(Edge(site, LibraryCallable(value.name)))
            return _item(frame, value.target[0], arguments, site)
        case "field getter":
            field = literal(arguments.at(0, None))
            found = read(frame, value.target, field, site) if isinstance(field, str) else NOTHING
            return gather([found, arguments.at(1, "default")]) or (Unknown("field"),)
        case _:
            return frame.inference.call(frame, value.target, arguments, site)


def _item(frame: Frame, value: Value, arguments: Arguments, site: CallSite) -> Values:
    """What a dict display has under a key, or the default."""
    key, standard = arguments.at(0, None), arguments.at(1, None)
    constant = literal(key)
    if isinstance(value, Mapping) and standard and constant is not None and not value.others:
        if constant not in dict(value.items):
            return standard
    return gather([item_of(frame, value, key, site), standard or (NONE,)])


def _made(frame: Frame, classes: Values, arguments: Arguments, site: CallSite) -> Values:
    return gather(
        instantiate(frame, value, arguments, site)
        if isinstance(value, ClassObject)
        else (Unknown("instance"),)
        for value in classes
    )


def _instance_of(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``type.__call__(cls, …)``: what calling a class does where its metaclass has no say."""
    given = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
    return _made(frame, arguments.at(0, None), given, site)


def _injected(frame: Frame, values: Values, site: CallSite) -> Values:
    """What a provider gives for one of its arguments: another provider is asked."""
    return gather(
        called(frame, value, NO_ARGUMENTS, site)
        if isinstance(value, Wrapper) and value.kind == "provider"
        else (value,)
        for value in values
    )


def around_first(kind: str, arguments: Arguments) -> Values:
    """A callable around the first argument, which keeps the others for it."""
    return (Wrapper(kind, arguments.at(0, None), arguments.positional[1:], arguments.keywords),)


def _partial(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return around_first("partial", arguments)


def _marker(name: str) -> Callable[[Frame, Arguments, CallSite], Values | None]:
    """A marker for the metadata of an annotation, which keeps what it is given."""

    def make(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
        return (Wrapper(MARKER, arguments.at(0, "func"), name=name),)

    return make


def _partial_method(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return around_first("partial method", arguments)


def _by_name(kind: str) -> Callable[[Frame, Arguments, CallSite], Values | None]:
    """The first argument names a member of what it is called with."""

    def make(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
        name = literal(arguments.at(0, None))
        if not isinstance(name, str) or (kind == "attribute getter" and len(arguments.positional) > 1):
            return None
        return (Wrapper(kind, (), arguments.positional[1:], arguments.keywords, name),)

    return make


def _item_getter(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``itemgetter(key)``; one for several keys gives a tuple, and is not followed."""
    if len(arguments.positional) != 1:
        return None
    return (Wrapper("item getter", (), arguments.positional),)


def _called(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``operator.call(f, …)``."""
    given = Arguments(arguments.positional[1:], arguments.keywords, arguments.open)
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    return frame.inference.call(frame, arguments.at(0, None), given, inner)


def _namespace(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``vars(x)``, ``globals()``: the names of an object or of this module."""
    if arguments.positional:
        return (Wrapper("namespace", arguments.positional[0]),)
    node = arguments.node
    in_function = frame.activation is not None and frame.activation.function.name != "<module>"
    if in_function and getattr(node and node.callee, "name", "") != "globals":
        return None
    return (Wrapper("namespace", (Module(frame.file),)),)


FUNCTIONS: dict[str, Callable[[Frame, Arguments, CallSite], Values | None]] = {
    "functools.partial": _partial,
    "functools.partialmethod": _partial_method,
    "builtins.type.__call__": _instance_of,
    "builtins.globals": _namespace,
    "builtins.locals": _namespace,
    "builtins.vars": _namespace,
    "operator.call": _called,
    "operator.itemgetter": _item_getter,
    "operator.methodcaller": _by_name("method caller"),
    "operator.attrgetter": _by_name("attribute getter"),
    **{name: _marker(name) for name in MARKERS},
}
