"""From the arguments of a call to the activation it runs."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow import switches
from blocklint.flow.annotations import instances
from blocklint.flow.base import Frame, Inference
from blocklint.flow.classes import is_class_method, is_static
from blocklint.flow.edges import Arguments
from blocklint.flow.mapped_objects import has_origin, with_known_origin
from blocklint.project.bounds import OTHERS, TELLING_NOTHING, bounded, deepest
from blocklint.project.definitions import Definition
from blocklint.project.values import (
    NONE,
    NOTHING,
    Activation,
    ClassObject,
    FunctionObject,
    Instance,
    LibraryInstance,
    Literal,
    Mapping,
    Tuple,
    TypeForm,
    Unknown,
    Value,
    Values,
    gather,
    union,
    without_none,
)


def activation(inference: Inference, function: FunctionObject, arguments: Arguments) -> Activation:
    """The activation that a call with these arguments runs.

    Only what can matter is part of it: arguments for parameters whose annotation does not decide,
    and a receiver that knows more than its class.
    """
    fixed = inference.fixed_activation(function)
    if fixed is not None:
        return fixed
    plain = inference.unbound[function] if function.receiver is not None else function
    signature = inference.signature(plain)
    given = bind(function, arguments)
    if inference.project.installed is not None:
        given = switches.with_defaults(inference, function, arguments, given)
    for parameter in signature.mapped:
        if parameter.name in given and not has_origin(given[parameter.name]):
            del given[parameter.name]  # the annotation says as much
    kept = _kept_arguments(inference, function, signature.undecided, given)
    return make(plain, kept) if kept else inference.defaults[plain]


def fixed_activation(inference: Inference, function: FunctionObject) -> Activation | None:
    """The activation of a function whatever it is called with, None where the arguments matter."""
    plain = inference.unbound[function] if function.receiver is not None else function
    parameters = inference.signature(plain).undecided
    if not parameters:
        return inference.defaults[plain]
    first = function.function.parameters[0]
    if function.receiver is None or len(parameters) > 1 or parameters[0] is not first:
        return None
    # Most methods: nothing matters but on what they are called.
    kept = _kept_arguments(inference, function, (first,), {first.name: (function.receiver,)})
    return make(plain, kept) if kept else inference.defaults[plain]


def unbound(function: FunctionObject) -> FunctionObject:
    """A function without its receiver."""
    return FunctionObject(function.file, function.function, function.closure, None, function.owner)


def _kept_arguments(
    inference: Inference,
    function: FunctionObject,
    parameters: tuple[r.Parameter, ...],
    given: dict[str, Values],
) -> tuple[tuple[str, Values], ...]:
    """What of the arguments becomes part of the activation."""
    kept: list[tuple[str, Values]] = []
    for parameter in parameters:
        values = given.get(parameter.name)
        if not values:
            continue
        if len(values) == 1 and type(values[0]) in TELLING_NOTHING:
            if literal(values) and parameter.name in inference.project.attribute_names[function.function]:
                kept.append((parameter.name, values))
            elif switches.is_switched(inference, function) and switches.is_setting(values):
                if switches.setting(parameter):
                    kept.append((parameter.name, values))
            continue
        if (values := _kept(values)) and not _is_default(inference, function, parameter, values):
            name = parameter.name
            inference.note_argument(function.file, function.function, name, values)
            if not inference.crowded(function.file, function.function, name):
                kept.append((name, values))
    return tuple(kept)


def _kept(values: Values) -> Values:
    """What of an argument becomes part of the activation."""
    kept = bounded(values)
    if not kept:
        return kept
    if type(kept[0]) is Unknown:  # too deep: an instance is still one of its class
        return bounded(
            tuple(Instance(v.cls, v.exact) if isinstance(v, Instance) else v for v in values)
        ) if any(isinstance(v, Instance) for v in values) else NOTHING
    return kept


def make(function: FunctionObject, arguments: tuple[tuple[str, Values], ...]) -> Activation:
    """The activation of a function for given arguments, with its depth."""
    closure = function.closure
    depth = closure.depth if closure else 0
    for _, values in arguments:
        depth = max(depth, deepest(values))
    return Activation(
        function.file, function.function, closure, function.owner, arguments, depth + 1
    )


def default(function: FunctionObject) -> Activation:
    """The default activation: nothing is known about the arguments."""
    return make(function, ())


def of_definition(definition: Definition) -> Activation:
    """The default activation of a function, inside those of the functions around it."""
    closure: Activation | None = None
    owner: ClassObject | None = None
    for scope in (*definition.enclosing, definition.function):
        if isinstance(scope, r.Class):
            owner = ClassObject(definition.file, scope, closure)
        else:
            method_of = owner if scope.owner else None
            closure = default(FunctionObject(definition.file, scope, closure, None, method_of))
            owner = None
    assert closure is not None
    return closure


def _is_default(
    inference: Inference, function: FunctionObject, parameter: r.Parameter, values: Values
) -> bool:
    """Whether an argument says no more than is known without it.

    So does a receiver of which only the class is known, and what a framework passes, too.
    """
    if type(parameter.default) is r.Call:
        plain = inference.unbound[function] if function.receiver is not None else function
        return values == inference.local_name(inference.defaults[plain], parameter.name)
    owner = function.owner
    if owner is None or parameter is not function.function.parameters[0]:
        return False
    value = values[0]
    if type(value) is not Instance:
        return values == (owner,)
    if len(values) > 1 or value.fields or value.cls != owner or value.origin is not None:
        return False
    # Without subclasses, one that was seen being made is like any other.
    return not value.exact or not inference.subclasses(owner)


def bind(function: FunctionObject, arguments: Arguments) -> dict[str, Values]:
    """The arguments by parameter name, as Python binds them; the receiver comes first."""
    positional = list(arguments.positional)
    if function.receiver is not None:
        positional.insert(0, (function.receiver,))
    keywords = dict(arguments.keywords) if arguments.keywords else {}
    bound: dict[str, Values] = {}
    for parameter in function.function.parameters:
        name = parameter.name
        if parameter.kind == "variadic":
            bound[name] = (Tuple(tuple(positional)),) if not arguments.open else NOTHING
            positional = []
        elif parameter.kind == "keywords":
            rest: list[tuple[str | int, Values]] = [(key, v) for key, v in keywords.items()]
            others: Values = (OTHERS,) if arguments.open else NOTHING
            bound[name] = (Mapping(tuple(rest), others),) if rest else NOTHING
        elif positional and parameter.kind != "keyword":
            bound[name] = positional.pop(0)
        elif name in keywords:
            bound[name] = keywords.pop(name)
    return bound


def parameter_values(
    frame: Frame, activation: Activation, only: str | None = None
) -> Iterator[tuple[str, Values]]:
    """What the parameters (or ``only`` the one of that name) are in an activation, by name."""
    parameters = activation.function.parameters
    if not parameters:
        return
    function = FunctionObject(
        activation.file, activation.function, activation.closure, None, activation.owner
    )
    signature, given = frame.inference.signature(function), dict(activation.arguments)
    for index, parameter in enumerate(parameters):
        if only is None or parameter.name == only:
            # There are no hints while the query is still being computed.
            hinted = signature.hints[index] if signature.hints else NOTHING
            declared = signature.declared[index] if signature.hints else NOTHING
            values = _parameter(frame, activation, hinted, declared, given, index)
            yield parameter.name, values


def _parameter(
    frame: Frame,
    activation: Activation,
    hinted: Values,
    declared: Values,
    given: dict[str, Values],
    index: int,
) -> Values:
    """What one parameter is in an activation.

    In this order: a deciding annotation, the argument, what a framework passes, the default,
    an annotation that decides little.
    """
    parameter = activation.function.parameters[index]
    provided = NOTHING
    if type(parameter.default) in NAMING or TypeForm in map(type, hinted):
        provided = _provided(frame, parameter, hinted)
    if declared and type(given.get(parameter.name, declared)[0]) is not Literal:
        if provided or parameter.name in given:
            told = with_known_origin(frame.inference, declared, given.get(parameter.name) or provided)
            if told:
                return told
        if type(parameter.default) is r.Constant and parameter.default.kind == "None":
            return union(declared, (NONE,))  # ``db: Session = None``
        return declared if parameter.kind not in PACKED else _packed(parameter, declared)
    if parameter.name in given:
        return given[parameter.name]
    if index == 0 and activation.owner is not None and activation.function.owner:
        receiver = _receiver(activation.function, activation.owner)
        if receiver is not None:
            return (receiver,)
    if provided:
        return provided
    if parameter.annotation is None:
        handed = frame.inference.handed(activation, parameter)
        if handed:
            return handed
    return _fallback(frame.inference, activation, parameter, hinted)


def _fallback(
    inference: Inference, activation: Activation, parameter: r.Parameter, hinted: Values
) -> Values:
    """What is left to say of a parameter: its default, an annotation that decides little.

    A default is never all that a parameter may be.
    """
    anything: Values = (Unknown(f"parameter {parameter.name}"),)
    if parameter.kind in PACKED:
        return anything
    standard = NOTHING
    if parameter.default is not None:
        scope = inference.scope(activation.file, activation.closure, activation.owner)
        standard = inference.evaluate(scope, parameter.default)
    return gather([standard, instances(hinted) or anything])


def _packed(parameter: r.Parameter, values: Values) -> Values:
    """``*args: X`` is a tuple of X, ``**kwargs: X`` a dict."""
    if parameter.kind == "variadic":
        return (LibraryInstance("builtins.list", (values,)),)
    return (LibraryInstance("builtins.dict", ((LibraryInstance("builtins.str"),), values)),)


PACKED = frozenset({"variadic", "keywords"})
NAMING = frozenset({r.Call, r.Name, r.Attribute})
"""Expressions that can be, or name, a framework's marker."""


def _provided(frame: Frame, parameter: r.Parameter, hinted: Values) -> Values:
    """What a framework passes: it is told by the default or in the annotation's metadata."""
    for hook in frame.inference.hooks:
        values = hook.parameter(frame, parameter, hinted)
        if values:
            return values
    return NOTHING


def _receiver(function: r.Function, owner: ClassObject) -> Value | None:
    if is_static(function):
        return owner if function.name.endswith("__new__") else None
    return owner if is_class_method(function) else Instance(owner)


def literal(values: Values) -> bool | int | str | None:
    """The constant that an argument is, None if it is not one."""
    if len(values) > 1:
        values = without_none(values)
    return values[0].value if len(values) == 1 and type(values[0]) is Literal else None
