"""Library functions whose result depends on their arguments in a way that no table can say.

One small function each; :data:`FUNCTIONS` and :data:`METHODS` list them by canonical name. They
give the result, or None where the call is an ordinary one after all.
"""

from __future__ import annotations

from collections.abc import Callable

from blocklint.flow import making
from blocklint.flow.annotations import TYPE_VARIABLE, decides, instances
from blocklint.flow.attributes import read
from blocklint.flow.base import NO_ARGUMENTS, Arguments, CallSite, Edge, Frame
from blocklint.flow.binding import literal
from blocklint.flow.dynamic import PROTOCOL_FACTORIES, by_pattern, run_protocol
from blocklint.flow.iteration import CLOSING, awaited, element, entered
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Phase, Runs, Via
from blocklint.project.values import (
    NONE,
    NOTHING,
    ClassObject,
    Deferred,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,

    Super,
    Suspended,
    Tuple,
    TypeForm,
    Unknown,
    Values,
    Wrapper,
    gather,
    known,
)

Special = Callable[[Frame, Arguments, CallSite], Values | None]

IDENTITY = Library("blocklint.identity")
"""A decorator that returns what it is given."""


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


def awaitable(values: Values) -> Values:
    """Something that gives ``values`` when awaited."""
    return (LibraryInstance("collections.abc.Awaitable", (values,)),)


# ------------------------------------------------------------ classes, attributes


def _super(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    activation, owner = frame.activation, frame.owner
    if owner is None or activation is None or not activation.function.parameters:
        return (Unknown("super"),)
    receiver = frame.lookup(activation.function.parameters[0].name)
    return tuple(Super(owner, value) for value in receiver) or (Unknown("super"),)


def _getattr(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    name = literal(arguments.at(1, None))
    if not isinstance(name, str):
        matching = by_pattern(frame, arguments, site)
        return gather([matching, arguments.at(2, None)]) if matching else None
    found = read(frame, arguments.at(0, None), name, site)
    return gather([found, arguments.at(2, None)]) if not known(found) else found


def _descriptor(kind: str) -> Special:
    def wrap(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        return (Wrapper(kind, arguments.at(0, None)),)

    return wrap


def _type(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    values = arguments.at(0, None)
    return tuple(v.cls if isinstance(v, Instance) else Unknown("type") for v in values)


# ------------------------------------------------------------------- functools


def _partial(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return (
        Wrapper("partial", arguments.at(0, None), arguments.positional[1:], arguments.keywords),
    )


def _identity(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return arguments.at(0, None)


def _decorator(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``@cache`` and ``@cache(size)``: the function itself, or a decorator that returns it."""
    target = arguments.at(0, None)
    if any(isinstance(v, FunctionObject | ClassObject | Wrapper) for v in target):
        return target
    return (IDENTITY,)


def _wraps(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return (IDENTITY,)


# ---------------------------------------------------------------------- typing


def _cast(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    declared = instances(arguments.at(0, "typ"))
    return declared if decides(frame.inference, declared) else arguments.at(1, "val")


def _type_variable(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    bound = instances(arguments.at(None, "bound"))
    return (TypeForm(bound or (Unknown("type variable"),), (TYPE_VARIABLE,)),)


def _new_type(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return arguments.at(1, "tp")


# ------------------------------------------------------------------- iteration


def _first(arguments: Arguments) -> Values:
    return arguments.at(0, "iterable")


def _collected(kind: str) -> Special:
    """``list(x)``, ``sorted(x)``: x is iterated here."""

    def collect(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        values = _first(arguments)
        items = element(frame, values, site, False) if values else NOTHING
        _keyed(frame, arguments, items, site)
        return (LibraryInstance(f"builtins.{kind}", (items,)),)

    return collect


def _keyed(frame: Frame, arguments: Arguments, items: Values, site: CallSite) -> None:
    """``key=`` is called with every element."""
    key = arguments.at(None, "key")
    if key:
        inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
        frame.inference.call(frame, key, Arguments((items,)), inner)


def _reduced(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``sum``, ``any``, ``max``: the argument is iterated, an element or number comes out."""
    values = _first(arguments)
    items = element(frame, values, site, False) if len(arguments.positional) == 1 else values
    _keyed(frame, arguments, items, site)
    return items or (Unknown("number"),)


def _iterator(frame: Frame, arguments: Arguments, site: CallSite) -> Values | None:
    values = _first(arguments)
    return values if len(arguments.positional) == 1 else None


def _next(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return gather([element(frame, _first(arguments), site, False), arguments.at(1, None)])


def _anext(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    return awaitable(element(frame, _first(arguments), site, True))


def _enumerate(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    with frame.deferring() as edges:
        items = element(frame, _first(arguments), site, False)
    pair = Tuple(((LibraryInstance("builtins.int"),), items))
    return (Deferred((pair,), tuple(edge.target for edge in edges)),)


def _zip(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    with frame.deferring() as edges:
        columns = tuple(element(frame, v, site, False) for v in arguments.positional)
    return (Deferred((Tuple(columns),), tuple(edge.target for edge in edges)),)


def _map(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``map`` iterates its arguments and calls its function when it is consumed itself."""
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        columns = tuple(element(frame, v, site, False) for v in arguments.positional[1:])
        result = frame.inference.call(frame, arguments.at(0, None), Arguments(columns), inner)
    return (Deferred(result, tuple(edge.target for edge in edges)),)


def _filter(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    with frame.deferring() as edges:
        items = element(frame, arguments.at(1, None), site, False)
        if arguments.at(0, None) != (NONE,):
            frame.inference.call(frame, arguments.at(0, None), Arguments((items,)), inner)
    return (Deferred(items, tuple(edge.target for edge in edges)),)


def _reduce(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    items = element(frame, arguments.at(1, None), site, False)
    inner = CallSite(site.span, site.called, Via.CALLBACK, site.switches_to)
    given = Arguments((gather([arguments.at(2, None), items]), items))
    return frame.inference.call(frame, arguments.at(0, None), given, inner)


def _lazy(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``enumerate``, ``islice`` and others that pass on what they go through, later."""
    with frame.deferring() as edges:
        items = [element(frame, v, site, False) for v in arguments.positional[:1]]
    return (Deferred(gather(items), tuple(edge.target for edge in edges)),)


def _chain(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    with frame.deferring() as edges:
        items = [element(frame, v, site, False) for v in arguments.positional]
    return (Deferred(gather(items), tuple(edge.target for edge in edges)),)


def _special_method(name: str, result: str) -> Special:
    """``len(x)`` and its like: a special method of a project's class is called."""

    def run(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
        for value in arguments.at(0, None):
            if isinstance(value, Instance):
                member = read(frame, (value,), name, site)
                if not any(isinstance(v, Unknown) for v in member):
                    frame.inference.call(frame, member, NO_ARGUMENTS, site)
        return (LibraryInstance(f"builtins.{result}"),)

    return run


# --------------------------------------------------------------------- asyncio


def _task(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """A task: its coroutine runs on its own, its result is there when the task is awaited."""
    coroutine = next(iter(arguments.positional), NOTHING) or arguments.at(None, "coro")
    results = [
        frame.inference.returns(v.activation) if isinstance(v, Suspended) else awaited(frame, (v,), site)
        for v in coroutine
    ]
    return (LibraryInstance("asyncio.Task", (gather(results),)),)


def _from_thread(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """A coroutine handed to a loop from another thread, which may wait for its future."""
    tasks = _task(frame, arguments, site)
    results = gather(task.arguments[0] for task in tasks if isinstance(task, LibraryInstance))
    return (LibraryInstance("concurrent.futures.Future", (results,)),)


def _waited(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """``wait_for`` and ``shield``: what they are given is awaited with them."""
    return awaitable(awaited(frame, arguments.at(0, "fut"), site))


def _gather(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    results = tuple(awaited(frame, values, site) for values in arguments.positional)
    return awaitable((Tuple(results),))


def _run(frame: Frame, arguments: Arguments, site: CallSite) -> Values:
    """A program's main coroutine: startup, unless it turns out to serve."""
    starts = CallSite(site.span, site.called, Via.AWAIT, Runs.EVENT_LOOP, phase=Phase.STARTUP)
    return awaited(frame, arguments.at(0, "main"), starts)


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



STARTS_A_LOOP = frozenset({"run", "run_until_complete"})

FUNCTIONS: dict[str, Special] = {
    **making.FUNCTIONS,
    "builtins.super": _super,
    "builtins.getattr": _getattr,
    "builtins.type": _type,
    "builtins.property": _descriptor("property"),
    "functools.cached_property": _descriptor("cached property"),
    "builtins.classmethod": _descriptor("classmethod"),
    "builtins.staticmethod": _descriptor("staticmethod"),
    "contextlib.contextmanager": _descriptor("context manager"),
    "contextlib.asynccontextmanager": _descriptor("async context manager"),
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "functools.lru_cache": _decorator,
    "functools.cache": _decorator,
    "functools.singledispatch": _decorator,
    "blocklint.identity": _identity,
    "typing.cast": _cast,
    "typing.TypeVar": _type_variable,
    "typing.NewType": _new_type,
    **{f"builtins.{kind}": _collected(kind) for kind in ("list", "set", "frozenset", "tuple")},
    "builtins.sorted": _collected("list"),
    **{f"builtins.{name}": _reduced for name in ("sum", "any", "all", "min", "max")},
    "builtins.iter": _iterator,
    "builtins.reversed": _iterator,
    "builtins.next": _next,
    "builtins.anext": _anext,
    "builtins.aiter": _iterator,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "itertools.islice": _lazy,
    "itertools.cycle": _lazy,
    "itertools.takewhile": _chain,
    "itertools.chain": _chain,
    "functools.reduce": _reduce,
    "builtins.len": _special_method("__len__", "int"),
    "builtins.bool": _special_method("__bool__", "bool"),
    "builtins.str": _special_method("__str__", "str"),
    "builtins.repr": _special_method("__repr__", "str"),
    "asyncio.create_task": _task,
    "asyncio.ensure_future": _task,
    "asyncio.run_coroutine_threadsafe": _from_thread,
    "asyncio.shield": _waited,
    "asyncio.wait_for": _waited,
    "asyncio.gather": _gather,
    "asyncio.run": _run,
    CLOSING: _closing,
    "contextlib.nullcontext": _context,
}

METHODS: dict[str, Special] = {
    **dict.fromkeys(PROTOCOL_FACTORIES, run_protocol),
    "asyncio.AbstractEventLoop.create_task": _task,
    "asyncio.AbstractEventLoop.run_until_complete": _run,
    "asyncio.TaskGroup.create_task": _task,
    "contextlib.ExitStack.enter_context": _enter,
    "contextlib.AsyncExitStack.enter_context": _enter,
    "contextlib.AsyncExitStack.enter_async_context": _enter_async,
}
