"""Functions that dispatch on the class of their first argument: functools.singledispatch.

The value of such a function is a ``Wrapper`` of kind "single dispatch" around the function itself.
What is registered with it is found by the decorators ``@name.register`` of the module, or class,
that defines it, and of modules that import it.
"""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.annotations import instances
from blocklint.flow.attributes import as_library
from blocklint.flow.base import Frame, Inference
from blocklint.flow.edges import Arguments
from blocklint.flow.instance_tests import is_a
from blocklint.project.values import FunctionObject, Unknown, Value, Values, Wrapper


def chosen(frame: Frame, wrapper: Wrapper, arguments: Arguments) -> Values:
    """The functions that a call may run: those that fit the argument, else all of them."""
    found: list[Value] = []
    for base in wrapper.target:
        if isinstance(base, FunctionObject):
            found += _chosen(frame.inference, base, arguments)
        else:
            found.append(base)
    return tuple(found)


def _chosen(inference: Inference, base: FunctionObject, arguments: Arguments) -> Values:
    registered = list(_registered(inference, base))
    given = arguments.at(0, None)
    functions = (base, *(function for function, _ in registered))
    if not given or any(isinstance(value, Unknown) for value in given):
        return functions
    found: dict[Value, None] = {}
    for value in given:
        plain = as_library(value) or value
        fitting = [f for f, types in registered if any(is_a(inference, plain, t) for t in types)]
        found.update(dict.fromkeys(fitting or [base]))
    return tuple(found)


def _registered(
    inference: Inference, base: FunctionObject
) -> Iterator[tuple[FunctionObject, Values]]:
    """What is registered with a function, with the instances each is for."""
    name = base.function.name.rpartition(".")[2]
    for file, statement in inference.project.uses.decorated("register"):
        if not isinstance(statement, r.DefineFunction):
            continue
        for decorator in statement.function.decorators:
            callee = decorator.callee if isinstance(decorator, r.Call) else decorator
            if not _is_register(callee, name) or statement.function.owner != base.function.owner:
                continue
            if file != base.file and name not in inference.project.bindings[file]:
                continue
            function = FunctionObject(
                file, statement.function, base.closure, base.receiver, base.owner
            )
            yield function, _types(inference, function, decorator)
    yield from _registered_by_call(inference, base, name)


def _registered_by_call(
    inference: Inference, base: FunctionObject, name: str
) -> Iterator[tuple[FunctionObject, Values]]:
    """``name.register(type, function)`` in a module's body."""
    for file, caller in inference.project.uses.callers("register"):
        if caller.name != "<module>" or (
            file != base.file and name not in inference.project.bindings[file]
        ):
            continue
        scope = inference.scope(file, None, None)
        for call in inference.project.uses.calls(caller, "register"):
            if _is_register(call.callee, name) and len(call.arguments) == 2:
                types, functions = (inference.evaluate(scope, a) for a in call.arguments)
                for function in functions:
                    if isinstance(function, FunctionObject):
                        yield function, instances(types)


def _is_register(callee: r.Expression, name: str) -> bool:
    match callee:
        case r.Attribute(name="register", value=r.Name(name=owner) | r.Attribute(name=owner)):
            return owner == name
        case _:
            return False


def _types(inference: Inference, function: FunctionObject, decorator: r.Expression) -> Values:
    """``@name.register(type)``, or the annotation of the first argument."""
    if isinstance(decorator, r.Call) and decorator.arguments:
        scope = inference.scope(function.file, function.closure, function.owner)
        return instances(inference.evaluate(scope, decorator.arguments[0]))
    plain = FunctionObject(
        function.file, function.function, function.closure, None, function.owner
    )
    hints = inference.signature(plain).hints
    position = 1 if function.function.owner else 0
    return instances(hints[position]) if position < len(hints) else ()
