"""Names of module and class bodies: the values that their bindings give them."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.facts.walk import calls
from blocklint.flow.annotations import TYPE_VARIABLE, instances
from blocklint.flow.base import Frame, Inference
from blocklint.flow.class_decorators import replaced
from blocklint.flow.edges import Arguments
from blocklint.flow.imports import imported
from blocklint.flow.iteration import element, entered
from blocklint.flow.protocols import site
from blocklint.flow.unpacking import unpacked
from blocklint.model import Via
from blocklint.project.registering import Registering
from blocklint.project.scopes import Binding, scope_statements
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    TypeForm,
    Unknown,
    Value,
    Values,
    Wrapper,
)


def bound(frame: Frame, binding: Binding) -> Values:
    """The values that one binding of a module or class body gives its name."""
    evaluate = frame.inference.evaluate
    statement = binding.statement
    if type(statement) is r.DefineFunction:
        return defined_function(frame, statement.function)
    if type(statement) is r.DefineClass:
        return defined_class(frame, statement.definition)
    if type(statement) is r.Import and binding.imported is not None:
        return imported(frame.inference, frame.file, statement, binding.imported)
    if binding.kind == "annotated" and binding.annotation is not None:
        return instances(evaluate(frame, binding.annotation))
    if binding.value is None:
        return NOTHING
    values = evaluate(frame, binding.value)
    if binding.kind == "except":
        return instances(values)
    if binding.kind == "iterate":
        is_async = isinstance(binding.statement, r.Loop) and binding.statement.kind == "async for"
        values = element(frame, values, site(binding.value, Via.ITERATION), is_async)
    elif binding.kind == "enter":
        is_async = isinstance(binding.statement, r.With) and binding.statement.is_async
        values = entered(frame, values, site(binding.value, Via.CONTEXT_MANAGER), is_async)
    elif binding.kind == "augment":
        return NOTHING
    values = unpacked(frame, values, binding.path)
    if binding.annotation is not None:
        declared = instances(evaluate(frame, binding.annotation))
        if not all(isinstance(value, Unknown) for value in declared):
            return values if _is_alias(frame, binding) else preferred(declared, values)
    return values


def defined(
    file: str, closure: Activation | None, owner: ClassObject | None, binding: Binding
) -> Values:
    """What a definition without decorators is, () for any other binding: most need no scope."""
    statement = binding.statement
    if type(statement) is r.DefineFunction and not statement.function.decorators:
        return (FunctionObject(file, statement.function, closure, None, owner),)
    if type(statement) is r.DefineClass and not statement.definition.decorators:
        return (ClassObject(file, statement.definition, closure),)
    return NOTHING


def _is_alias(frame: Frame, binding: Binding) -> bool:
    """``X: TypeAlias = …``: the value is the type."""
    match binding.annotation:
        case r.Name(name="TypeAlias") | r.Attribute(name="TypeAlias"):
            return True
        case _:
            return False


def preferred(declared: Values, assigned: Values) -> Values:
    """An assigned value of the declared class knows more (it is exact, its arguments are known)."""
    classes = {value.cls for value in assigned if isinstance(value, Instance)}
    named = {value.cls for value in declared if isinstance(value, Instance)}
    return assigned if classes and classes == named else declared


def defined_function(frame: Frame, function: r.Function) -> Values:
    """The value of a function definition: the function, through its decorators."""
    value: Values = (
        FunctionObject(frame.file, function, frame.closure, None, frame.owner),
    )
    return decorated(frame, value, function.decorators)


def defined_class(frame: Frame, definition: r.Class) -> Values:
    """The value of a class definition, through its decorators."""
    cls = ClassObject(frame.file, definition, frame.closure)
    return replaced(frame, cls) if definition.decorators else (cls,)


def decorated(frame: Frame, value: Values, decorators: tuple[r.Expression, ...]) -> Values:
    """A function through its decorators, the innermost first.

    A decorator nothing is known about, or whose result cannot be called, is taken to return
    what it was given: it registers.
    """
    for decorator in reversed(decorators):
        found = frame.inference.evaluate(frame, decorator)
        where = site(decorator, Via.DECORATOR)
        result = frame.inference.call(frame, found, Arguments((value,)), where)
        callables = tuple(v for v in result if _is_callable(v) or is_descriptor(frame.inference, v))
        value = callables or value
    return value


def is_descriptor(inference: Inference, value: Value) -> bool:
    """Whether a value of a library's class says what an attribute of an object is: a hook answers for it."""
    return type(value) is LibraryInstance and inference.hook_for(f"{value.name}.__get__") is not None


def _is_callable(value: object) -> bool:
    return isinstance(value, FunctionObject | Wrapper | Instance | ClassObject)


def type_parameters(inference: Inference, scope: Frame, definition: r.Class) -> tuple[str, ...]:
    """The names of a class's type parameters, in order: PEP 695's or those of its bases."""
    if definition.type_parameters:
        return tuple(parameter.name for parameter in definition.type_parameters)
    names: dict[str, None] = {}
    for base in definition.bases:
        if not isinstance(base, r.Subscript):
            continue
        items = base.index.items if isinstance(base.index, r.Collection) else (base.index,)
        for item in items:
            if isinstance(item, r.Name) and _is_type_variable(inference.evaluate(scope, item)):
                names[item.name] = None
    return tuple(names)


def _is_type_variable(values: Values) -> bool:
    return any(isinstance(v, TypeForm) and TYPE_VARIABLE in v.metadata for v in values)


def run_registrations(frame: Frame) -> None:
    """Interpret those calls of a module's body, decorators and the bodies of classes among them.

    The rest of it runs at import, before there is a loop.
    """
    body = frame.inference.project.modules[frame.file].body
    for call in _outermost(frame.inference.registering, body):
        frame.inference.evaluate(frame, call)


def _outermost(registering: Registering, body: r.Function) -> Iterator[r.Expression]:
    """Such calls of a body that are no parts of others."""
    for statement in scope_statements(body.body):
        end, decorates = (0, 0), type(statement) is r.DefineFunction
        for call in calls(_evaluated(statement)):
            if registering.is_one(call, decorates) and call.span[2:] > end:
                end = call.span[2:]
                yield call


def _evaluated(statement: r.Statement) -> tuple[r.Expression, ...]:
    """The expressions of a statement in which something may be registered; most hold no call."""
    kind = type(statement)
    if kind is r.Assign or kind is r.Evaluate:
        value = statement.value  # type: ignore[union-attr]
        return () if value is None or type(value) in _WITHOUT_CALLS else (value,)
    if kind is r.DefineFunction:
        return statement.function.decorators  # type: ignore[union-attr]
    if kind is r.With:
        return tuple(item.context for item in statement.items)  # type: ignore[union-attr]
    return ()


_WITHOUT_CALLS = frozenset({r.Name, r.Constant, r.Attribute})
