"""FastAPI and Starlette: which applications and routers there are, and which is part of which.

Prefixes and dependencies come from all that a router is part of. Verified with FastAPI 0.163: a
route's path is that of the mount or of ``include_router``, then the router's own prefix, then its
own; what is mounted keeps its own dependencies only.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from itertools import count

from blocklint.facts import records as r
from blocklint.flow.base import Inference
from blocklint.frameworks.fastapi import APPLICATIONS, place_of
from blocklint.frameworks.written import Place, Writing, argument_of
from blocklint.memo import Memo
from blocklint.project.files import is_test
from blocklint.project.scopes import first_line
from blocklint.project.values import (
    ClassObject,
    FunctionObject,
    Instance,
    Library,
    LibraryInstance,
    Literal,
    Value,
    Values,
    Wrapper,
)

_SERVED = frozenset({"fastapi.FastAPI", "starlette.applications.Starlette"})
"""Applications are served; routers only as part of one."""

_DEEPEST = 6
"""Through more callers than this no application is followed."""

_MOST_MOUNTS = 64
"""One router is part of others in at most this many ways."""
_MOST_STEPS = 1_000
"""It is looked for through so many: applications that are mounted in each other have no end of them."""


class Inclusion:
    """One application or router that is made part of another, by their keys."""

    __slots__ = ("child", "dependencies", "file", "is_mount", "parent", "prefix")

    def __init__(
        self,
        parent: str,
        child: str,
        prefix: str,
        dependencies: Values,
        is_mount: bool,
        file: str,
    ) -> None:
        self.parent = parent
        self.child = child
        self.prefix = prefix
        self.dependencies = dependencies
        self.is_mount = is_mount
        self.file = file


Mounting = tuple[str, Values, bool]
"""One way in which the routes of an application or router are served: prefix, dependencies, and
whether that is through an application, not only through routers that none is seen to include."""


class Applications:
    """Applications and routers by their keys: where they are made."""

    def __init__(self, inference: Inference, writing: Writing) -> None:
        self._inference = inference
        self._writing = writing
        self._made: dict[str, tuple[Place, r.Call]] = {}
        self._parameters: dict[tuple[r.Function, str], tuple[str, ...]] = {}
        self._by_name: dict[tuple[str, str], tuple[str, ...]] = {}
        self._inclusions: defaultdict[str, list[Inclusion]] = defaultdict(list)
        self.mountings: Memo[str, tuple[Mounting, ...]] = Memo(lambda key: self._mountings(key, (), count()))
        """How the routes of an application or router are served."""
        for name in ("include_router", "mount"):
            for place, call in writing.statements(name):
                self._include(place, call, is_mount=name == "mount")

    # ------------------------------------------------------------ what is made

    def made(self) -> Iterator[tuple[str, Place, r.Call]]:
        """The calls that make what can be given a list of routes, with the keys of that."""
        for name in ("FastAPI", "Starlette", "Router"):
            for place, call in self._writing.statements(name):
                key = self.made_by(place, call)
                if key is not None:
                    yield key, place, call

    def _construction(self, key: str) -> tuple[Place, r.Call] | None:
        """The call that makes an application, by its key."""
        if key not in self._made:
            file = key.rsplit(":", 2)[0]
            if file not in self._inference.project.modules:
                return None
            module = self._writing.module(file)
            for listed in self._inference.project.bindings[file].values():  # most are bound to a name
                for binding in listed:
                    if isinstance(binding.value, r.Call) and place_of(file, binding.value.span) == key:
                        self._made[key] = module, binding.value
                        return self._made[key]
            for name in sorted({name.rpartition(".")[2] for name in APPLICATIONS}):
                for place, call in self._writing.calls(name):
                    self._made.setdefault(place_of(place.file, call.span), (place, call))
        return self._made.get(key)

    def made_by(self, place: Place, call: r.Call) -> str | None:
        """The key of what a call makes if that is an application or router."""
        for value in self._inference.evaluate(place.frame, call.callee):
            if isinstance(value, Library) and value.name in APPLICATIONS:
                return place_of(place.file, call.span)
            if isinstance(value, ClassObject) and application_class(self._inference, value):
                self._made.setdefault(place_of(place.file, call.span), (place, call))
                return place_of(place.file, call.span)
        return None

    def keys(self, place: Place, expression: r.Expression, depth: int = 0) -> tuple[str, ...]:
        """The applications and routers that an expression may be, by their keys."""
        if place.is_module and type(expression) is r.Name:
            name = place.file, expression.name
            if len(self._inference.project.bindings[place.file].get(expression.name, ())) == 1:
                if name not in self._by_name:
                    self._by_name[name] = self._keys(place, expression, depth)
                return self._by_name[name]
        return self._keys(place, expression, depth)

    def _keys(self, place: Place, expression: r.Expression, depth: int) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for value in self._values(place, expression):
            if isinstance(value, LibraryInstance) and value.name in APPLICATIONS:
                made = identity(value)
                found |= dict.fromkeys((made,) if made else self._given(place, expression, depth))
            elif isinstance(value, Instance) and application_class(self._inference, value.cls):
                where, what = self._writing.followed(place, expression)
                key = self.made_by(where, what) if isinstance(what, r.Call) else None
                given = (key,) if key else tuple(self._given(place, expression, depth))
                found |= dict.fromkeys(given or self._constructions(value.cls))
        return tuple(found)

    def _constructions(self, cls: ClassObject) -> Iterator[str]:
        """Where the objects of a class are made: any of them may be ``self``."""
        for place, call in self._writing.calls(cls.definition.name.rpartition(".")[2]):
            if cls in self._inference.evaluate(place.frame, call.callee):
                key = self.made_by(place, call)
                if key is not None:
                    yield key

    def _values(self, place: Place, expression: r.Expression) -> Values:
        """The values of an expression; of a module's name, those that it has at this line."""
        if place.is_module and isinstance(expression, r.Name):
            listed = self._inference.project.bindings[place.file].get(expression.name, [])
            if len(listed) > 1:
                before = [i for i, b in enumerate(listed) if first_line(b.statement) <= expression.line]
                if before:
                    return self._inference.binding_value(place.file, expression.name, before[-1])
        return self._inference.evaluate(place.frame, expression)

    def _given(self, place: Place, expression: r.Expression, depth: int) -> Iterator[str]:
        """What the callers give where an application is a parameter."""
        if not isinstance(expression, r.Name) or depth > _DEEPEST:
            return
        activation = place.activation
        while activation is not None:
            if any(parameter.name == expression.name for parameter in activation.function.parameters):
                parameter = activation.function, expression.name
                if parameter not in self._parameters:
                    self._parameters[parameter] = ()  # while it is asked
                    inner = self._writing.places[place.file, activation.function]
                    given = [
                        key
                        for where, what in self._writing.given(inner, expression.name)
                        for key in self.keys(where, what, depth + 1)
                    ]
                    given += self._lifespans.get(activation.function, ())
                    self._parameters[parameter] = tuple(dict.fromkeys(given))
                yield from self._parameters[parameter]
                return
            activation = activation.closure

    @functools.cached_property
    def _lifespans(self) -> dict[r.Function, list[str]]:
        """The functions that are lifespans of applications, which pass themselves."""
        found: defaultdict[r.Function, list[str]] = defaultdict(list)
        for key, place, call in self.made():
            lifespan = argument_of(call, None, "lifespan")
            values = self._inference.evaluate(place.frame, lifespan) if lifespan is not None else ()
            for function in functions(self._inference, values):
                found[function.function].append(key)
        return found

    # ------------------------------------------------------------- what is part of what

    def _include(self, place: Place, call: r.Call, is_mount: bool) -> None:
        if not isinstance(call.callee, r.Attribute):
            return
        position, keyword = (1, "app") if is_mount else (0, "router")
        child = argument_of(call, position, keyword)
        if child is None:
            return
        children = self.keys(place, child)
        if not children:
            return
        prefix = argument_of(call, 0 if is_mount else None, "path" if is_mount else "prefix")
        dependencies = argument_of(call, None, "dependencies")
        for parent in self.keys(place, call.callee.value):
            self.add(place, parent, children, prefix, dependencies, is_mount=is_mount)

    def add(
        self,
        place: Place,
        parent: str,
        children: tuple[str, ...],
        prefix: r.Expression | None,
        dependencies: r.Expression | None = None,
        *,
        is_mount: bool,
    ) -> None:
        """Note that some applications or routers are part of another."""
        text = self._writing.text(place, prefix).rstrip("/") if prefix is not None else ""
        given = self._inference.evaluate(place.frame, dependencies) if dependencies is not None else ()
        for child in children:
            found = Inclusion(parent, child, text, given, is_mount, place.file)
            self._inclusions[child].append(found)

    def _mountings(self, key: str, inside: tuple[str, ...], steps: count[int]) -> tuple[Mounting, ...]:
        (own, dependencies, is_served), file = self._own(key), key.rsplit(":", 2)[0]
        found: dict[Mounting, None] = {}
        for each in self._inclusions.get(key, ()):
            if (is_test(each.file) and not is_test(file)) or each.parent in (key, *inside):
                continue
            if next(steps) >= _MOST_STEPS:
                break
            for prefix, around, served in self._mountings(each.parent, (key, *inside), steps):
                given = () if each.is_mount else (*around, *each.dependencies)
                found[prefix + each.prefix + own, (*given, *dependencies), served] = None
        through = [mounting for mounting in found if mounting[2]]
        return tuple(through or found)[:_MOST_MOUNTS] or ((own, dependencies, is_served),)

    def _own(self, key: str) -> tuple[str, Values, bool]:
        """The prefix and dependencies that an application or router is made with."""
        made = self._construction(key)
        if made is None:
            return "", (), False
        place, call = made
        evaluate = self._inference.evaluate
        names = {v.name if isinstance(v, Library) else application_class(self._inference, v)
                 for v in evaluate(place.frame, call.callee)}  # fmt: skip
        prefix = argument_of(call, None, "prefix")
        dependencies = argument_of(call, None, "dependencies")
        return (
            self._writing.text(place, prefix).rstrip("/"),
            evaluate(place.frame, dependencies) if dependencies is not None else (),
            not _SERVED.isdisjoint(names),
        )


def functions(inference: Inference, values: Values) -> Iterator[FunctionObject]:
    """The functions of the project that calling any of some values enters."""
    for value in values:
        if type(value) is FunctionObject:  # by far the most
            yield value
        elif isinstance(value, Wrapper):
            yield from functions(inference, value.target)
        elif isinstance(value, Instance):
            found = inference.find_member(value.cls, "__call__")
            yield from functions(inference, found[1] if found is not None else ())


def application_class(inference: Inference, value: Value) -> str:
    """The class of applications or routers that a class of the project inherits from, "" for none."""
    if not isinstance(value, ClassObject):
        return ""
    return next((base for base in inference.mro(value) if isinstance(base, str) and base in APPLICATIONS), "")


def identity(value: LibraryInstance) -> str:
    """Where an application has been made, "" where only its class is known."""
    for values in value.arguments[:1]:
        for each in values:
            if isinstance(each, Literal):
                return str(each.value)
    return ""
