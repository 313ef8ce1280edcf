"""The scopes in which nothing runs: what surrounds a function, and bodies asked name by name."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from contextlib import contextmanager

from blocklint.facts import records as r
from blocklint.flow.base import Frame, Inference
from blocklint.flow.edges import Edge, Ready
from blocklint.model import Span
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    Library,
    Mapping,
    Unknown,
    Values,
    gather,
)

BUILTINS: dict[str, Values] = {name: (Library(f"builtins.{name}"),) for name in dir(builtins)}


class ScopeFrame:
    """A module or class body, or what surrounds a function: names are looked up, nothing runs.

    Names of a class body (``inner``) come first, then those of the enclosing function, then the
    module's, then the builtins. ``limits`` cuts a name's bindings off: the value of
    ``f = wrap(f)`` sees the earlier ``f``.
    """

    def __init__(
        self,
        inference: Inference,
        file: str,
        closure: Activation | None = None,
        owner: ClassObject | None = None,
        inner: ClassObject | None = None,
        limits: dict[str, int] | None = None,
    ) -> None:
        self.inference = inference
        self.file = file
        self.activation = closure
        self.closure = closure
        self.owner = owner
        self._inner = inner
        self._limits = limits or {}
        self._local: dict[str, Values] = {}
        self.ready: Ready = frozenset()

    def lookup(self, name: str) -> Values:
        """The values of a name, () when nothing is known yet."""
        if name in self._local:
            return self._local[name]
        if self._inner is not None:
            values = self._class_name(self._inner, name)
            if values:
                return values
        if self.owner is not None and self.owner.arguments:
            argument = self._type_argument(self.owner, name)
            if argument:
                return argument
        # In a class body the limit counts its bindings: `f = f` takes the f of the module, all of it.
        limit = self._limits.get(name) if self._inner is None else None
        return outer_name(self, self.activation, name, limit)

    def _class_name(self, cls: ClassObject, name: str) -> Values:
        if name not in self.inference.project.class_bindings[cls.definition]:
            return NOTHING
        limit = self._limits.get(name)
        if limit is None:
            return self.inference.class_member(cls, name)
        return gather(self.inference.member_value(cls, name, index) for index in range(limit))

    def _type_argument(self, owner: ClassObject, name: str) -> Values:
        """The type argument that the receiver's class gives a type parameter."""
        names = self.inference.type_parameters(owner)
        if name in names and names.index(name) < len(owner.arguments):
            return owner.arguments[names.index(name)]
        return NOTHING

    def assign(self, name: str, values: Values) -> None:
        """Bind a comprehension variable or walrus."""
        self._local[name] = values

    def narrow(self, name: str, values: Values) -> None:
        """Nothing runs here that could tell more of a name."""

    def narrowable(self, name: str) -> Values:
        """Nothing runs here that could tell more of a name."""
        return NOTHING

    def local_names(self) -> tuple[str, ...]:
        """Nothing runs here that could tell more of a name."""
        return ()

    @contextmanager
    def assuming(self, values: dict[str, Values]) -> Iterator[None]:
        """Names have these values while the result is entered."""
        before = dict(self._local)
        self._local.update(values)
        yield
        self._local = before

    def record(self, edge: Edge) -> None:
        """What module bodies call does not run on the loop."""

    def note_silent(self, node: r.Call) -> None:
        """What module bodies call does not run on the loop."""

    def retract(self, span: Span) -> None:
        """Nothing is noted here anyway."""

    @contextmanager
    def deferring(self) -> Iterator[list[Edge]]:
        """Nothing is noted here anyway."""
        yield []

    def note_store(self, receiver: Values, name: str, values: Values) -> None:
        """Module bodies' stores are found by their bindings."""

    def note_filling(self, name: str, added: Mapping, replaces: bool) -> None:
        """What module bodies put into containers is found when these are asked for."""

    def note_yield(self, values: Values) -> None:
        """Module bodies do not yield."""


class LazyFrame(ScopeFrame):
    """A function body whose names are looked up one by one, each with all of its bindings.

    For what a function stores somewhere else: to know that, its body need not be interpreted,
    and whoever reads the store does not depend on all the rest that the function does.
    """

    def __init__(self, inference: Inference, activation: Activation) -> None:
        super().__init__(inference, activation.file, activation, activation.owner)
        self._body = activation

    def lookup(self, name: str) -> Values:
        """The values of a name wherever in the body they are bound."""
        if name in self._body.function.bound and name not in self._local:
            return self.inference.local_name(self._body, name)
        return super().lookup(name)


def outer_name(
    frame: Frame, closure: Activation | None, name: str, limit: int | None = None
) -> Values:
    """A name that is not local: of the enclosing functions, the module or the builtins."""
    inference = frame.inference
    while closure is not None:
        if name in closure.function.bound and closure.function.name != "<module>":
            return inference.closure_name(closure, name)
        closure = closure.closure
    if name in BUILTINS and inference.project.leaves_alone[frame.file, name]:
        return BUILTINS[name]
    if limit is not None and name in inference.project.bindings[frame.file]:
        values = gather(inference.binding_value(frame.file, name, index) for index in range(limit))
        if values or limit:
            return values
    else:
        values = inference.module_name(frame.file, name)
        if values or name in inference.project.bindings[frame.file]:
            return values
    if name in BUILTINS:
        return BUILTINS[name]
    if name in ("__name__", "__file__", "__doc__"):
        return (Library("builtins.str"),)
    return (Unknown(f"name {name}"),)
