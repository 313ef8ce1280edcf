"""What is handed to another thread or process: how it is written, and whether it can be run there.

That cannot be the result of a call that was to be made there, and should not be a coroutine function,
whose coroutine nobody awaits there.
"""

from __future__ import annotations

from blocklint.flow.base import Frame, Inference
from blocklint.flow.edges import Arguments, CallSite, Edge
from blocklint.flow.origins import handed_at
from blocklint.knowledge.records import LibraryCallable, Runner
from blocklint.model import Blocks, Runs, Via
from blocklint.project.values import (
    CALLERS,
    ClassObject,
    Deferred,
    FunctionObject,
    Instance,
    LibraryInstance,
    Literal,
    Mapping,
    Suspended,
    Tuple,
    Unknown,
    Value,
    Values,
    Wrapper,
    known,
)

HANDED = "handed over"
UNSEEN = "handed over, nothing known"
CALLED = "called, not passed"
COROUTINE = "a coroutine function"
"""The reasons of edges that note what is handed over: at the call, with the argument as what is called."""

NOTES = frozenset({HANDED, UNSEEN, CALLED, COROUTINE})

OFF_LOOP = frozenset({Runs.WORKER_THREAD, Runs.OTHER_PROCESS})


def note(
    frame: Frame,
    method: LibraryCallable,
    runner: Runner,
    result: Values,
    arguments: Arguments,
    site: CallSite,
) -> None:
    """Note what is handed to another thread, and whether it can be run there.

    ``result`` is what comes out.
    """
    if runner.runs not in OFF_LOOP or arguments.node is None:
        return
    handed = handed_at(arguments.node, runner.position, runner.keyword)
    if handed is None:
        return
    target = arguments.at(runner.position, runner.keyword)
    values = tuple(v for v in target if v != CALLERS)
    reason, candidates = HANDED if target else UNSEEN, 1
    if values and all(is_data(frame.inference, value) for value in values):
        reason, candidates = CALLED, 2 if any(type(value) is Unknown for value in values) else 1
    elif runner.coroutines is None and any(map(_gives_coroutine, (*values, *result))):
        reason, candidates = COROUTINE, len(known(values))
    where = CallSite(site.span, handed, Via.CALLBACK, site.switches_to, candidates, CALLERS in target)
    noted = method if method.blocks is None else LibraryCallable(method.name, runners=(runner,))
    frame.record(Edge(where, noted, reason))


def is_data(inference: Inference, value: Value) -> bool:
    """Whether a value is none that can be called: for certain, or as an unknown row of a database is none."""
    kind = type(value)
    if kind in DATA:
        return True
    if kind is LibraryInstance:
        return _is_library_data(inference, value.name)  # type: ignore[attr-defined]
    if kind is Instance:
        return _is_plain_instance(inference, value.cls)  # type: ignore[attr-defined]
    if kind is Unknown:
        return _is_row(inference, value.reason)  # type: ignore[attr-defined]
    return False


RESULT = "result of "


def _is_row(inference: Inference, reason: str) -> bool:
    """Whether something unknown has come out of a database."""
    if not reason.startswith(RESULT):
        return False
    name = reason.removeprefix(RESULT)
    owner, _, last = name.rpartition(".")
    made_by = inference.catalog.function(name) or inference.catalog.method(owner, last)
    return made_by is not None and made_by.blocks is Blocks.DATABASE


DATA = frozenset({Literal, Tuple, Mapping, Suspended, Deferred})
OBJECTS = frozenset({"builtins.object", "builtins.type"})


def _is_library_data(inference: Inference, name: str) -> bool:
    catalog = inference.catalog
    return (
        name not in OBJECTS
        and catalog.find_class(name) is not None
        and catalog.method(name, "__call__") is None
        and all(catalog.find_class(base) for each in catalog.ancestors(name) for base in each.bases)
    )


def _is_plain_instance(inference: Inference, cls: ClassObject) -> bool:
    """Whether neither a class nor a subclass of it has ``__call__``, and all of its bases are known."""
    return all(
        isinstance(base, ClassObject) or base == "builtins.object" or _is_library_data(inference, base)
        for base in inference.mro(cls)
    ) and not any(
        inference.find_member(each, "__call__") for each in (cls, *inference.subclasses(cls))
    )


def _gives_coroutine(value: Value) -> bool:
    """Whether it is a coroutine, or calling it is certain to give one."""
    match value:
        case FunctionObject(function=function):
            return function.is_async and not function.is_generator
        case Wrapper(kind="partial", target=target):
            return bool(target) and all(map(_gives_coroutine, target))
        case _:
            return isinstance(value, Suspended) and value.kind == "coroutine"
