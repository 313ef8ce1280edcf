"""The scopes in which expressions are evaluated."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import msgspec

from blocklint.facts import records as r
from blocklint.flow import readiness
from blocklint.flow.base import Inference
from blocklint.flow.containers import grown, merged, replaced
from blocklint.flow.edges import Edge, LoopTelling, Outcome
from blocklint.flow.mapped_objects import kept
from blocklint.flow.scope_frames import outer_name
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Runs, Span, Via
from blocklint.project.bounds import shallow
from blocklint.project.values import (
    NOTHING,
    Activation,
    ClassObject,
    Mapping,
    Value,
    Values,
    union,
)


def _is_plain(target: object) -> bool:
    """Whether a target is a library call that blocks and then gives something not to be awaited."""
    if not isinstance(target, LibraryCallable) or target.blocks is None:
        return False
    return not any(each.name == "collections.abc.Awaitable" for each in target.returns)


class BodyFrame:
    """A function body while it is interpreted in order.

    ``env`` holds the values of local names at the current place, None where no way leads;
    ``jumped`` those at the ``break`` and ``continue`` of the innermost loop. ``elsewhere``: the
    current place is only reached off the event loop; ``loop_names`` are names that are true on it
    and false off it; ``tells`` is how far what is returned says the same. ``ready`` is what tests
    say of receivers here: calls that do not wait, values that are left.
    """

    def __init__(self, inference: Inference, activation: Activation) -> None:
        self.inference = inference
        self.file = activation.file
        self.activation: Activation = activation
        self.closure = activation if activation.function.name != "<module>" else None
        self.owner = activation.owner
        self.env: dict[str, Values] | None = {}
        self.returns: Values = NOTHING
        self.yields: Values = NOTHING
        self.jumped: dict[str, Values] | None = None
        self.elsewhere = False
        self.once = False
        self.ready = readiness.NOTHING
        self.loop_names: set[str] = set()
        self.tells: LoopTelling = None
        self._outer: dict[str, Values] = {}
        self._shared: dict[str, list[Activation]] = {}
        self._function = activation.function
        # A module's names are what its bindings say; its body is interpreted call by call.
        is_module = activation.function.name == "<module>"
        self._local = frozenset() if is_module else frozenset(activation.function.bound)
        function = activation.function
        self._globals = frozenset(function.declared_global + function.declared_nonlocal)
        self._names: dict[str, Values] = {}
        self._stores: dict[str, Values] = {}
        self._global_values: dict[str, Values] = {}
        self._edges: dict[object, Edge] = {}
        self._silent: set[int] = set()

    def lookup(self, name: str) -> Values:
        """The values of a name at this place."""
        env = self.env
        if env is not None and name in env:
            return self._with_shared(name, env[name]) if name in self._shared else env[name]
        if name in self._local:
            return self._names.get(name, NOTHING)  # assigned later: in a loop, or by a closure
        if self.owner is not None and self.owner.arguments:
            names = self.inference.type_parameters(self.owner)
            if name in names and names.index(name) < len(self.owner.arguments):
                return self.owner.arguments[names.index(name)]
        outer = self._outer.get(name)
        if outer is None:
            outer = self._outer[name] = outer_name(self, self.activation.closure, name)
        return outer

    def assigned(self, name: str) -> Values:
        """All values that a local name has been given so far."""
        return self._names.get(name, NOTHING)

    def share(self, names: tuple[str, ...], activation: Activation) -> None:
        """Note that a nested function assigns (``nonlocal``) or fills names of this one."""
        for name in names:
            self._shared.setdefault(name, []).append(activation)

    def _with_shared(self, name: str, values: Values) -> Values:
        for activation in self._shared[name]:
            if name in activation.function.declared_nonlocal:
                set_there = self.inference.outcome(activation).globals
                values = union(values, set_there.get(name, NOTHING))
            for added in self.inference.fillings_of_outer(activation, name):
                values = grown(values, added)
        return values

    def locals_among(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some names that are local here."""
        return tuple(name for name in names if name in self._local)

    def assign(self, name: str, values: Values) -> None:
        """Bind a local name, or the module's if it is declared global."""
        if name in self._globals:
            self._global_values[name] = union(self._global_values.get(name, NOTHING), values)
        if self.env is not None:
            self.env[name] = values
        if self.ready:
            self.ready = readiness.without(self.ready, name)
        before = self._names.get(name)
        self._names[name] = union(before, values) if before else values

    def narrow(self, name: str, values: Values) -> None:
        """Note what a local name stands for from this place on, without binding it anew."""
        if self.env is not None and name in self.env:
            self.env[name] = values

    def narrowable(self, name: str) -> Values:
        """The values of a local name that may be narrowed here, () for any other."""
        return self.env.get(name, NOTHING) if self.env is not None else NOTHING

    def local_names(self) -> list[str]:
        """The local names that may be narrowed here."""
        return [*self.env] if self.env is not None else []

    @contextmanager
    def assuming(self, values: dict[str, Values]) -> Iterator[None]:
        """Names have these values while the result is entered."""
        if not values or self.env is None:
            yield
            return
        hidden = {name: self.env.get(name) for name in values}
        self.env.update(values)
        yield
        for name, before in hidden.items():
            if before is None:
                self.env.pop(name, None)
            else:
                self.env[name] = before

    @contextmanager
    def in_class(self, cls: ClassObject) -> Iterator[None]:
        """While a class body runs in the function's, its names hide those around it."""
        env = dict(self.env) if self.env is not None else None
        names, owner = self._names, self.owner
        self._names, self.owner = dict(names), cls
        yield
        self.env, self._names, self.owner = env, names, owner

    def record(self, edge: Edge) -> None:
        """Note a call."""
        if self.once or (self.ready and readiness.is_ready(self.ready, edge)):
            edge = msgspec.structs.replace(edge, site=msgspec.structs.replace(edge.site, weak=True))
        if self.elsewhere and edge.site.switches_to is None:
            site = msgspec.structs.replace(edge.site, switches_to=Runs.WORKER_THREAD)
            edge = msgspec.structs.replace(edge, site=site)
        # By identity where it can be: a catalogue entry is one object.
        target = edge.target
        key = edge.site.span, edge.site.via, target if type(target) is Activation else id(target)
        self._edges.setdefault(key, edge)

    def note_silent(self, node: r.Call) -> None:
        """Count a call that cannot block instead of noting it."""
        self._silent.add(id(node))

    def retract(self, span: Span) -> None:
        """Forget the blocking library calls at a place whose result is awaited there.

        Awaiting what they give at once would raise: their receiver is not what it is declared to
        be, an AsyncSession annotated as Session.
        """
        for key, edge in list(self._edges.items()):
            if edge.site.span == span and edge.site.via is Via.CALL and edge.site.switches_to is None:
                if _is_plain(edge.target):
                    del self._edges[key]

    def edges(self) -> tuple[Edge, ...]:
        """What has been noted so far."""
        return tuple(self._edges.values())

    def noted_within(self, span: Span) -> list[Edge]:
        """What has been noted inside a place."""
        return [e for e in self._edges.values() if span[:2] <= e.site.span[:2] < span[2:]]

    def forget(self, edges: Collection[Edge]) -> None:
        """Take back what has been noted."""
        self._edges = {key: edge for key, edge in self._edges.items() if edge not in edges}

    @contextmanager
    def deferring(self) -> Iterator[list[Edge]]:
        """While the result is entered, calls are put on its list instead of being noted."""
        outer, self._edges = self._edges, {}
        found: list[Edge] = []
        yield found
        found += self._edges.values()
        self._edges = outer

    def note_store(self, receiver: Values, name: str, values: Values) -> None:
        """Note that an attribute of the method's own instance is set."""
        own = self._receiver()
        if own is not None and own in receiver:
            self._stores[name] = union(self._stores.get(name, NOTHING), kept(shallow(values)))

    def stored(self, name: str) -> Values:
        """What an attribute of the method's own instance has been set to so far."""
        return self._stores.get(name, NOTHING)

    def note_filling(self, name: str, added: Mapping, replaces: bool) -> None:
        """Put something into the container that a local name holds, in place of what it has there.

        What goes into others is found when these are asked for.
        """
        if self.env is not None and (name in self._local or name in self.env):
            put = replaced if replaces else grown
            values = self.env[name] = put(self.lookup(name), added)
            self._names[name] = merged(union(self._names.get(name, NOTHING), values))

    def _receiver(self) -> Value | None:
        parameters = self._function.parameters
        if not self._function.owner or not parameters:
            return None
        values = self._names.get(parameters[0].name, NOTHING)
        return values[0] if len(values) == 1 else None

    def note_yield(self, values: Values) -> None:
        """Note that the body yields."""
        self.yields = union(self.yields, values)

    def outcome(self) -> Outcome:
        """What was found."""
        edges = tuple(self._edges.values())
        targets = [edge.target for edge in edges if type(edge.target) is Activation]
        return Outcome(
            shallow(self.returns),
            shallow(self.yields),
            self._names,
            self._stores,
            self._global_values,
            edges,
            tuple(dict.fromkeys(targets)),
            len(self._silent),
            self.tells,
        )
