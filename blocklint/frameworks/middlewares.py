"""Starlette: the classes that are put around an application, and what it calls of them, on the loop."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.flow.base import Inference
from blocklint.frameworks.written import Writing, argument_of
from blocklint.project.values import ClassObject, FunctionObject

BASE = "starlette.middleware.base.BaseHTTPMiddleware"


def middlewares(inference: Inference) -> Iterator[tuple[str, FunctionObject]]:
    """The middlewares that are classes of the project, with what is called for each request."""
    found: dict[ClassObject, None] = {}
    for file, definition in inference.project.classes_by_method.get("dispatch", ()):
        cls = ClassObject(file, definition)
        if BASE in inference.mro(cls):
            found[cls] = None
    writing = Writing(inference)
    added = ((*each, "middleware_class") for each in writing.statements("add_middleware"))
    for place, call, keyword in (*added, *((*each, "cls") for each in writing.calls("Middleware"))):
        given = argument_of(call, 0, keyword)
        values = inference.evaluate(place.frame, given) if given is not None else ()
        found |= {value: None for value in values if isinstance(value, ClassObject)}
    for cls in found:
        for method in ("dispatch", "__call__"):
            member = inference.find_member(cls, method)
            for value in member[1] if member is not None else ():
                if isinstance(value, FunctionObject):
                    yield cls.definition.name, value
