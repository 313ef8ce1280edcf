"""What keeps the domain finite: which values matter as arguments, and how deeply they nest."""

from __future__ import annotations

from itertools import chain

from blocklint.project.values import (
    CALLERS,
    NONE,
    NOTHING,
    Activation,
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
    Suspended,
    Tuple,
    TypeForm,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
)

DEEPEST_VALUE = 4


def matters(value: Value) -> bool:
    """Whether a value, passed as an argument, can change what the callee does."""
    kind = type(value)
    if kind in TELLING_NOTHING:
        return False
    if kind not in CONTAINERS:
        return True
    match value:
        case LibraryInstance(name=name, arguments=arguments):
            if not name.startswith("builtins."):
                return name != "collections.abc.Callable"
            return any(map(matters, chain.from_iterable(arguments)))
        case Tuple(items=items):
            return any(map(matters, chain.from_iterable(items)))
        case Mapping(items=pairs, others=others):
            return any(map(matters, chain(others, *(values for _, values in pairs))))
        case Deferred(items=items, calls=calls):
            return bool(calls) or any(map(matters, items))
        case _:
            return True


CONTAINERS = frozenset({LibraryInstance, Tuple, Mapping, Deferred})
TELLING_NOTHING = frozenset({Unknown, Literal})


def depth_of(value: Value) -> int:
    """How deeply a value is nested: 1 for one without parts."""
    if type(value) is Instance and not value.fields and value.cls.closure is None:
        return 1  # the common cases first
    if type(value) is LibraryInstance and not value.arguments:
        return 1
    match value:
        case Instance(cls=cls, fields=fields):
            return 1 + max([0, *(deepest(v) for _, v in fields), _closure(cls.closure)])
        case LibraryInstance(arguments=arguments) | Library(arguments=arguments):
            return 1 + max([0, *map(deepest, arguments)]) if arguments else 1
        case FunctionObject(closure=closure, receiver=receiver):
            # A closure is as deep as the activation that made it: four decorators, not two.
            return max(1, _closure(closure), depth_of(receiver) if receiver else 1)
        case Suspended(activation=activation):
            return 1 + activation.depth
        case Wrapper(target=target, positional=positional, keywords=keywords):
            parts = [target, *positional, *(v for _, v in keywords)]
            return 1 + max(map(deepest, parts))
        case Tuple(items=items):
            return 1 + max([0, *map(deepest, items)])
        case Mapping(items=pairs, others=others):
            return 1 + max([deepest(others), *(deepest(v) for _, v in pairs)])
        case LibraryMethod(receiver=receiver, path=path):
            # Recursion may go one attribute deeper each time: f(x.text) in f(x).
            return depth_of(receiver) + path.count(".")
        case ClassObject(closure=closure):
            return 1 + _closure(closure)
        case TypeForm(instances=found) | Deferred(items=found):
            return 1 + deepest(found)
        case _:
            return 1


def _closure(activation: Activation | None) -> int:
    return 0 if activation is None else activation.depth


def deepest(values: Values) -> int:
    """The depth of the most deeply nested member."""
    if len(values) == 1:
        return depth_of(values[0])
    return max(map(depth_of, values), default=0)


def shallow(values: Values) -> Values:
    """The members, those nested too deeply as Unknown: what is kept must not grow without end."""
    for value in values:
        if type(value) not in FLAT and depth_of(value) > DEEPEST_VALUE:
            return gather(
                (Unknown("nested too deeply"),) if depth_of(v) > DEEPEST_VALUE else (v,)
                for v in values
            )
    return values


FLAT = frozenset({Unknown, Literal, Module})


def bounded(values: Values) -> Values:
    """The members that matter as an argument; what is nested too deeply becomes Unknown.

    That there are others beside them is kept, without telling which.
    """
    if len(values) == 1:  # by far the most
        if not matters(values[0]):
            return NOTHING
        return values if depth_of(values[0]) <= DEEPEST_VALUE else (Unknown("nested too deeply"),)
    kept = tuple([value for value in values if matters(value)])
    if kept and deepest(kept) > DEEPEST_VALUE:
        return (Unknown("nested too deeply"),)
    if not kept or len(kept) == len(values):
        return kept
    if CALLERS in values:
        return (*kept, CALLERS)
    if NONE in values:
        kept = (*kept, NONE)
    return kept if len(kept) == len(values) else (*kept, OTHERS)


OTHERS = Unknown("other values")
