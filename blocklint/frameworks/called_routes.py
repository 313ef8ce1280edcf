"""FastAPI: routes that calls register, ``app.add_api_route(path, f)`` or ``APIRoute(path, f)``."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.binding import default
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.frameworks.applications import functions
from blocklint.frameworks.written import argument_of
from blocklint.project.files import is_test
from blocklint.project.values import Activation, Library, LibraryMethod, Value

OWNERS = frozenset({"fastapi.FastAPI", "fastapi.APIRouter"})
METHOD = "add_api_route"
CLASSES = frozenset({"fastapi.APIRoute", "fastapi.routing.APIRoute"})
ENDPOINT = 1
"""The position of the endpoint, behind the path."""


class CalledRoute(msgspec.Struct, frozen=True, gc=False):
    """A function that a call makes an endpoint, with the body that makes the call."""

    endpoint: Activation
    call: r.Call
    frame: Frame


def called_routes(inference: Inference) -> Iterator[CalledRoute]:
    """The endpoints of a project that calls register, tests left out."""
    uses = inference.project.uses
    for name in (METHOD, "APIRoute"):
        for file, function in uses.callers(name):
            frames = [] if is_test(file) else _frames(inference, file, function)
            for call in uses.calls(function, name) if frames else ():
                endpoint = argument_of(call, ENDPOINT, "endpoint")
                for frame in frames if endpoint is not None else ():
                    assert endpoint is not None
                    if any(map(_registers, inference.evaluate(frame, call.callee))):
                        for each in functions(inference, inference.evaluate(frame, endpoint)):
                            yield CalledRoute(default(each), call, frame)


def _frames(inference: Inference, file: str, function: r.Function) -> list[ScopeFrame]:
    if function.name == "<module>":
        return [ScopeFrame(inference, file)]
    return [LazyFrame(inference, activation) for activation in inference.activations(file, function)]


def _registers(value: Value) -> bool:
    if isinstance(value, LibraryMethod):
        return value.path == METHOD and value.receiver.name in OWNERS
    return isinstance(value, Library) and value.name in CLASSES
