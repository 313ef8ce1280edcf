"""Library functions whose result depends on their arguments in a way that no table can say.

One small function each; :data:`FUNCTIONS` and :data:`METHODS` list them by canonical name. They
give the result, or None where the call is an ordinary one after all.
"""

from __future__ import annotations

from blocklint.flow import asking, consuming, loops, making, threadpool, wrapping
from blocklint.flow.annotations import TYPE_VARIABLE, decides, instances
from blocklint.flow.attributes import is_enumeration, read
from blocklint.flow.base import Frame
from blocklint.flow.consuming import Special, awaitable
from blocklint.flow.dynamic import MOST_MATCHES, PROTOCOL_FACTORIES, by_pattern, module_by_name, run_protocol
from blocklint.flow.edges import (
    Arguments,
    CallSite,
    Edge,
)
from blocklint.flow.filling import reordered
from blocklint.flow.iteration import CLOSING, awaited, entered
from blocklint.knowledge.records import LibraryCallable
from blocklint.project.values import (
    NOTHING,
    ClassObject,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    Literal,
    Super,
    Suspended,
    Tuple,
    TypeForm,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
    known,
    without_none,
)

IDENTITY = Library("blocklint.identity")
"""A decorator that returns what it is given."""

COMPUTED = "pydantic.computed_field"
MARKING = tuple(
    f"pydantic.{name}"
    for name in (
        "field_serializer", "field_validator", "model_serializer", "model_validator", "root_validator",
        "validator",
    )
)  # fmt: skip
"""Decorators with options that give back what they decorate."""


def call(frame: Frame, name: str, arguments: Arguments, site: CallSite) -> Values | None:
    """The result of calling a special library function, None if it is not special."""
    special = FUNCTIONS.get(name)
    if special is None:
        return None
    result = special(frame, arguments, site)
    if result is not None:
        frame.record(Edge(site, frame.inference.catalog.function(name) or LibraryCallable(name)))
    return result


def method(
    frame: Frame,
    receiver: LibraryInstance,
    path: str,
    name: str,
    arguments: Arguments,
    site: CallSite,
) -> Values | None:
    """The result of calling a special method of a library object, None if it is not special."""
    special = METHODS.get(name)
    if special is None:
        return None
    result = special(frame, arguments, site)
    if result is not None:
        known_method = frame.inference.catalog.method(receiver.name, path)
        frame.record(Edge(site, known_method or LibraryCallable(name)))
    return result


# ------------------------------------------------------------ classes, attributes


def _super(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    activation, owner = frame.activation, frame.owner
    if owner is None or activation is None or not activation.function.parameters:
        return (Unknown("super"),)
    receiver = frame.lookup(activation.function.parameters[0].name)
    return tuple(Super(owner, value) for value in receiver) or (Unknown("super"),)


def _getattr(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    names = [v.value for v in without_none(arguments.at(1, None)) if isinstance(v, Literal)]
    if len(names) != len(arguments.at(1, None)) or not 0 < len(names) <= MOST_MATCHES:
        matching = by_pattern(frame, arguments, site)
        return gather([matching, arguments.at(2, None)]) if matching else None
    found = gather(read(frame, arguments.at(0, None), str(name), site) for name in names)
    return gather([found, arguments.at(2, None)]) if not known(found) else found


def _descriptor(kind: str) -> Special:
    def wrap(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        return (Wrapper(kind, arguments.at(0, None)),)

    return wrap


def _property(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``property(get, set, delete)``, as a decorator or called."""
    others = ((name, arguments.at(place, keyword)) for name, place, keyword in ACCESSORS)
    kept = tuple((name, values) for name, values in others if values)
    return (Wrapper("property", arguments.at(0, "fget"), keywords=kept),)


ACCESSORS = (("setter", 1, "fset"), ("deleter", 2, "fdel"))


def _type(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    values = arguments.at(0, None)
    return tuple(v.cls if isinstance(v, Instance) else Unknown("type") for v in values)


# ------------------------------------------------------------------- functools


def _identity(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return arguments.at(0, None)


def _decorator(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``@cache`` and ``@cache(size)``: the function itself, or a decorator that returns it."""
    target = arguments.at(0, None)
    if any(isinstance(v, FunctionObject | ClassObject | Wrapper) for v in target):
        return target
    return (IDENTITY,)


def _cached(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """A cached function runs for its first callers only, where it may be given few arguments."""
    target = arguments.at(0, None)
    if target and all(isinstance(v, FunctionObject) and _has_few_arguments(frame, v) for v in target):
        return (Wrapper("cached", target),)
    return _decorator(frame, arguments, site) if target else (Library("functools.cache"),)


def _has_few_arguments(frame: Frame, value: FunctionObject) -> bool:
    """Whether a function takes nothing, or members of enumerations and truth values only."""
    for parameter in value.function.parameters:
        hint = parameter.annotation
        declared = instances(frame.inference.evaluate(frame, hint)) if hint is not None else ()
        if parameter.kind in ("variadic", "keywords") or not declared:
            return False
        if not all(_is_one_of_few(frame, each) for each in declared):
            return False
    return True


def _is_one_of_few(frame: Frame, value: Value) -> bool:
    if type(value) is Instance:
        return is_enumeration(frame.inference, value.cls)
    return value == LibraryInstance("builtins.bool")


def _wraps(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return (IDENTITY,)


def _computed(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``@computed_field``, with options or without: what it decorates becomes a property."""
    target = arguments.at(0, None)
    functions = tuple(v for v in target if isinstance(v, FunctionObject))
    return (Wrapper("property", functions),) if functions else target or (Library(COMPUTED),)


# ---------------------------------------------------------------------- typing


def _cast(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    declared = instances(arguments.at(0, "typ"))
    return declared if decides(frame.inference, declared) else arguments.at(1, "val")


def _type_variable(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    bound = instances(arguments.at(None, "bound"))
    return (TypeForm(bound or (Unknown("type variable"),), (TYPE_VARIABLE,)),)


def _new_type(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return arguments.at(1, "tp")


# --------------------------------------------------------------------- asyncio


def _task(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """A task: its coroutine runs on its own, its result is there when the task is awaited."""
    coroutine = next(iter(arguments.positional), NOTHING) or arguments.at(None, "coro")
    results = [
        frame.inference.returns(v.activation) if isinstance(v, Suspended) else awaited(frame, (v,), site)
        for v in coroutine
    ]
    return (LibraryInstance("asyncio.Task", (gather(results),)),)


def _threadsafe(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return loops.future_of(frame, _task(frame, arguments, site), arguments)


def _waited(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``wait_for`` and ``shield``: what they are given is awaited with them."""
    return awaitable(awaited(frame, arguments.at(0, "fut"), site))


def _gather(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    results = tuple(awaited(frame, values, site) for values in arguments.positional)
    return awaitable((Tuple(results),))


# ------------------------------------------------------------------ contextlib


def _context(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    values = arguments.at(0, None)
    return (LibraryInstance("contextlib.AbstractContextManager", (values,)),)


def _closing(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``closing(x)`` closes x where the ``with`` ends."""
    return (LibraryInstance(CLOSING, (arguments.at(0, None),)),)


def _enter(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return entered(frame, arguments.at(0, "cm"), site, False)


def _enter_async(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return awaitable(entered(frame, arguments.at(0, "cm"), site, True))


FUNCTIONS: dict[str, Special] = {
    **making.FUNCTIONS,
    **wrapping.FUNCTIONS,
    **loops.FUNCTIONS,
    **threadpool.FUNCTIONS,
    "builtins.super": _super,
    "builtins.getattr": _getattr,
    "importlib.import_module": module_by_name,
    "builtins.__import__": module_by_name,
    "builtins.type": _type,
    "builtins.property": _property,
    "functools.cached_property": _descriptor("cached property"),
    "builtins.classmethod": _descriptor("classmethod"),
    "builtins.staticmethod": _descriptor("staticmethod"),
    "contextlib.contextmanager": _descriptor("context manager"),
    "contextlib.asynccontextmanager": _descriptor("async context manager"),
    "functools.wraps": _wraps,
    "functools.lru_cache": _cached,
    "functools.cache": _cached,
    "functools.singledispatch": _descriptor("single dispatch"),
    "functools.singledispatchmethod": _descriptor("single dispatch"),
    "blocklint.identity": _identity,
    "typing.cast": _cast,
    "typing.TypeVar": _type_variable,
    "typing.NewType": _new_type,
    **consuming.FUNCTIONS,
    **asking.FUNCTIONS,
    "functools.cmp_to_key": _identity,
    COMPUTED: _computed,
    **dict.fromkeys(MARKING, _decorator),
    "asyncio.create_task": _task,
    "asyncio.ensure_future": _task,
    "asyncio.run_coroutine_threadsafe": _threadsafe,
    "asyncio.shield": _waited,
    "asyncio.wait_for": _waited,
    "asyncio.gather": _gather,
    CLOSING: _closing,
    "contextlib.nullcontext": _context,
}

METHODS: dict[str, Special] = {
    **{f"builtins.list.{name}": reordered for name in ("clear", "pop", "remove", "reverse")},
    **consuming.METHODS,
    **asking.METHODS,
    **dict.fromkeys(PROTOCOL_FACTORIES, run_protocol),
    **loops.METHODS,
    "asyncio.AbstractEventLoop.create_task": _task,
    "asyncio.TaskGroup.create_task": _task,
    "contextlib.ExitStack.enter_context": _enter,
    "contextlib.AsyncExitStack.enter_context": _enter,
    "contextlib.AsyncExitStack.enter_async_context": _enter_async,
}
