"""Which names of a project lead to some of its classes: by annotations, bases, defaults and aliases.

A question about names only, for asking a more expensive one of few: a name that is not among
the answer does not lead there, one that is may mean something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from blocklint.facts import records as r
from blocklint.project.index import Project


def leading_to(project: Project, names: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """``names`` with the last names of all classes, functions and variables that lead to one of them.

    The second part of the answer are the modules that bind one of these: no other can mention it.
    """
    leading, opened, closed = set(names), dict[str, None](), list(project.modules)
    mentions: list[tuple[str, list[str]]] = []
    renamed = {file: _renamed(project.modules[file]) for file in closed}
    while True:
        opening = [
            file
            for file in closed
            if not leading.isdisjoint(project.bindings[file]) or not leading.isdisjoint(renamed[file])
        ]
        opened.update(dict.fromkeys(opening))
        closed = [file for file in closed if file not in opened]
        for file in opening:
            mentions += _mentions_in(project, file)
        more = {name for name, found in mentions if not leading.isdisjoint(found)}
        if not opening and more <= leading:
            return frozenset(leading), frozenset(opened)
        leading |= more


def _renamed(facts: r.ModuleFacts) -> list[str]:
    """What a module imports under another name."""
    found = []
    for statement in facts.body.body:
        if type(statement) is r.Import:
            for alias in statement.names:
                if alias.bound != alias.name:
                    found.append(alias.name)
    return found


def _mentions_in(project: Project, file: str) -> Iterator[tuple[str, list[str]]]:
    """What the annotations, bases, defaults and aliases of a module mention, by the name they belong to.

    All of them may also be reached by the module's own name: ``schemas.Item``.
    """
    module = project.module_name(file).rpartition(".")[2]
    for definition in project.definitions[file]:
        found = of_function(definition.function)
        yield definition.function.name.rpartition(".")[2], found
        yield module, found
    for place, cls in project.classes:
        if place == file:
            found = []
            for base in cls.bases:
                _collect(base, found)
            for statement in cls.body:
                if type(statement) is r.Assign and statement.annotation is not None:
                    _collect(statement.annotation, found)
            yield cls.name.rpartition(".")[2], found
            yield module, [cls.name.rpartition(".")[2]]
    for line in project.modules[file].body.body:
        if type(line) is r.Assign and type(line.targets[0]) is r.Name and line.value is not None:
            found = []
            _collect(line.value, found)
            yield line.targets[0].name, found
        elif type(line) is r.Import:
            for alias in line.names:
                if alias.bound != alias.name:
                    yield alias.bound, [alias.name]


def of_function(function: r.Function) -> list[str]:
    """The names in the annotations and defaults of a function, and in the keywords of its decorators."""
    found: list[str] = []
    for parameter in function.parameters:
        if parameter.annotation is not None:
            _collect(parameter.annotation, found)
        if parameter.default is not None:
            _collect(parameter.default, found)
    if function.returns is not None:
        _collect(function.returns, found)
    for decorator in function.decorators:
        if type(decorator) is r.Call:
            found += of_keywords(decorator)
    return found


def of_keywords(call: r.Call) -> list[str]:
    """The names in the keyword arguments of a call."""
    found: list[str] = []
    for keyword in call.keywords:
        _collect(keyword.value, found)
    return found


def _collect(expression: r.Expression, found: list[str]) -> None:
    """Add the last names in a type, a marker or a list of such; other expressions say nothing."""
    stack: list[Any] = [expression]
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is r.Name or kind is r.Attribute:
            found.append(item.name)
        elif kind is r.Subscript:
            stack += (item.value, item.index)
        elif kind is r.Collection:
            stack += item.items
        elif kind is r.Operator:
            stack += item.operands
        elif kind is r.Call:
            stack.append(item.callee)
            stack += item.arguments
            for keyword in item.keywords:
                stack.append(keyword.value)
