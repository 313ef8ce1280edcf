"""Methods that are found by name at run time: formatted names, callbacks of transports."""

from __future__ import annotations

import re
from collections.abc import Iterable

from blocklint.facts import records as r
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame, Inference
from blocklint.flow.binding import literal
from blocklint.flow.edges import NO_ARGUMENTS, Arguments, CallSite
from blocklint.flow.imports import library
from blocklint.model import Runs, Via
from blocklint.project.bounds import OTHERS
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Module,
    Value,
    Values,
    gather,
)

MOST_MATCHES = 10

PROTOCOL_FACTORIES = tuple(
    f"asyncio.AbstractEventLoop.{name}"
    for name in (
        "create_server", "create_connection", "create_unix_server", "create_unix_connection",
        "create_datagram_endpoint", "connect_read_pipe", "connect_write_pipe",
        "connect_accepted_socket", "subprocess_exec", "subprocess_shell",
    )
)  # fmt: skip


def by_pattern(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """The methods that ``getattr(x, f"handle_{kind}")`` may mean, () if the name tells nothing."""
    if arguments.node is None or len(arguments.node.arguments) < 2:
        return NOTHING
    pattern = _pattern(arguments.node.arguments[1])
    if pattern is None:
        return NOTHING
    found = []
    for receiver in arguments.at(0, None):
        names = [n for n in _names(frame.inference, receiver) if pattern.fullmatch(n)]
        found += [read(frame, (receiver,), name, site) for name in names[: MOST_MATCHES + 1]]
    if not found or len(found) > MOST_MATCHES:
        return NOTHING
    matching = gather(found)
    return (*matching, OTHERS) if len(matching) == 1 else matching


def _pattern(expression: r.Expression) -> re.Pattern[str] | None:
    """The names that a formatted string or sum of strings may be; None without a constant part."""
    match expression:
        case r.FormattedString(parts=parts):
            texts = [_text(part) for part in parts]
        case r.Operator(operators=operators, operands=parts) if set(operators) == {"+"}:
            texts = [_text(part) for part in parts]
        case r.Operator(operators=("%",), operands=(r.Constant(value=str() as template), _)):
            texts = _cut(_PERCENT, template)
        case r.Call(callee=r.Attribute(value=r.Constant(value=str() as template), name="format")):
            texts = _cut(_BRACES, template)
        case _:
            return None
    if not any(texts):
        return None
    return re.compile("".join(".+" if text is None else re.escape(text) for text in texts))


_PERCENT = r"%(?:\(\w+\))?s"
_BRACES = r"\{\w*\}"


def _text(part: r.Expression) -> str | None:
    return part.value if isinstance(part, r.Constant) and isinstance(part.value, str) else None


def _cut(places: str, template: str) -> list[str | None]:
    """The constant parts of a template, None for each place in between."""
    first, *others = re.split(places, template)
    return [first, *(part for text in others for part in (None, text))]


def _names(inference: Inference, receiver: Value) -> Iterable[str]:
    """The names of what a receiver defines, in the order of its classes."""
    match receiver:
        case Instance(cls=cls) | (ClassObject() as cls):
            found: dict[str, None] = {}
            for item in inference.mro(cls):
                if isinstance(item, ClassObject):
                    found.update(dict.fromkeys(inference.project.class_bindings[item.definition]))
            return found
        case Module(file=file):
            return inference.project.bindings[file]
        case _:
            return ()


def module_by_name(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``importlib.import_module("app.tools")``: that module, where the name is a constant and absolute.

    ``__import__("app.tools")`` gives the package instead: it is followed where there is none.
    """
    name = literal(arguments.at(0, "name"))
    callee = getattr(arguments.node and arguments.node.callee, "name", "")
    if not isinstance(name, str) or name.startswith(".") or (callee == "__import__" and "." in name):
        return None
    found = frame.inference.project.find_module(name, frame.file)
    return (Module(found),) if found else (library(frame.inference, name),)


def run_protocol(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    """``loop.create_server(Protocol, …)``: the loop calls the protocol's methods, whatever its bases."""
    handlers = frame.inference.catalog.handlers.items()
    called = [h.methods for owner, listed in handlers if owner.startswith("asyncio.") for h in listed]
    callbacks = frozenset[str]().union(*called)
    inner = CallSite(site.span, site.called, Via.CALLBACK, Runs.EVENT_LOOP)
    made = frame.inference.call(frame, arguments.at(0, "protocol_factory"), NO_ARGUMENTS, inner)
    for protocol in made:
        if isinstance(protocol, Instance):
            for name in sorted(callbacks.intersection(_names(frame.inference, protocol))):
                method = read(frame, (protocol,), name, inner)
                functions = tuple(v for v in method if isinstance(v, FunctionObject))
                frame.inference.call(frame, functions, Arguments(open=True), inner)
    return None
