"""Where the event loop gets into a project: routes, tasks, callbacks and their like, with what they enter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from blocklint.callgraph.graph import CallGraph
from blocklint.callgraph.phases import starts_of, waits
from blocklint.facts import records as r
from blocklint.flow.edges import CallSite, Edge
from blocklint.flow.inference import Inference
from blocklint.frameworks.applications import functions
from blocklint.frameworks.dependencies import Dependencies, Dependency
from blocklint.frameworks.middlewares import middlewares
from blocklint.frameworks.routing import Handler, Routing
from blocklint.model import EntryPoint, FunctionKey, Phase, Runs, Span, Starts, Via
from blocklint.project.index import Project
from blocklint.project.values import Activation, FunctionObject

_KINDS = "route websocket middleware exception-handler handler task callback startup main"
ORDER = {kind: place for place, kind in enumerate(_KINDS.split())}
"""The kinds of entry points, those first that say most to whoever repairs a finding."""

FRAMEWORKS = frozenset({"fastapi", "starlette"})


class Arrival:
    """One way in: its kind and name, the function that is told of, and the activations that it enters.

    ``away`` are those that it enters in worker threads, which may hand coroutines back to the loop.
    """

    __slots__ = ("activations", "away", "file", "function", "kind", "name")

    def __init__(
        self,
        kind: str,
        name: str,
        file: str,
        function: r.Function,
        activations: tuple[Activation, ...],
        away: tuple[Activation, ...] = (),
    ) -> None:
        self.kind = kind
        self.name = name
        self.file = file
        self.function = function
        self.activations = activations
        self.away = away

    def entry(self, project: Project) -> EntryPoint:
        """As it is shown."""
        shown = project.show(FunctionKey(self.file, self.function.name, self.function.ordinal))
        return EntryPoint(self.kind, self.name, shown, self.file, self.function.span[0])


_Way = tuple[str, str, str, r.Function]
"""The kind, the name, the file and the function."""
_Ways = Iterator[tuple[_Way, Iterable[Activation]]]


class Arrivals:
    """The ways into one project, given its call graph."""

    def __init__(self, inference: Inference, graph: CallGraph) -> None:
        self._inference = inference
        self._project = inference.project
        self._graph = graph
        self._activations: defaultdict[r.Function, list[Activation]] = defaultdict(list)
        self.inside: dict[Activation, list[Edge]] = {}
        """The edges that lead to functions of the project."""
        for activation, edges in graph.edges.items():
            self._activations[activation.function].append(activation)
            self.inside[activation] = [edge for edge in edges if type(edge.target) is Activation]
        self._dependencies = Dependencies(inference)
        self._named: set[r.Function] = set()
        self._handlers: defaultdict[r.Function, list[Handler]] = defaultdict(list)
        self._away: defaultdict[_Way, dict[Activation, None]] = defaultdict(dict)

    def all(self) -> list[Arrival]:
        """Every way in, in the order of :data:`ORDER`, then by name and place."""
        merged: dict[_Way, dict[Activation, None]] = {}
        # What is registered by name is no callback as well.
        for ways in (self._registered(), self._handled(), self._started()):
            for way, activations in ways:
                merged.setdefault(way, {}).update(dict.fromkeys(activations))
        away = self._away
        found = [Arrival(*way, tuple(entered), tuple(away.get(way, ()))) for way, entered in merged.items()]
        found.sort(key=lambda each: (ORDER[each.kind], each.name, each.file, each.function.span))
        return found

    def of(self, function: FunctionObject) -> list[Activation]:
        """The activations of a function, those with its closure if there are any."""
        found = self._activations.get(function.function, [])
        if len(found) <= 1:
            return found
        closed = [activation for activation in found if activation.closure == function.closure]
        return closed or found

    # -------------------------------------------------------------- frameworks

    def _registered(self) -> _Ways:
        """What FastAPI and Starlette are told to call."""
        imported = {name for facts in self._project.modules.values() for name in facts.imported}
        if FRAMEWORKS.isdisjoint(name.partition(".")[0] for name in imported):
            return
        for handler in Routing(self._inference).handlers():
            function = handler.function
            self._named.add(function.function)
            self._handlers[function.function].append(handler)
            is_route = handler.kind == "route" and handler.methods
            name = f"{','.join(handler.methods)} {handler.path}" if is_route else handler.path
            way = (handler.kind, name, function.file, function.function)
            yield way, self.entered(handler)
            if handler.runs is not Runs.EVENT_LOOP:
                self._away[way].update(dict.fromkeys(self.of(function)))
        for name, method in middlewares(self._inference):
            self._named.add(method.function)
            yield ("middleware", name, method.file, method.function), self.of(method)

    def entered(self, handler: Handler) -> Iterator[Activation]:
        """What a handler enters on the loop: itself, unless in a thread, its models and dependencies."""
        if handler.runs is Runs.EVENT_LOOP:
            yield from self.of(handler.function)
            if handler.values != (handler.function,):
                for function in functions(self._inference, handler.values):
                    yield from self.of(function)
        yield from self._graph.served.get(handler.function.function, ())
        # What a function in the graph asks for is there as well, but for the fields of its class.
        if handler.runs is not Runs.EVENT_LOOP or handler.function.owner is not None:
            yield from self._needed(self._dependencies.of(handler.function))
        if handler.dependencies:
            yield from self._needed(self._dependencies.listed(handler.dependencies))

    def _needed(self, dependencies: Iterable[Dependency]) -> Iterator[Activation]:
        for dependency in dependencies:
            if dependency.runs is Runs.EVENT_LOOP:
                for function in dependency.functions:
                    yield from self.of(function)
            yield from self._needed(dependency.dependencies)

    def asked_by(self, arrival: Arrival) -> frozenset[r.Function]:
        """The function of a way in, and all that it depends on, wherever that runs."""
        found = {arrival.function}
        handlers = self._handlers.get(arrival.function, ())
        pending = [dependency for handler in handlers for dependency in self._asked(handler)]
        while pending:
            dependency = pending.pop()
            found.update(function.function for function in dependency.functions)
            pending += dependency.dependencies
        return frozenset(found)

    def _asked(self, handler: Handler) -> tuple[Dependency, ...]:
        listed = self._dependencies.listed(handler.dependencies) if handler.dependencies else ()
        return (*self._dependencies.of(handler.function), *listed)

    def _handled(self) -> _Ways:
        """What other libraries call, as the catalogue tells."""
        handlers = self._inference.handlers
        for file in self._project.modules if self._inference.handlers_by_owner else ():
            for definition in self._project.definitions[file]:
                function = definition.function
                if function in self._named or not (function.decorators or function.owner):
                    continue
                found = self._activations.get(function)
                if found and handlers.runs(definition) is not None:
                    self._named.add(function)
                    yield ("handler", function.name, file, function), found

    # -------------------------------------------------------------- asyncio

    def _started(self) -> _Ways:
        """Tasks, callbacks and what starts or ends a program, by the edges that lead to them."""
        for activation, edges in self.inside.items():
            for edge in [edge for edge in edges if edge.site.switches_to is Runs.EVENT_LOOP]:
                target = edge.target
                assert type(target) is Activation
                kind = _kind_of(edge.site, target) if target.function not in self._named else ""
                if kind:
                    yield (kind, target.function.name, target.file, target.function), (target,)
            made = [edge for edge in edges if _makes_coroutine(edge)]
            called = self._graph.edges[activation] if made else ()
            starting = [edge.site.span for edge in called if _is_starter(edge)]
            waited = waits(activation.function) if starting else frozenset()
            for edge in made if starting else ():
                target = edge.target
                assert type(target) is Activation
                if target.function not in self._named:
                    if any(_covers(outer, edge.site.span) for outer in starting if outer not in waited):
                        yield ("task", target.function.name, target.file, target.function), (target,)


def _makes_coroutine(edge: Edge) -> bool:
    target = edge.target
    return edge.site.via is Via.CALL and type(target) is Activation and target.function.is_async


def _is_starter(edge: Edge) -> bool:
    """Whether a call makes tasks; one that is awaited at once is part of what its caller does."""
    return starts_of(edge) is Starts.TASKS


def _kind_of(site: CallSite, target: Activation) -> str:
    """How the loop is told to enter a function, "" if it is not."""
    if site.phase is Phase.STARTUP:
        return "main" if site.via is Via.AWAIT else "startup"
    if site.via is not Via.CALLBACK:
        return ""
    return "task" if target.function.is_async else "callback"


def _covers(outer: Span, inner: Span) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
