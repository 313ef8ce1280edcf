"""What a coroutine holds while it waits: connections of sessions, locks. State along its ordered body.

What takes and releases is the catalogue's (``holds``). Functions of the project that are given the object, or
reach it by ``self`` or a shared name, are gone through once, and change it as their summaries say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from blocklint.callgraph.effects import Sites
from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.held_records import (
    HELD,
    RELEASED,
    UNCHANGED,
    Changes,
    Taken,
    Wait,
    certainty_of,
    mentioned,
)
from blocklint.callgraph.holders import Holders, base_of, taken_from, translated
from blocklint.callgraph.naming import Naming, still_held
from blocklint.callgraph.pauses import Pauses, Places, outer
from blocklint.facts import records as r
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.flow.objects import INITIAL, Key, State, path_of
from blocklint.flow.ordered import Walk
from blocklint.flow.suspending import Suspending, coroutines
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Certainty, Span, Via
from blocklint.project.values import Activation

DEEPEST = 12
"""Through so many calls the state of an object is followed."""


class Holdings:
    """The analysis of one project; functions are gone through when somebody asks."""

    def __init__(self, inference: Inference, graph: CallGraph, sites: Sites, holders: Holders) -> None:
        self.graph = graph
        self.sites = sites
        self.holders = holders
        self.suspending = Suspending(lambda activation: graph.edges.get(activation, ()))
        self._bodies: dict[Activation, Body | None] = {}
        self._depth = 0

    def waits(self, activation: Activation) -> list[Wait]:
        """Where a coroutine waits while it holds something: the first place for each object."""
        body = self._body(activation)
        return list(body.found.values()) if body is not None else []

    def changes(self, activation: Activation) -> Changes:
        """What a function does with objects from outside; nothing for one that is just being gone through."""
        body = self._body(activation) if activation in self.holders.touching else None
        return body.changes if body else UNCHANGED

    def pauses(self, activation: Activation) -> Pauses:
        """Whether a coroutine waits, and with what; those that touch nothing with what there was before."""
        if activation.function.is_stub or activation not in self.holders.touching:
            return Pauses(self.suspending.may(activation), {})
        body = self._body(activation)
        return body.paused.pauses() if body is not None else Pauses(False, {})

    def _body(self, activation: Activation) -> Body | None:
        if activation not in self._bodies:
            if self._depth == DEEPEST:
                return None
            self._bodies[activation] = None
            self._depth += 1
            body = Body(self, activation)
            body.run()
            self._depth -= 1
            self._bodies[activation] = body
        return self._bodies[activation]


class Body(Naming):
    """One body: the subject of the walk over it."""

    def __init__(self, holdings: Holdings, activation: Activation) -> None:
        super().__init__(holdings.holders, activation)
        self._holdings = holdings
        self._edges: defaultdict[Span, list[Edge]] = defaultdict(list)
        self._coroutines: defaultdict[Span, list[Edge]] = defaultdict(list)
        for edges in holdings.sites.of(activation).values():
            self._edges[edges[0].site.span] += edges
        for edge in holdings.graph.edges.get(activation, ()):
            if edge.site.via is not Via.CALL:
                self._coroutines[edge.site.span].append(edge)
        self._takes = sorted(holdings.holders.places(activation, holdings.graph))
        self._taken: dict[Key, Taken] = {}
        self.paused = Places(self._coroutines, holdings.pauses)
        self.found: dict[Key, Wait] = {}
        self.changes = UNCHANGED

    def run(self) -> None:
        """Go through the body."""
        end = Walk(self).run(self.activation.function.body, State())
        objects = end.objects if end is not None else {}
        exits = {key: objects.get(key, INITIAL) for key in outer(objects, *self.paused.objects())}
        self.changes = Changes(exits, self.known, self._taken)

    def passes_over(self, node: r.Expression, state: State) -> bool:
        """Whether nothing is held, and nothing begins to be, in an expression."""
        if any(bits & HELD for bits in state.objects.values()):
            return False
        index = bisect_left(self._takes, node.span[:2])
        if index < len(self._takes) and self._takes[index] < node.span[2:]:
            return False
        if self.activation.function.awaits:
            self.paused.add_all(node, state.objects)
        return True

    # -------------------------------------------------------------- expressions

    def evaluated(self, node: r.Expression, state: State) -> None:
        """Calls take and release, coroutines that are awaited wait."""
        kind = type(node)
        if kind is r.Await:
            self._awaited(node, node.value, state, Via.AWAIT)  # type: ignore[union-attr, arg-type]
        elif kind is r.Attribute:
            path = path_of(state, node)
            if path is not None and (holding := self.known.get(path[:-1])) and path[-1] in holding.releases:
                state.objects[path[:-1]] = RELEASED
            self._entered(node, state)
        elif kind is r.Walrus:
            self.bind(node.name, node.span, node.value, state)  # type: ignore[union-attr, arg-type]
        elif kind is r.Comprehension:
            if any(generation.is_async for generation in node.generations):  # type: ignore[union-attr]
                self._wait(node, Via.ITERATION, state)
        elif kind is not r.Name and kind is not r.Constant:
            self._entered(node, state)

    def _entered(self, node: r.Expression, state: State) -> None:
        """What the calls at an expression take, or do with objects that they are given."""
        span = node.span
        if span not in self._edges:
            if type(node) is r.Call:
                self._unlocked(node, state)
            return
        for edge in self._edges[span]:
            target = edge.target
            if edge.site.switches_to is not None:
                for path in mentioned(node, state):
                    state.objects.pop(path, None)  # what the other thread does with it is not followed
            elif type(target) is LibraryCallable:
                self._take(node, edge, target, state)
            elif type(target) is Activation and not target.function.is_async:
                self._apply(self._holdings.changes(target), node, edge, state)

    def _take(self, node: r.Expression, edge: Edge, target: LibraryCallable, state: State) -> None:
        """A call of a library takes what the object it is built on holds, or the one that it is given."""
        if not self.holders.takes(edge):
            return
        owner, _, name = target.name.rpartition(".")
        by_argument = self.holders.of_functions(owner)
        held = (by_argument, Certainty.CERTAIN) if by_argument is not None else None
        base = taken_from(node, edge, held is not None)
        if base is None or (key := self.key(base, state)) is None:
            return
        if held is None and key in self.known:
            held = self.known[key], Certainty.CERTAIN
        held = held or self.holders.of(self.activation, base)
        if held is None:
            return
        holding, certainty = held
        self.known[key] = holding
        if name in holding.releases:
            state.objects[key] = RELEASED
        elif not holding.takes or name in holding.takes:
            certainty = min(certainty, certainty_of(edge, target))
            self._hold(key, Taken(target.name, edge.site.place[0], certainty), state)

    def _hold(self, key: Key, taken: Taken, state: State) -> None:
        if not state.of(key) & HELD:
            self._taken[key] = taken
        state.objects[key] = HELD

    def _unlocked(self, node: r.Call, state: State) -> None:
        """``flock(file, LOCK_UN)``: a function that takes, called so that it does not."""
        key = self.key(base_of(node.arguments[0]), state) if node.arguments else None
        if key is not None and (holding := self.known.get(key)):
            callee = node.callee
            if type(callee) in (r.Name, r.Attribute) and callee.name in holding.takes:  # type: ignore[union-attr]
                state.objects[key] = RELEASED

    def _apply(self, changes: Changes, node: r.Expression, edge: Edge, state: State) -> None:
        """A function of the project has been called: what it was given has changed."""
        for key, bits in changes.exits.items():
            own = translated(key, node, edge, self.activation, state, self.holders)
            if own is None:
                continue
            old = state.of(own)
            new = bits & ~INITIAL | (old if bits & INITIAL or edge.site.candidates > 1 else 0)
            if key in changes.holdings:
                self.known[own] = changes.holdings[key]
            if new & HELD and not old & HELD and key in changes.taken:
                taken = changes.taken[key]
                certainty = min(taken.certainty, certainty_of(edge))
                self._taken[own] = Taken(taken.culprit, edge.site.place[0], certainty)
            state.objects[own] = new

    # ------------------------------------------------------------------ waiting

    def _awaited(self, node: r.Expression, value: r.Expression, state: State, via: Via) -> None:
        """Something is awaited, entered with ``async with`` or iterated with ``async for``."""
        edges = self._coroutines.get(value.span, [])
        targets = coroutines(edges)
        self._wait(node, via, state, targets, value, is_open=len(targets) < len(edges) or not targets)
        for edge in targets:
            self._apply(self._holdings.changes(edge.target), value, edge, state)  # type: ignore[arg-type]
        if not targets:
            for path in mentioned(value, state):
                state.objects.pop(path, None)

    def _wait(
        self,
        node: r.Expression,
        via: Via,
        state: State,
        targets: Sequence[Edge] = (),
        value: r.Expression | None = None,
        is_open: bool = True,
    ) -> None:
        """Note what is held while one of the targets, or what is not known (``is_open``), may wait."""
        self.paused.add(None if is_open else value, state.objects)
        held = [key for key, bits in state.objects.items() if bits & HELD and key not in self.found]
        if not held:
            return
        pauses = [(edge, self._holdings.pauses(edge.target)) for edge in targets]  # type: ignore[arg-type]
        if not is_open and not any(paused.may for _, paused in pauses):
            return
        is_sure = is_open is not bool(targets)
        given = set(mentioned(value, state)) if value is not None and not targets else set()
        for key in held:
            if key in given:
                continue
            if not is_open and not still_held(key, pauses, value, state, self):
                continue
            taken = self._taken[key]
            sure = is_sure and state.objects[key] == HELD
            certainty = min(taken.certainty, Certainty.CERTAIN if sure else Certainty.LIKELY)
            if state.unsure:
                certainty = Certainty.POSSIBLE
            self.found[key] = Wait(key, self.known[key], node, via, taken, certainty)

    def iterated(self, loop: r.Loop, state: State) -> None:
        """``for`` asks a query for its rows, ``async for`` waits; it gives what it gave before back then."""
        if type(loop.target) is r.Name and (before := state.names.get(loop.target.name)) is not None:
            state.objects.pop(before, None)
        if loop.kind == "async for":
            self._awaited(loop.iterable, loop.iterable, state, Via.ITERATION)
        else:
            self._entered(loop.iterable, state)

    def made(self, name: str, key: Key, value: r.Expression, state: State) -> None:
        """``engine.connect()``: what is made holds a connection from the start."""
        edges = [edge for edge in self._edges.get(value.span, ()) if edge.site.switches_to is None]
        if not edges:
            return
        held = self.holders.of_name(self.activation, name)
        if held is not None and "__init__" in held[0].takes:
            target, place = edges[0].target, edges[0].site.place
            culprit = target.name if type(target) is LibraryCallable else "sqlalchemy.Engine.connect"
            self.known[key] = held[0]
            self._hold(key, Taken(culprit, place[0], min(held[1], certainty_of(edges[0]))), state)

    # ----------------------------------------------------------------- contexts

    def entered(self, item: r.WithItem, is_async: bool, state: State) -> list[tuple[Key, str]]:
        """What is released where the context ends: the object, and the call of it that must release it."""
        context, target = item.context, item.target
        if is_async:
            self._awaited(context, context, state, Via.CONTEXT_MANAGER)
        elif type(context) is r.Name:
            self._entered(context, state)
        ending: list[tuple[Key, str]] = [(path, "") for path in mentioned(context, state)]
        path = path_of(state, context)
        if path is not None:
            ending.append((path, ""))
        elif (base := self.key(base_of(context), state)) is not None and type(context) is r.Call:
            ending.append((base, f"{getattr(context.callee, 'name', '')}.__exit__"))
        if target is not None:
            self.bound(target, context, state)
            if type(target) is r.Name and path is None:
                ending.append((state.names[target.name], ""))
        return ending

    def left(self, item: r.WithItem, token: list[tuple[Key, str]], state: State) -> None:
        """The end of ``with``."""
        for key, call in token:
            holding = self.known.get(key)
            if holding is not None and (not call or call in holding.releases):
                state.objects[key] = RELEASED
