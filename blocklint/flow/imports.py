"""Imports: from the names a module imports to modules, members and libraries."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.flow.told import typed
from blocklint.knowledge.records import TypeUnion
from blocklint.project.values import NOTHING, Library, Module, Unknown, Values, gather


def imported(inference: Inference, file: str, statement: r.Import, alias: r.Alias) -> Values:
    """The value of one imported name."""
    project = inference.project
    if not statement.is_from:
        found = project.find_module(alias.name, file)
        return (Module(found),) if found else (library(inference, alias.name),)
    base = project.import_base(file, statement.level, statement.module)
    if base is not None:
        return member(inference, base, alias.name, file) or missing(inference, base, alias.name)
    if statement.level:
        return (Unknown("missing module"),)
    return inference.library_members[f"{statement.module}.{alias.name}"]


def library(inference: Inference, dotted: str) -> Library:
    """A library's module, function or class by any of its names."""
    return Library(inference.catalog.canonical(dotted))


def library_member(inference: Inference, dotted: str) -> Values:
    """A member of a library module: an object of known type, else the name itself."""
    types = inference.catalog.variable(dotted) or _class_attribute(inference, dotted)
    return typed(inference, types, None, NOTHING) if types else (library(inference, dotted),)


def member(inference: Inference, file: str, name: str, importer: str = "") -> Values:
    """``name`` of the project's module ``file``: a name of its body or a submodule."""
    values = inference.module_name(file, name)
    if values:
        return values
    submodule = inference.project.submodule(file, name)
    if submodule is not None and submodule != importer:
        return (Module(submodule),)
    return NOTHING


def missing(inference: Inference, file: str, name: str) -> Values:
    """What an installed module has under a name that its text does not bind: a library's, not known."""
    project = inference.project
    return () if project.is_own(file) else (library(inference, f"{project.module_name(file)}.{name}"),)


def module_name(inference: Inference, file: str, name: str) -> Values:
    """A name of a module by all of its bindings, star imports included."""
    found = inference.project.bindings[file].get(name)
    if found is None:
        return _starred(inference, file, name)
    return gather(inference.binding_value(file, name, index) for index in range(len(found)))


def _starred(inference: Inference, file: str, name: str) -> Values:
    """A name that a ``from module import *`` may bring."""
    project, found = inference.project, []
    for binding in project.bindings[file].get("*", ()):
        statement = binding.statement
        if not isinstance(statement, r.Import):
            continue
        base = project.import_base(file, statement.level, statement.module)
        if base is None:
            dotted = f"{statement.module}.{name}"
            if not statement.level and inference.catalog.knows(dotted):
                found.append(inference.library_members[dotted])
            continue
        exported = project.exported(base)
        if name in exported if exported is not None else not name.startswith("_"):
            found.append(member(inference, base, name))
    return gather(found)


def _class_attribute(inference: Inference, dotted: str) -> TypeUnion:
    """The type of an attribute read from a library class itself: ``SQLModel.metadata``."""
    owner, _, name = dotted.rpartition(".")
    if inference.catalog.find_class(owner) is None:
        return ()
    return inference.catalog.attribute(inference.catalog.canonical(owner), name)
