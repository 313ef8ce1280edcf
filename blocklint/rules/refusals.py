"""Objects that a library refuses: it calls some of their methods, awaits them, and finds a ``def``."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.inference import Inference
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.knowledge.records import Handler
from blocklint.model import FunctionKey
from blocklint.project.uses import last_name
from blocklint.project.values import FunctionObject, Instance, LibraryMethod


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A call, in the function ``key``, that gives a library an object with such a ``method``."""

    key: FunctionKey
    call: r.Call
    by: str
    method: str


def refusals(inference: Inference) -> Iterator[Refusal]:
    """All of a project, by what the catalogue says of objects that are given to calls."""
    for owner, handlers in inference.catalog.handlers.items():
        for handler in handlers:
            if handler.coroutines_only and handler.methods:
                for name in sorted(handler.calls):
                    yield from _by_calls(inference, owner, name, handler)


def _by_calls(inference: Inference, owner: str, name: str, handler: Handler) -> Iterator[Refusal]:
    uses = inference.project.uses
    for file, function in uses.callers(name):
        scope = _scope(inference, file, function)
        if scope is None:
            continue
        for call in uses.calls(function, name):
            methods = [m for argument in call.arguments for m in _plain(inference, scope, argument, handler)]
            if methods and _is_method_of(inference, scope, call, owner):
                key = FunctionKey(file, function.name, function.ordinal)
                yield Refusal(key, call, f"{owner}.{last_name(call)}", methods[0])


def _scope(inference: Inference, file: str, function: r.Function) -> Frame | None:
    if function.name == "<module>":
        return ScopeFrame(inference, file)
    return next((LazyFrame(inference, each) for each in inference.activations(file, function)), None)


def _is_method_of(inference: Inference, scope: Frame, call: r.Call, owner: str) -> bool:
    values = inference.evaluate(scope, call.callee)
    return bool(values) and all(
        isinstance(value, LibraryMethod) and value.receiver.name == owner for value in values
    )


def _plain(
    inference: Inference, scope: Frame, argument: r.Expression, handler: Handler
) -> Iterator[str]:
    """The methods of an object that are a ``def`` where the library wants coroutine functions."""
    for value in inference.evaluate(scope, argument):
        if not isinstance(value, Instance):
            continue
        for name in sorted(handler.methods):
            found = inference.find_member(value.cls, name)
            for member in found[1] if found is not None else ():
                if isinstance(member, FunctionObject) and not member.function.is_async:
                    yield member.function.name
