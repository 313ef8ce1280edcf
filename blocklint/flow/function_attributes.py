"""Attributes of functions, and of what decorators of libraries make of them."""

from __future__ import annotations

import msgspec

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.project.uses import last_name
from blocklint.project.values import NOTHING, FunctionObject, Unknown, Values, Wrapper


def of_callable(inference: Inference, value: FunctionObject | Wrapper, name: str) -> Values:
    """An attribute of a function, or of what a decorator of a library has made of it."""
    match name, value:
        case "__call__", _:
            return (value,)
        case "__wrapped__", FunctionObject():
            return wrapped_by(inference, value) or (value,)
        case "__wrapped__", Wrapper(kind="cached" | "single dispatch"):
            return value.target
        case "func", Wrapper(kind="partial"):
            return value.target
        case "__func__", FunctionObject():
            return (msgspec.structs.replace(value, receiver=None),)
        case "__self__", FunctionObject(receiver=receiver) if receiver is not None:
            return (receiver,)
        case "dispatch", Wrapper(kind="single dispatch"):
            return (Wrapper("dispatcher", (value,)),)
        case "get" | "pop", Wrapper(kind="namespace"):
            return (Wrapper("lookup", (value,), name=f"builtins.dict.{name}"),)
        case _:
            return (Unknown(f"attribute {name}"),)


def wrapped_by(inference: Inference, value: FunctionObject) -> Values:
    """What ``@functools.wraps`` says that a function is a wrapper of, () where it says nothing."""
    for decorator in value.function.decorators:
        if type(decorator) is r.Call and last_name(decorator) == "wraps" and decorator.arguments:
            scope = inference.scope(value.file, value.closure, None)
            return inference.evaluate(scope, decorator.arguments[0])
    return NOTHING
