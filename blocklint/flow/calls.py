"""Calls: what calling a value runs and gives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from blocklint.flow import binding, dispatch, special, told, wrapping
from blocklint.flow.annotations import CALLABLE, instances
from blocklint.flow.attributes import read
from blocklint.flow.base import Frame
from blocklint.flow.conditions import holds
from blocklint.flow.construction import construct
from blocklint.flow.edges import (
    Arguments,
    CallSite,
    Edge,
)
from blocklint.flow.overloads import overloaded
from blocklint.flow.running import run_given, run_wrapped
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Via
from blocklint.project.values import (
    CALLERS,
    NOTHING,
    Accessor,
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    LibraryMethod,
    Literal,
    Suspended,
    TypeForm,
    Unknown,
    Value,
    Values,
    Wrapper,
    gather,
    known,
    without_none,
)


def call(frame: Frame, values: Values, arguments: Arguments, site: CallSite) -> Values:
    """The result of calling any of ``values``; the edges are recorded in ``frame``."""
    if len(values) == 1:
        return HANDLERS.get(type(values[0]), _not_callable)(frame, values[0], arguments, site)
    values = without_none(values)
    if len(values) > site.candidates:  # an operator may have counted its operands already
        site = msgspec.structs.replace(site, candidates=len(values))
    if len(values) == 1:
        return _call(frame, values[0], arguments, site)
    if CALLERS in values:
        values = tuple(value for value in values if value != CALLERS)
        site = msgspec.structs.replace(site, candidates=len(values), weak=True)
        return gather([*(_call(frame, v, arguments, site) for v in values), (CALLERS,)])
    return gather(_call(frame, value, arguments, site) for value in values)


def _call(frame: Frame, value: Value, arguments: Arguments, site: CallSite) -> Values:
    handler = HANDLERS.get(type(value), _not_callable)
    return handler(frame, value, arguments, site)


def _not_callable(frame: Frame, value: Value, arguments: Arguments, site: CallSite) -> Values:
    frame.record(Edge(site, None, "not callable"))
    return (Unknown("not callable"),)


def _literal(frame: Frame, value: Literal, arguments: Arguments, site: CallSite) -> Values:
    """None is what a value is not, where it is called."""
    return NOTHING if value.value is None else _not_callable(frame, value, arguments, site)


def _unknown(frame: Frame, value: Unknown, arguments: Arguments, site: CallSite) -> Values:
    frame.record(Edge(site, None, value.reason))
    return (value,)


def _instance(frame: Frame, value: Instance, arguments: Arguments, site: CallSite) -> Values:
    return call(frame, read(frame, (value,), "__call__", site), arguments, site)


def _library_method(frame: Frame, value: LibraryMethod, arguments: Arguments, site: CallSite) -> Values:
    return _method(frame, value.receiver, value.path, arguments, site)


def _library_instance(frame: Frame, value: LibraryInstance, arguments: Arguments, site: CallSite) -> Values:
    if value.name == CALLABLE and value.arguments:
        frame.record(Edge(site, None, "a callable given from outside"))
        return value.arguments[-1]
    return _method(frame, value, "__call__", arguments, site)


def _accessor(frame: Frame, value: Accessor, arguments: Arguments, site: CallSite) -> Values:
    """``@prop.setter``: the property again, with that accessor."""
    keywords = {**dict(value.descriptor.keywords), value.name: arguments.at(0, None)}
    return (msgspec.structs.replace(value.descriptor, keywords=tuple(keywords.items())),)


def _type_form(frame: Frame, value: TypeForm, arguments: Arguments, site: CallSite) -> Values:
    return value.instances


def _function(
    frame: Frame, value: FunctionObject, arguments: Arguments, site: CallSite, as_told: bool = True
) -> Values:
    function, inference = value.function, frame.inference
    if inference.told.functions and as_told:
        spoken = inference.told.functions.get(function)
        if spoken is not None:
            ordinary = partial(_function, frame, value, as_told=False)
            return told.call(frame, spoken, function.is_async, arguments, site, ordinary, run_given)
    target = binding.activation(inference, value, arguments)
    if function.is_stub and value.file.endswith(".pyi"):
        return _compiled(frame, value, target, site)
    if function.is_async:
        kind = "async generator" if function.is_generator else "coroutine"
        frame.record(Edge(site, target))  # made here; a second edge says where it is awaited
        return (Suspended(kind, target),)
    if function.is_generator:
        return (Suspended("generator", target),)
    frame.record(Edge(site, target))
    result = inference.returns(target)
    if function.returns is None and inference.project.overloads[value.file] and not known(result):
        return overloaded(inference, value, arguments) or result
    return result


def _compiled(frame: Frame, value: FunctionObject, target: Activation, site: CallSite) -> Values:
    """Call what only a stub speaks of: it tells the type of the result, not what is run for it."""
    function, inference = value.function, frame.inference
    name = f"{inference.project.module_name(value.file)}.{function.name}"
    frame.record(Edge(site, None, f"library {name}"))
    if function.is_async:
        return (Suspended("coroutine", target),)
    return inference.returns(target) or (Unknown(f"library {name}()"),)


def _library(frame: Frame, value: Library, arguments: Arguments, site: CallSite) -> Values:
    """Call a library function or class."""
    inference, name = frame.inference, value.name
    result = special.call(frame, name, arguments, site)
    if result is not None:
        return result
    hook = inference.hook_for(name)
    if hook is not None:
        result = hook.call(frame, name, arguments, site)
        if result is not None:
            if site.via is not Via.ATTRIBUTE:  # of an attribute that is read, the hook says what is called
                frame.record(Edge(site, _known(frame, name)))
            return result
    function = inference.catalog.function(name)
    if function is not None:
        return _catalogued(frame, function, None, arguments, site)
    if inference.catalog.find_class(name) is not None:
        constructor = inference.catalog.method(name, "__init__")
        made = LibraryInstance(name, tuple(map(instances, value.arguments)))
        if constructor is not None:
            _catalogued(frame, constructor, made, arguments, site)
            if any(each.type and holds(each, arguments) for each in constructor.unless):
                return (Unknown("in memory"),)  # an archive in a buffer: no method waits for the disk
        else:
            frame.record(Edge(site, LibraryCallable(name)))
        return (made,)
    owner, _, method = name.rpartition(".")
    if inference.catalog.find_class(owner) is not None:  # ``Redis.from_url(…)``
        return _method(frame, LibraryInstance(owner), method, arguments, site)
    frame.record(Edge(site, None, f"library {name}"))
    return (Unknown(f"library {name}()"),)


def _known(frame: Frame, name: str) -> LibraryCallable:
    return frame.inference.catalog.function(name) or LibraryCallable(name)


def _method(
    frame: Frame, receiver: LibraryInstance, path: str, arguments: Arguments, site: CallSite
) -> Values:
    name = f"{receiver.name}.{path}"
    result = special.method(frame, receiver, path, name, arguments, site)
    if result is not None:
        return result
    hook = frame.inference.hook_for(name)
    if hook is not None:
        if receiver.arguments:  # a receiver without them tells a hook nothing
            arguments = msgspec.structs.replace(arguments, receiver=receiver)
        result = hook.call(frame, name, arguments, site)
        if result is not None:
            return result
    method = frame.inference.catalog.method(receiver.name, path)
    if method is None:
        frame.record(Edge(site, None, f"library {receiver.name}.{path}"))
        return (Unknown(f"library {receiver.name}.{path}()"),)
    return _catalogued(frame, method, receiver, arguments, site)


def _catalogued(
    frame: Frame,
    method: LibraryCallable,
    receiver: LibraryInstance | None,
    arguments: Arguments,
    site: CallSite,
) -> Values:
    """Call what the catalogue knows: its effect, what it runs, what it gives."""
    if method.unless and any(holds(condition, arguments) for condition in method.unless):
        method = msgspec.structs.replace(method, blocks=None)
    first = method.runners[0] if method.runners else None
    if first is not None and first.when == "result-call":
        # What it waits for, it waits for when its result is called.
        frame.record(Edge(site, method if method.blocks is None else LibraryCallable(method.name)))
        return run_given(frame, method, receiver, arguments, site)
    frame.record(Edge(site, method))
    result = NOTHING
    if first is not None:
        result = run_given(frame, method, receiver, arguments, site)
        if first.when == "object":
            return result
    found = told.typed(frame.inference, method.returns, receiver, result)
    return found or (Unknown(f"result of {method.name}"),)


def _wrapper(frame: Frame, value: Wrapper, arguments: Arguments, site: CallSite) -> Values:
    match value.kind:
        case "partial":
            merged = Arguments(
                (*value.positional, *arguments.positional),
                (*value.keywords, *arguments.keywords),
                arguments.open,
            )
            return call(frame, value.target, merged, site)
        case "context manager" | "async context manager":
            return _suspended(frame, value, arguments, site)
        case "cached":
            return call(frame, value.target, arguments, msgspec.structs.replace(site, weak=True))
        case "runner":
            return run_wrapped(frame, value, arguments, site)
        case "single dispatch":
            return call(frame, dispatch.chosen(frame, value, arguments), arguments, site)
        case _:
            return wrapping.called(frame, value, arguments, site)


def _suspended(frame: Frame, value: Wrapper, arguments: Arguments, site: CallSite) -> Values:
    """Calling a ``@contextmanager`` function: the generator is made, ``with`` will run it."""
    found = []
    for target in value.target:
        made = call(frame, (target,), arguments, site)
        found += [
            Suspended(value.kind, v.activation) if isinstance(v, Suspended) else v for v in made
        ]
    return tuple(found)


HANDLERS: dict[type, Callable[[Frame, Any, Arguments, CallSite], Values]] = {
    FunctionObject: _function, LibraryMethod: _library_method, Library: _library,
    ClassObject: construct, Instance: _instance, LibraryInstance: _library_instance,
    Wrapper: _wrapper, Accessor: _accessor, TypeForm: _type_form, Unknown: _unknown,
    Literal: _literal,
}  # fmt: skip
