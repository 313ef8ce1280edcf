"""Which expressions stand for objects that can be held, and which functions reach such from outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blocklint.callgraph.effects import Sites
from blocklint.facts import records as r
from blocklint.flow.classes import is_static
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.flow.objects import Key, State, path_of
from blocklint.flow.origins import handed_at
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.knowledge.records import Holding, LibraryCallable
from blocklint.memo import Memo
from blocklint.model import Blocks, Certainty, Via
from blocklint.project.values import CALLERS, Activation, Instance, LibraryInstance, Value, Values, known

MOST_CALLS = 8
"""Through so many calls it is looked for who reaches an object."""

Held = tuple[Holding, Certainty] | None


class _Body(ScopeFrame):
    """A body that has been interpreted: its names have all the values that they had in it."""

    def __init__(self, inference: Inference, activation: Activation) -> None:
        super().__init__(inference, activation.file, activation, activation.owner)
        self._names = inference.outcome(activation).names
        self._bound = frozenset(activation.function.bound)

    def lookup(self, name: str) -> Values:
        """The values of a name."""
        return self._names.get(name, ()) if name in self._bound else super().lookup(name)


class Holders:
    """Answers for one project."""

    def __init__(self, inference: Inference, sites: Sites) -> None:
        self._inference = inference
        self._sites = sites
        self._frames: Memo[Activation, _Body] = Memo(lambda activation: _Body(inference, activation))
        self._known: dict[tuple[Activation, r.Expression], Held] = {}
        self._touching: dict[Activation, bool] = {}

    # ------------------------------------------------------------------ objects

    def of(self, activation: Activation, node: r.Expression) -> Held:
        """What an expression's value can hold, if it is an object of that kind, and how surely it is one."""
        place = activation, node
        if place not in self._known:
            frame = self._frames[activation]
            self._known[place] = self._of_values(self._inference.evaluate(frame, node))
        return self._known[place]

    def of_name(self, activation: Activation, name: str) -> Held:
        """The same for a local name, by all that it is bound to."""
        return self._of_values(self._frames[activation].lookup(name))

    def _of_values(self, values: Values) -> Held:
        listed = known(values)
        found = [holding for value in listed if (holding := self._of_value(value)) is not None]
        if not found:
            return None
        if CALLERS in values:
            return found[0], Certainty.POSSIBLE
        return found[0], Certainty.CERTAIN if len(found) == len(listed) else Certainty.LIKELY

    def _of_value(self, value: Value) -> Holding | None:
        names: Iterable[str] = ()
        if type(value) is LibraryInstance:
            names = (value.name,)
        elif type(value) is Instance:
            names = [base for base in self._inference.mro(value.cls) if isinstance(base, str)]
        return next(filter(None, map(self._inference.catalog.holding, names)), None)

    def of_functions(self, module: str) -> Holding | None:
        """What the functions of a module make their first arguments hold."""
        catalog = self._inference.catalog
        return catalog.holding(module) if catalog.find_class(module) is None else None

    # -------------------------------------------------------------------- calls

    def takes(self, edge: Edge) -> bool:
        """Whether an edge leads to a call of a library that may begin to hold something, or end it."""
        target = edge.target
        if type(target) is not LibraryCallable or edge.site.switches_to is not None:
            return False
        owner, _, name = target.name.rpartition(".")
        if target.blocks is Blocks.DATABASE:
            return name != "__exit__" and target.certainty > Certainty.POSSIBLE
        if target.blocks is Blocks.WAIT:
            holding = self._inference.catalog.holding(owner)
            return holding is not None and name in holding.takes
        return False

    def touches(self, activation: Activation, depth: int = MOST_CALLS) -> bool:
        """Whether a function changes the state of an object that its caller may know."""
        found = self._touching.get(activation)
        if found is None:
            self._touching[activation] = False  # while it is asked
            found = self._touching[activation] = depth > 0 and any(self._touching_sites(activation, depth))
        return found

    def _touching_sites(self, activation: Activation, depth: int) -> Iterator[bool]:
        for listed in self._sites.of(activation).values():
            for edge in listed:
                target = edge.target
                if type(target) is Activation:
                    if target.function.body and not target.function.is_generator:
                        yield self.touches(target, depth - 1)
                elif self.takes(edge):
                    yield self._is_outer(activation.function, edge.site.called, 3)

    def _is_outer(self, function: r.Function, node: r.Expression | None, depth: int) -> bool:
        """Whether what an expression is built on comes from outside: a parameter, a shared name."""
        while isinstance(node, r.Attribute | r.Call | r.Subscript):
            node = node.callee if isinstance(node, r.Call) else node.value
        if type(node) is not r.Name or depth == 0:
            return False
        name = node.name
        if name not in function.bound or any(parameter.name == name for parameter in function.parameters):
            return True
        return any(
            binding.kind in ("assign", "walrus") and self._is_outer(function, binding.value, depth - 1)
            for binding in self._inference.project.function_bindings[function].get(name, ())
        )


def base_of(node: r.Expression | None) -> r.Expression | None:
    """The name or attribute on which a chain of calls is built: ``db`` of ``db.query(X).filter(y).all``."""
    while node is not None:
        if type(node) is r.Name or type(node) is r.Attribute:
            inner: r.Expression = node
            while type(inner) is r.Attribute:
                inner = inner.value
            if type(inner) is r.Name:
                return node
            node = inner
        elif type(node) is r.Call:
            callee = node.callee
            node = callee.value if type(callee) is r.Attribute else None
        else:
            node = node.value if type(node) is r.Subscript else None
    return None


def receiver_of(called: r.Expression | None) -> r.Expression | None:
    """What a method is called on, by the expression that names the method."""
    return called.value if type(called) is r.Attribute else called


def translated(
    key: Key, node: r.Expression, edge: Edge, caller: Activation, state: State, holders: Holders
) -> Key | None:
    """An object that a callee knows as ``key``, as its caller knows it; None if it does not.

    ``node`` is the expression at which the callee is entered.
    """
    target = edge.target
    assert type(target) is Activation
    function, name = target.function, key[0]
    parameters = [p.name for p in function.parameters if p.kind in ("positional", "normal")]
    if any(parameter.name == name for parameter in function.parameters):
        given = _given(function, parameters, name, node)
        path = path_of(state, given) if given is not None else None
        return _as_part(state, (*path, *key[1:]), caller, holders) if path is not None else None
    if name in function.bound:
        return None
    if name in caller.function.bound and target.closure != caller:
        return None
    return (*state.names.get(name, (name,)), *key[1:])


def _given(
    function: r.Function, parameters: list[str], name: str, node: r.Expression
) -> r.Expression | None:
    if type(node) is not r.Call:  # a property
        return node.value if type(node) is r.Attribute and parameters[:1] == [name] else None
    is_method = bool(function.owner) and not is_static(function)
    if is_method:
        if parameters[:1] == [name]:
            return node.callee.value if type(node.callee) is r.Attribute else None
        parameters = parameters[1:]
    return handed_at(node, parameters.index(name) if name in parameters else None, name)


def _as_part(state: State, key: Key, caller: Activation, holders: Holders) -> Key:
    """``repo.db`` is the session that the repository was made with, if that was the only one."""
    given = state.parts.get(key[:1], ()) if len(key) > 1 else ()
    found = [path for path, node in given if holders.of(caller, node) is not None]
    return found[0] if len(found) == 1 else key


def awaits(edges: Iterable[Edge]) -> list[Edge]:
    """The edges that lead into coroutines of the project."""
    return [
        edge
        for edge in edges
        if edge.site.via is not Via.CALL and type(edge.target) is Activation and edge.target.function.is_async
    ]
