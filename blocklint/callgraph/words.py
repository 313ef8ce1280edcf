"""Values in words: what ``why`` says of an expression."""

from __future__ import annotations

from collections.abc import Callable

from blocklint.callgraph.description import OURS
from blocklint.project.values import (
    Accessor,
    ClassObject,
    Deferred,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Mapping,
    Module,
    Super,
    Suspended,
    Tuple,
    TypeForm,
    Unknown,
    Value,
    Values,
    Wrapper,
    known,
)

MOST_WORDS = 6
"""Of more possible values than this, the rest is counted."""

Reason = Callable[[str], str]


def words(values: Values, reason: Reason) -> str:
    """The possible values of an expression; ``reason`` explains what is unknown."""
    if not values:
        return "nothing known"
    found = dict.fromkeys(_word(value, reason) for value in values)
    listed = list(found)[:MOST_WORDS]
    more = f" or {len(found) - MOST_WORDS} more" if len(found) > MOST_WORDS else ""
    return " or ".join(listed) + more


def _word(value: Value, reason: Reason) -> str:
    match value:
        case Instance(cls=cls, exact=exact):
            name = _short(cls.definition.name)
            return name if exact else f"{name} (or a subclass)"
        case LibraryInstance(name=name, arguments=arguments):
            shown = arguments[:1] if name == "builtins.list" else arguments
            told = tuple(a for a in shown if not any(isinstance(v, Literal) for v in a))
            return _short(name) + _arguments(told, reason)  # a constant tells where it was made
        case ClassObject(definition=definition):
            return f"class {_short(definition.name)}"
        case FunctionObject(function=function, receiver=receiver):
            kind = "function" if receiver is None else "method"
            return f"{kind} {function.name}"
        case LibraryMethod(receiver=receiver, path=path):
            return f"method {_short(receiver.name)}.{path}"
        case Library(name=name):
            return "a decorator" if name.startswith(OURS) else f"library {name}"
        case Module(file=file):
            return f"module {file}"
        case Literal(value=constant):
            return repr(constant)
        case Tuple(items=items):
            return "tuple" + _arguments(items, reason)
        case Mapping(items=pairs):
            return f"dict with {', '.join(repr(key) for key, _ in pairs[:MOST_WORDS])}" if pairs else "dict"
        case Unknown(reason=text):
            return f"unknown ({reason(text)})"
        case _:
            return _wrapped(value, reason)


def _wrapped(value: Value, reason: Reason) -> str:
    match value:
        case Suspended(kind=kind, activation=activation):
            return f"{kind} of {activation.function.name}"
        case Wrapper(kind=kind, target=target):
            return f"{kind} of {words(target, reason)}" if target else kind
        case Deferred(items=items):
            return f"lazy work that gives {words(items, reason)}"
        case TypeForm(instances=instances):
            return f"the type {words(instances, reason)}"
        case Super(owner=owner):
            return f"super() in {_short(owner.definition.name)}"
        case Accessor(name=name):
            return f"a property's {name}"
        case _:
            return type(value).__name__.lower()


def _arguments(arguments: tuple[Values, ...], reason: Reason) -> str:
    parts = [words(found, reason) if (found := known(values)) else "?" for values in arguments[:MOST_WORDS]]
    return f"[{', '.join(parts)}]" if parts else ""


def _short(name: str) -> str:
    return name.rpartition(".")[2]
