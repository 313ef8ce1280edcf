"""What the names in a route say beforehand of what may run code there: mostly that nothing does."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.frameworks.fastapi import VERBS
from blocklint.project.definitions import Definition
from blocklint.project.index import Project
from blocklint.project.mentions import leading_to, of_function, of_keywords
from blocklint.project.uses import last_name

DECORATORS = VERBS | {"api_route"}
MODEL = "pydantic.BaseModel"
PROPERTIES = frozenset({"cached_property", "hybrid_property", "property"})
NONE = frozenset[str]()

REQUEST, RESPONSE, RESULT = "request", "response", "result"
"""What of a route may run code: its models, ``response_class``, the attributes of what it returns."""


class RouteNames:
    """Asks which routes have to be looked at, and for what.

    ``routes`` are the functions with a decorator that has the name of one for routes.
    """

    def __init__(self, inference: Inference) -> None:
        project = inference.project
        templates = [inference.catalog.invoked[MODEL, method] for method in ("__init__", "model_dump")]
        names = frozenset(name for template in templates for name in template.names)
        markers = frozenset(name for template in templates for name in template.markers)
        found: set[str] = set()
        properties: set[str] = set()
        self.routes: list[tuple[Definition, r.Call]] = []
        for file, facts in project.modules.items():
            for definition in project.definitions[file]:
                function = definition.function
                for decorator in function.decorators:
                    last = last_name(decorator)
                    if last in DECORATORS:
                        if type(decorator) is r.Call:
                            self.routes.append((definition, decorator))
                    elif function.owner and last in markers:
                        found.add(function.owner.rpartition(".")[2])
                    elif function.owner and last in PROPERTIES:
                        properties.add(function.name.rpartition(".")[2])
                if function.owner and function.name.rpartition(".")[2] in names:
                    found.add(function.owner.rpartition(".")[2])
            for statement in facts.body.body if "pydantic" in facts.imported else ():
                if type(statement) is r.Import and statement.module.startswith("pydantic"):
                    found.update(markers.intersection(alias.bound for alias in statement.names))
        found.update(_with_factories(project))
        self._leading, self._files = leading_to(project, found) if found else (NONE, NONE)
        self._properties_are_fields = bool(properties) and _declared_anywhere(project, properties)

    def wanted(self, file: str, function: r.Function, call: r.Call) -> set[str]:
        """What has to be looked at of the route that a decorator or another call makes of a function."""
        found = set()
        given = {keyword.name for keyword in call.keywords}
        decorates = any(call is decorator for decorator in function.decorators)
        if (file in self._files and not self._leading.isdisjoint(of_function(function))) or not (
            decorates or self._leading.isdisjoint(of_keywords(call))
        ):
            found.add(REQUEST)
        if "response_class" in given:
            found.add(RESPONSE)
        if self._properties_are_fields and function.is_async and "response_model" in given:
            found.add(RESULT)
        return found


def _with_factories(project: Project) -> Iterator[str]:
    """The classes of pydantic's with a field for which a function makes the default."""
    files = {
        file
        for file, facts in project.modules.items()
        if "pydantic" in facts.imported and "Field" in facts.body.called
    }
    for file, cls in project.classes if files else ():
        if file in files and any(map(_has_factory, cls.body)):
            yield cls.name.rpartition(".")[2]


def _has_factory(statement: r.Statement) -> bool:
    if type(statement) is not r.Assign or type(statement.value) is not r.Call:
        return False
    return any(keyword.name == "default_factory" for keyword in statement.value.keywords)


def _declared_anywhere(project: Project, names: set[str]) -> bool:
    """Whether some class declares a field of one of some names."""
    for _, cls in project.classes:
        for statement in cls.body:
            if type(statement) is r.Assign and statement.annotation is not None:
                target = statement.targets[0]
                if type(target) is r.Name and target.name in names:
                    return True
    return False
