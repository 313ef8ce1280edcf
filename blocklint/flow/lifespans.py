"""What lifespans are called with: the application that is told of them by ``lifespan=``.

Verified with FastAPI 0.165 and Starlette 1.10: a router's lifespan is given the application it is part of.
"""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.scope_frames import LazyFrame, ScopeFrame
from blocklint.project.values import (
    NOTHING,
    FunctionObject,
    Library,
    LibraryInstance,
    Value,
    Values,
    Wrapper,
)

FASTAPI, STARLETTE = "fastapi.FastAPI", "starlette.applications.Starlette"
PASSED = {
    FASTAPI: FASTAPI,
    "fastapi.APIRouter": FASTAPI,
    STARLETTE: STARLETTE,
    "starlette.routing.Router": STARLETTE,
}
"""What takes lifespans, with what it gives to them."""


def application(inference: Inference, file: str, function: r.Function) -> Values:
    """The application whose lifespan a function is, () if it is none's."""
    uses = inference.project.uses
    for name in dict.fromkeys(name.rpartition(".")[2] for name in PASSED):
        for where, caller in uses.callers(name):
            for call in uses.calls(caller, name):
                given = next((each.value for each in call.keywords if each.name == "lifespan"), None)
                for frame in _frames(inference, where, caller) if given is not None else ():
                    assert given is not None
                    passed = _passed(inference.evaluate(frame, call.callee))
                    if passed and any(_is(v, file, function) for v in inference.evaluate(frame, given)):
                        return passed
    return NOTHING


def _frames(inference: Inference, file: str, function: r.Function) -> list[ScopeFrame]:
    if function.name == "<module>":
        return [ScopeFrame(inference, file)]
    return [LazyFrame(inference, activation) for activation in inference.activations(file, function)]


def _passed(callee: Values) -> Values:
    names = [PASSED[value.name] for value in callee if isinstance(value, Library) and value.name in PASSED]
    return tuple(LibraryInstance(name) for name in names)


def _is(value: Value, file: str, function: r.Function) -> bool:
    if isinstance(value, Wrapper):
        return any(_is(inner, file, function) for inner in value.target)
    return isinstance(value, FunctionObject) and value.file == file and value.function is function
