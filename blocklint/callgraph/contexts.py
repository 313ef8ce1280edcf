"""Where functions run: along every edge the thread of the caller, unless the edge switches."""

from __future__ import annotations

from blocklint.callgraph.complete import Complete, CompleteInference
from blocklint.callgraph.places import runs_on
from blocklint.facts import records as r
from blocklint.flow.binding import of_definition
from blocklint.flow.edges import Edge
from blocklint.flow.names import decorated
from blocklint.flow.scope_frames import ScopeFrame
from blocklint.frameworks.served import served
from blocklint.model import Runs
from blocklint.project.definitions import Definition
from blocklint.project.values import Activation, FunctionObject

Places = frozenset[Runs]
NOWHERE: Places = frozenset()
ON_LOOP: Places = frozenset({Runs.EVENT_LOOP})


class Contexts:
    """The threads in which each activation of a project is reached.

    A coroutine runs on a loop wherever it was made; a function that a comment speaks of runs where
    that says; what nobody calls, and no framework, runs nowhere.
    """

    def __init__(self, graph: Complete) -> None:
        self._fixed = _fixed(graph)
        self._places: dict[Activation, Places] = {}
        handlers = _handlers(graph.inference)
        pending = []
        for activation in graph.edges:
            at_first = self._of_body(activation.function) or handlers.get(activation.function, NOWHERE)
            self._places[activation] = at_first
            pending.append(activation)
        while pending:
            activation = pending.pop()
            for edge in graph.edges[activation]:
                target = edge.target
                if isinstance(target, Activation) and target in self._places:
                    reached = self._places[target] | self.behind(activation, edge)
                    if reached != self._places[target]:
                        self._places[target] = reached
                        pending.append(target)

    def of(self, activation: Activation) -> Places:
        """The threads in which an activation is reached."""
        return self._places.get(activation, NOWHERE)

    def behind(self, caller: Activation, edge: Edge) -> Places:
        """The threads in which the callee of an edge runs because of it."""
        if isinstance(edge.target, Activation):
            own = self._of_body(edge.target.function)
            if own:
                return own
        switched = edge.site.switches_to
        return self.of(caller) if switched is None else frozenset({switched})

    def _of_body(self, function: r.Function) -> Places:
        """Where a function runs whoever calls it, nothing if that depends."""
        fixed = self._fixed.get(function)
        if fixed is not None:
            return fixed
        return ON_LOOP if function.is_async else NOWHERE


def _fixed(graph: Complete) -> dict[r.Function, Places]:
    return {function: frozenset({runs}) for function, runs in runs_on(graph.inference.project).items()}


def _handlers(inference: CompleteInference) -> dict[r.Function, Places]:
    """The functions that libraries call, because they are registered or named as these want."""
    handlers, project = inference.handlers, inference.project
    found = {each.function: ON_LOOP for entered in served(inference).values() for each in entered}
    for file in project.modules:
        for definition in project.definitions[file]:
            runs = handlers.runs(definition)
            if runs is not None and not (runs is Runs.WORKER_THREAD and _is_moved(inference, definition)):
                found[definition.function] = frozenset({runs})
    return found


def _is_moved(inference: CompleteInference, definition: Definition) -> bool:
    """Whether a decorator makes a coroutine function of a ``def``: that is what the library is given."""
    if not definition.function.decorators:
        return False
    own = of_definition(definition)
    frame = ScopeFrame(inference, own.file, own.closure, own.owner, own.owner)
    function = FunctionObject(own.file, own.function, own.closure, None, own.owner)
    made = decorated(frame, (function,), own.function.decorators)
    return any(isinstance(value, FunctionObject) and value.function.is_async for value in made)
