"""Decorators of classes that put another class in the place of what they decorate."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.base import Frame
from blocklint.flow.edges import Arguments
from blocklint.flow.protocols import site
from blocklint.model import Via
from blocklint.project.uses import last_name
from blocklint.project.values import ClassObject, Values


def replaced(frame: Frame, cls: ClassObject) -> Values:
    """A class through its decorators.

    Only functions of the project that define a class are asked, and only a subclass counts:
    all others are taken to return what they decorate.
    """
    value: Values = (cls,)
    inference = frame.inference
    makers = inference.project.class_replacers
    for decorator in reversed(cls.definition.decorators):
        if last_name(decorator) not in makers:
            continue
        found = inference.evaluate(frame, decorator)
        made = inference.call(frame, found, Arguments((value,)), site(decorator, Via.DECORATOR))
        value = tuple(v for v in made if _is_subclass(frame, v, value)) or value
    return value


def _is_subclass(frame: Frame, made: object, decorated: Values) -> bool:
    if not isinstance(made, ClassObject):
        return False
    known: set[r.Class] = {v.definition for v in decorated if isinstance(v, ClassObject)}
    order = frame.inference.mro(made)[1:]
    return any(isinstance(c, ClassObject) and c.definition in known for c in order)
