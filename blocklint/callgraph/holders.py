"""Which expressions stand for objects that can be held, and which functions reach such from outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from blocklint.callgraph.graph import CallGraph
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

HELD_BY = (Blocks.DATABASE, Blocks.WAIT)
"""What is waited for where a connection or a lock is taken."""

Callers = Mapping[Activation, Iterable[Activation]]

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
    """Answers for one project, with the ``callers`` of each activation.

    ``taking`` are the activations that call what begins to hold something or ends it, with these edges;
    ``touching`` those that change the state of an object that their caller may know.
    """

    def __init__(self, inference: Inference, graph: CallGraph, callers: Callers) -> None:
        self._inference = inference
        self._frames: Memo[Activation, _Body] = Memo(lambda activation: _Body(inference, activation))
        self._known: dict[tuple[Activation, r.Expression], Held] = {}
        self.taking = dict(self._taking(graph))
        self.touching = self._touching(callers)

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

    def _taking(self, graph: CallGraph) -> Iterator[tuple[Activation, list[Edge]]]:
        for activation, edges in graph.edges.items():
            sinks = [e for e in edges if type(t := e.target) is LibraryCallable and t.blocks in HELD_BY]
            if sinks and (found := [edge for edge in sinks if self.takes(edge)]):
                yield activation, found

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

    def places(self, activation: Activation, graph: CallGraph) -> Iterator[tuple[int, int]]:
        """Line and column of what may change the state of an object in a body."""
        for edge in self.taking.get(activation, ()):
            yield edge.site.span[:2]
        for edge in graph.edges.get(activation, ()):
            if edge.target in self.touching:
                yield edge.site.span[:2]

    def _touching(self, callers: Callers) -> set[Activation]:
        """Those that take something from outside, and who calls them: a reverse breadth-first search."""
        layer = {
            activation
            for activation, edges in self.taking.items()
            if self._takes_outer(activation.function, edges)
        }
        found = set(layer)
        for _ in range(MOST_CALLS - 1):
            calling = (callers.get(each, ()) for each in layer if not each.function.is_generator)
            layer = {caller for each in calling for caller in each} - found
            if not layer:
                break
            found |= layer
        return found

    def _takes_outer(self, function: r.Function, edges: Iterable[Edge]) -> bool:
        """Whether what is taken comes from outside: it is built on a parameter, or on a shared name."""
        names = {_root(edge.site.called) for edge in edges}
        given = {parameter.name for parameter in function.parameters}
        for _ in range(3):
            if any(name and (name in given or name not in function.bound) for name in names):
                return True
            names.discard("")
            if not names:
                break
            bound = self._inference.project.function_bindings[function]
            listed = [binding for name in names for binding in bound.get(name, ())]
            names = {_root(each.value) for each in listed if each.kind in ("assign", "walrus")}
        return False


def _root(node: r.Expression | None) -> str:
    """The name on which an expression is built; "" if it is no name."""
    while (kind := type(node)) is not r.Name:
        if kind is r.Attribute or kind is r.Subscript:
            node = node.value  # type: ignore[union-attr, assignment]
        elif kind is r.Call:
            node = node.callee  # type: ignore[union-attr]
        else:
            return ""
    return node.name  # type: ignore[union-attr]


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


def taken_from(node: r.Expression, edge: Edge, by_argument: bool) -> r.Expression | None:
    """What the object is built on that a call takes: its first argument, or what the method is called on."""
    if by_argument:
        return base_of(node.arguments[0]) if type(node) is r.Call and node.arguments else None
    called = edge.site.called
    return base_of(called.value if edge.site.via is Via.CALL and type(called) is r.Attribute else called)


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



