"""What the user's knowledge says of the project's own functions, classes and modules.

The catalogue answers by dotted name; code of the project is known by its definition. Here the names are
resolved, once, so that everything else asks by definition.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from blocklint.facts import records as r
from blocklint.flow.annotations import from_library
from blocklint.flow.base import Frame, Inference
from blocklint.flow.conditions import holds
from blocklint.flow.edges import Arguments, CallSite, Told
from blocklint.knowledge.catalog import Catalog, shipped_packages
from blocklint.knowledge.records import Knowledge, LibraryCallable, LibraryType, Runner, TypeUnion
from blocklint.knowledge.words import type_names
from blocklint.model import Blocks
from blocklint.project.index import Project
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    Instance,
    LibraryInstance,
    Unknown,
    Values,
)

HIDDEN = Unknown("run elsewhere, as the settings say")
"""What the body of a runner sees in place of the callable that it is given."""

AWAITABLE = "collections.abc.Awaitable"
SURROUNDED = frozenset(
    {
        "collections.abc.Iterator",
        "collections.abc.Iterable",
        "collections.abc.AsyncIterator",
        "contextlib.AbstractContextManager",
        "contextlib.AbstractAsyncContextManager",
    }
)
"""The types whose argument is what a generator yields."""


def catalog_of(project: Project, knowledge: Knowledge | None) -> Catalog:
    """What is known of the libraries that a project imports, by us and by the user."""
    names = {name.partition(".")[0] for facts in project.modules.values() for name in facts.imported}
    more = () if knowledge is None else (knowledge,)
    # What is installed imports libraries of its own, and is read later than the catalogue is made.
    installed = project.installed
    behind = () if installed is None else filter(installed.lists, shipped_packages())
    return Catalog.for_packages(names, more, behind)


def told_of(project: Project, knowledge: Knowledge | None) -> Told:
    """What a document says of a project's own code."""
    told = Told()
    if knowledge is None:
        return told
    from blocklint.project.naming import defined_as, dotted_name

    catalog = Catalog([knowledge])
    other_names = _other_names(project, knowledge)
    for file in project.modules:
        for definition in project.definitions[file]:
            if not any(isinstance(scope, r.Function) for scope in definition.enclosing):
                for name in _names(dotted_name(project, file, definition.function.name), other_names):
                    _note(told, catalog, definition.function, name)
    for name, cls in knowledge.classes.items():
        for found in defined_as(project, name) if cls.attributes else ():
            if isinstance(found.definition, r.Class):
                told.attributes.update({(found.definition, each): t for each, t in cls.attributes.items()})
    for name, module in knowledge.modules.items():
        for found in defined_as(project, name) if module.variables else ():
            told.variables.update({(found.file, each): types for each, types in module.variables.items()})
    for name, handlers in knowledge.handlers.items():
        for found in defined_as(project, name):
            told.handlers[found.definition] = handlers
    for name in type_names(knowledge):
        for found in defined_as(project, name) if "." in name else ():
            if isinstance(found.definition, r.Class):
                told.types[name] = ClassObject(found.file, found.definition)
    return told


def _other_names(project: Project, knowledge: Knowledge) -> dict[str, str]:
    """By the name under which something is defined, the one under which the document speaks of it."""
    from blocklint.project.naming import defined_as, dotted_name

    listed = {*knowledge.modules, *knowledge.classes}
    for module in knowledge.modules.values():
        listed.update(f"{module.name}.{function}" for function in module.functions)
    found = {}
    for name in sorted(listed):
        for each in defined_as(project, name):
            if each.definition.name != "<module>":
                own = dotted_name(project, each.file, each.definition.name)
                if own != name:
                    found[own] = name
    return found


def _names(own: str, others: dict[str, str]) -> list[str]:
    """A function's own name, and those under which the document may speak of it."""
    prefix, found = own, [own]
    while prefix:
        if prefix in others:
            found.append(others[prefix] + own[len(prefix) :])
        prefix = prefix.rpartition(".")[0]
    return found


def _note(told: Told, catalog: Catalog, function: r.Function, name: str) -> None:
    owner, _, last = name.rpartition(".")
    if function.owner and last == "__init__" and catalog.find_class(owner) is None:
        name = owner  # a class that a module lists among its functions
        owner, _, last = name.rpartition(".")
    if catalog.find_class(owner) is not None:
        found, is_typed = catalog.method(owner, last), catalog.says_only_types(owner, last)
    else:
        found, is_typed = catalog.function(name), catalog.says_only_types(owner, last)
    if found is None:
        return
    told.functions[function] = found
    if found.blocks is not None:
        told.blocking[function] = found
    elif not is_typed:
        told.harmless.add(function)


def result(inference: Inference, activation: Activation) -> Values:
    """What a function returns (a coroutine: once awaited), as told; () if nothing is told of it."""
    told = inference.told.functions.get(activation.function)
    if told is None or not told.returns or told.runners:
        return NOTHING
    returns = _awaited(told.returns) if activation.function.is_async else told.returns
    return _of_own(inference, activation, returns)


def elements(inference: Inference, activation: Activation) -> Values:
    """What a generator yields, as told; () if nothing is told of it."""
    told = inference.told.functions.get(activation.function)
    if told is None or len(told.returns) != 1 or told.returns[0].name not in SURROUNDED:
        return NOTHING
    arguments = told.returns[0].arguments
    return _of_own(inference, activation, arguments[0]) if arguments else NOTHING


def attribute(inference: Inference, instance: Instance, name: str) -> Values:
    """An attribute of an instance, as told of its class or the nearest base; () if nothing is told of it."""
    attributes = inference.told.attributes
    for cls in inference.mro(instance.cls):
        if isinstance(cls, ClassObject) and (cls.definition, name) in attributes:
            return typed(inference, attributes[cls.definition, name], None, NOTHING)
    return NOTHING


def _of_own(inference: Inference, activation: Activation, types: TypeUnion) -> Values:
    """The values of a type; ``self`` is the instance that the method is called on."""
    own: Values = NOTHING
    if activation.owner is not None:
        given = activation.arguments[0][1] if activation.arguments else NOTHING
        own = given or (Instance(activation.owner),)
    types_but_self = tuple(item for item in types if item.name != "self")
    found = typed(inference, types_but_self, None, NOTHING)
    return (*found, *own) if len(types_but_self) < len(types) else found


def _awaited(types: TypeUnion) -> TypeUnion:
    if len(types) == 1 and types[0].name == AWAITABLE and types[0].arguments:
        return types[0].arguments[0]
    return types


def typed(
    inference: Inference, types: TypeUnion, receiver: LibraryInstance | None, result: Values
) -> Values:
    """The values of a catalogue type, in which the user may have named classes of the project."""
    found = from_library(types, receiver, result)
    return _with_classes(inference.told.types, found) if inference.told.types else found


def _with_classes(classes: dict[str, ClassObject], values: Values) -> Values:
    found = []
    for value in values:
        if isinstance(value, LibraryInstance):
            if value.name in classes:
                value = Instance(classes[value.name])
            elif value.arguments:
                inner = tuple(_with_classes(classes, argument) for argument in value.arguments)
                value = LibraryInstance(value.name, inner)
        found.append(value)
    return tuple(found)


Ordinary = Callable[[Arguments, CallSite], Values]


def call(
    frame: Frame,
    told: LibraryCallable,
    is_async: bool,
    arguments: Arguments,
    site: CallSite,
    ordinary: Ordinary,
    run: Callable[[Frame, LibraryCallable, LibraryInstance | None, Arguments, CallSite], Values],
) -> Values:
    """Call a function of which the user's knowledge speaks; ``ordinary`` is what is done otherwise."""
    if any(holds(condition, arguments) for condition in told.unless):
        site = msgspec.structs.replace(site, allowed=EVERYTHING)
    if not told.runners:
        return ordinary(arguments, site)
    given = run(frame, told, None, arguments, site)
    hidden = arguments
    for runner in told.runners:
        hidden = _hidden(runner, hidden)
    made = ordinary(hidden, site)
    if told.runners[0].when in ("result-call", "object"):
        return given
    if not told.returns:
        return made
    returns = told.returns
    if is_async and not any(item.name == AWAITABLE for item in returns):
        returns = (LibraryType(AWAITABLE, (returns,)),)
    return typed(frame.inference, returns, None, given)


EVERYTHING = frozenset(Blocks)


def _hidden(runner: Runner, arguments: Arguments) -> Arguments:
    """The arguments of a runner, without what it runs."""
    positional = tuple(
        (HIDDEN,) if position == runner.position else values
        for position, values in enumerate(arguments.positional)
    )
    keywords = tuple(
        (name, (HIDDEN,) if name == runner.keyword else values) for name, values in arguments.keywords
    )
    return msgspec.structs.replace(arguments, positional=positional, keywords=keywords)
