"""Every route with its tree of dependencies: where each callable runs, and what blocks below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from blocklint.callgraph.arrivals import Arrivals
from blocklint.callgraph.entries import build
from blocklint.callgraph.graph import Entry, explore
from blocklint.callgraph.places import is_off_loop, runs_on
from blocklint.callgraph.reach import reached
from blocklint.facts import records as r
from blocklint.flow.binding import default, unbound
from blocklint.frameworks.applications import functions
from blocklint.frameworks.dependencies import Dependencies, Dependency
from blocklint.frameworks.middlewares import middlewares
from blocklint.frameworks.routing import Handler, Routing
from blocklint.knowledge.words import Words
from blocklint.model import Certainty, Finding, FunctionKey, Runs
from blocklint.project.index import Project
from blocklint.project.values import Activation, ClassObject, FunctionObject
from blocklint.rules.engine import blocking, inference_of, with_words
from blocklint.rules.entry_points import EntryPoints, with_entry_points


class Node(msgspec.Struct, frozen=True):
    """A callable of a route: its handler or a dependency.

    ``function`` is a shown name, or the dotted one of a library's callable, "" for none that is
    known; ``path`` and ``line`` are None for what is not in the project, ``runs`` where that is not known.
    ``parameter`` is what a dependency is passed as. ``blocks`` are the positions, among all
    findings, of those to which the loop gets from it, dependencies of its own left out.
    """

    function: str
    path: str | None
    line: int | None
    runs: Runs | None
    parameter: str
    blocks: tuple[int, ...]
    dependencies: tuple[Node, ...]

    def all_blocks(self) -> frozenset[int]:
        """What blocks anywhere in the tree."""
        return frozenset(self.blocks).union(*(node.all_blocks() for node in self.dependencies))


class Route(msgspec.Struct, frozen=True):
    """One route. ``included``: its router is seen to be part of an application.

    ``findings`` and ``certain`` are how many block in its tree.
    """

    kind: str
    methods: tuple[str, ...]
    path: str
    included: bool
    findings: int
    certain: int
    handler: Node


class Routes(msgspec.Struct, frozen=True):
    """The routes of a project, the worst first; middlewares, through which all requests go; findings."""

    routes: tuple[Route, ...]
    middlewares: tuple[Node, ...]
    findings: tuple[Finding, ...]


def worst_first(route: Route) -> tuple[object, ...]:
    """The order of routes: most certain findings, most findings, then by path, methods and place."""
    handler = route.handler
    return -route.certain, -route.findings, route.path, route.methods, handler.path, handler.line


def route_trees(project: Project, words: Words, counts: Callable[[Finding], bool]) -> Routes:
    """The routes of a project with the findings that count; ``words`` are what its settings say."""
    return _Trees(project, words, counts).routes()


_Callable = tuple[r.Function, Activation | None, bool]
"""A function, what it closes over, and whether it runs in a worker thread."""


class _Tree(msgspec.Struct, frozen=True, eq=False):
    """A handler or dependency before it is known what blocks below it."""

    shown: FunctionObject | ClassObject | None
    name: str
    runs: Runs | None
    parameter: str
    callables: tuple[_Callable, ...]
    below: tuple[_Tree, ...]


class _Trees:
    def __init__(self, project: Project, words: Words, counts: Callable[[Finding], bool]) -> None:
        self._project = project
        self._inference = inference_of(project, words)
        self._graph = build(self._inference)
        self._arrivals = Arrivals(self._inference, self._graph)
        self._dependencies = Dependencies(self._inference)
        said = with_words(self._inference, words, self._graph)
        self._found = [each for each in blocking(self._inference, said) if counts(each[0])]
        self._places = runs_on(project)
        self._numbers: dict[_Callable, int] = {}
        self._threads: dict[Activation, int] = {}
        self._loops: dict[Activation, int] = {}
        self._blocks: dict[int, tuple[int, ...]] = {}

    def routes(self) -> Routes:
        """All of it."""
        handlers = Routing(self._inference).handlers()
        routes = [(each, self._of_handler(each)) for each in handlers if each.kind in ("route", "websocket")]
        around = [self._of_handler(each) for each in handlers if each.kind == "middleware"]
        around += [self._of(each, Runs.EVENT_LOOP) for _, each in middlewares(self._inference)]
        findings = self._spread()
        listed = sorted((self._route(handler, tree, findings) for handler, tree in routes), key=worst_first)
        nodes = sorted(map(self._node, around), key=lambda node: (node.path or "", node.line or 0))
        return Routes(tuple(listed), tuple(nodes), tuple(findings))

    # ------------------------------------------------------------------- trees

    def _of_handler(self, handler: Handler) -> _Tree:
        called = (handler.function, *functions(self._inference, handler.values))
        asked = self._dependencies
        below = (*asked.listed(handler.dependencies), *asked.of(handler.function))
        return self._tree(handler.function, "", handler.runs, "", called, below)

    def _of(self, function: FunctionObject, runs: Runs) -> _Tree:
        return self._tree(function, "", runs, "", (function,), ())

    def _of_dependency(self, dependency: Dependency) -> _Tree:
        shown = dependency.cls or next(iter(dependency.functions), None)
        return self._tree(
            shown, dependency.name, dependency.runs, dependency.parameter, dependency.functions,
            dependency.dependencies,
        )  # fmt: skip

    def _tree(
        self,
        shown: FunctionObject | ClassObject | None,
        name: str,
        runs: Runs | None,
        parameter: str,
        called: Iterable[FunctionObject],
        below: Iterable[Dependency],
    ) -> _Tree:
        if isinstance(shown, FunctionObject):
            runs = self._places.get(shown.function, runs)
        in_thread = runs is not Runs.EVENT_LOOP
        callables = tuple(dict.fromkeys((each.function, each.closure, in_thread) for each in called))
        for function in called:
            self._add(function, in_thread)
        return _Tree(shown, name, runs, parameter, callables, tuple(map(self._of_dependency, below)))

    def _add(self, function: FunctionObject, in_thread: bool) -> None:
        """Make a function a source of the search."""
        key = function.function, function.closure, in_thread
        if key in self._numbers:
            return
        bit = 1 << self._numbers.setdefault(key, len(self._numbers))
        if in_thread:
            activation = default(unbound(function))
            self._threads[activation] = self._threads.get(activation, 0) | bit
        else:
            for activation in self._arrivals.of(function):
                self._loops[activation] = self._loops.get(activation, 0) | bit

    # ---------------------------------------------------------------- findings

    def _spread(self) -> list[Finding]:
        """Find out what blocks below every function; the findings below any, in order."""
        elsewhere = {f for f, runs in self._places.items() if is_off_loop(f, runs)}
        entries = [Entry(activation, None) for activation in self._threads]
        explored, _ = explore(self._inference, entries, elsewhere)
        inside = {
            activation: [edge for edge in edges if isinstance(edge.target, Activation)]
            for activation, edges in (explored | self._graph.edges).items()
        }
        bits = reached(inside, self._loops, self._threads, depends=False)
        below: list[tuple[Finding, int]] = []
        ways = EntryPoints(self._inference, self._graph)
        for finding, activations in self._found:
            reaching = 0
            for activation in activations:
                reaching |= bits.get(activation, 0)
            if reaching:
                below.append((with_entry_points(finding, ways.of(activations)), reaching))
        below.sort(key=lambda item: (item[0].site, item[0].code))
        for number in self._numbers.values():
            self._blocks[number] = tuple(i for i, (_, reaching) in enumerate(below) if reaching >> number & 1)
        return [finding for finding, _ in below]

    def _route(self, handler: Handler, tree: _Tree, findings: list[Finding]) -> Route:
        node = self._node(tree)
        below = node.all_blocks()
        certain = sum(findings[number].certainty is Certainty.CERTAIN for number in below)
        return Route(
            handler.kind, handler.methods, handler.path, handler.is_served, len(below), certain, node
        )

    def _node(self, tree: _Tree) -> Node:
        name, file, line = tree.name, "", 0
        definition: r.Function | r.Class | None = None
        if isinstance(tree.shown, FunctionObject):
            file, definition = tree.shown.file, tree.shown.function
        elif tree.shown is not None:
            file, definition = tree.shown.file, tree.shown.definition
        if definition is not None:
            key = FunctionKey(file, definition.name, definition.ordinal)
            name, line = self._project.show(key), definition.span[0]
        blocks = frozenset(i for each in tree.callables for i in self._blocks[self._numbers[each]])
        below = tuple(map(self._node, tree.below))
        return Node(name, file or None, line or None, tree.runs, tree.parameter, tuple(sorted(blocks)), below)
