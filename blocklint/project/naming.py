"""Dotted names as people write them: from a name to what the project defines under it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blocklint.facts import records as r
from blocklint.project.index import Project

_DEEPEST = 8
"""Modules that a name is imported through are followed this far."""


class Defined(msgspec.Struct, frozen=True, eq=False):
    """A function or class that a module of the project defines outside functions, or a module's body."""

    file: str
    definition: r.Function | r.Class


def dotted_name(project: Project, file: str, qualified: str) -> str:
    """The dotted name of something in a module: ``app.repo.Repo.find``."""
    module = project.module_name(file)
    return f"{module}.{qualified}" if module else qualified


def defined_as(project: Project, dotted: str) -> list[Defined]:
    """What the project defines under a dotted name, imports between its modules followed.

    Several things where modules of several source roots have one name.
    """
    found: dict[r.Function | r.Class, Defined] = {}
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        for file in _modules(project, parts[:length]):
            for each in _inside(project, file, parts[length:], _DEEPEST):
                found[each.definition] = each
        if found:
            break
    return list(found.values())


def _modules(project: Project, parts: list[str]) -> Iterator[str]:
    inner = "/".join(parts)
    for root in project.source_roots:
        file = project.at(f"{root}/{inner}" if root else inner)
        if file is not None and file in project.modules:
            yield file


def _inside(project: Project, file: str, parts: list[str], depth: int) -> Iterator[Defined]:
    """What a module has under the rest of a name."""
    if not parts:
        yield Defined(file, project.modules[file].body)
        return
    if not depth:
        return
    bindings = project.bindings[file]
    for binding in (*bindings.get(parts[0], ()), *bindings.get("*", ())):
        match binding.statement:
            case r.DefineFunction(function=function):
                if len(parts) == 1:
                    yield Defined(file, function)
            case r.DefineClass(definition=definition):
                yield from _member(project, file, definition, parts[1:])
            case r.Import() as statement:
                names = parts if binding.name == "*" else parts[1:]
                for base, rest in _imported(project, file, statement, binding.imported, names):
                    yield from _inside(project, base, rest, depth - 1)
            case _:
                pass


def _member(project: Project, file: str, cls: r.Class, parts: list[str]) -> Iterator[Defined]:
    if not parts:
        yield Defined(file, cls)
        return
    for binding in project.class_bindings[cls].get(parts[0], ()):
        match binding.statement:
            case r.DefineFunction(function=function) if len(parts) == 1:
                yield Defined(file, function)
            case r.DefineClass(definition=definition):
                yield from _member(project, file, definition, parts[1:])
            case _:
                pass


def _imported(
    project: Project, file: str, statement: r.Import, alias: r.Alias | None, rest: list[str]
) -> Iterator[tuple[str, list[str]]]:
    """The module that an import leads to, and the name to look for there."""
    if not statement.is_from:
        found = project.find_module(alias.name, file) if alias is not None else None
        names = rest
    else:
        found = project.import_base(file, statement.level, statement.module)
        names = [alias.name, *rest] if alias is not None and alias.name != "*" else rest
        if found is not None and names is not rest and alias is not None:
            submodule = project.submodule(found, alias.name)
            if submodule is not None and submodule in project.modules:
                yield submodule, rest
    if found is not None and found in project.modules:
        yield found, names
