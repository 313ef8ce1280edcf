"""Whether a coroutine function needs the event loop, or could as well be a ``def``."""

from __future__ import annotations

from blocklint.callgraph.graph import CallGraph
from blocklint.facts import records as r
from blocklint.facts.walk import expressions
from blocklint.flow.edges import Edge
from blocklint.flow.inference import Inference
from blocklint.flow.scope_frames import LazyFrame
from blocklint.memo import Memo
from blocklint.model import Runs, Via
from blocklint.project.definitions import Definition
from blocklint.project.scopes import scope_statements
from blocklint.project.values import Activation, LibraryInstance

LOOP_LIBRARIES = ("asyncio", "anyio", "trio", "curio", "uvloop")
"""What comes from these belongs to the thread of the loop, or to the task that runs on it."""

_API = frozenset({
    "Condition", "Event", "Future", "Lock", "Queue", "Semaphore", "Task", "as_completed", "create_task",
    "create_task_group", "current_task", "gather", "get_event_loop", "get_running_loop", "new_event_loop",
    "run", "run_coroutine_threadsafe", "shield", "sleep", "timeout", "wait", "wait_for", "wrap_future",
})  # fmt: skip
"""What is called of them: where none of these names is, the body need not be read."""

_ROOTS = frozenset(name.partition(".")[0] for name in LOOP_LIBRARIES)

_TOUCHING = frozenset(
    {"call_at", "call_later", "call_soon", "create_task", "ensure_future", "run_in_executor"}
)
"""Methods of loops, on whatever receiver."""


class LoopNeeds:
    """Answers for one call graph."""

    def __init__(self, inference: Inference, graph: CallGraph) -> None:
        self._inference = inference
        self._graph = graph
        modules = inference.project.modules.values()
        self._has_contexts = any("contextvars" in facts.imported for facts in modules)
        self._own: Memo[Activation, bool] = Memo(self._needs_itself)
        self._free: set[Activation] = set()  # neither they nor what they call need it
        self._edges_into: dict[r.Function, list[tuple[Activation, Edge]]] | None = None
        self._loop_names: Memo[str, frozenset[str]] = Memo(self._names_of_loop)

    def definition(self, activation: Activation) -> Definition | None:
        """Where a function is defined, None for a lambda."""
        return self._inference.project.definition_of[activation.file].get(activation.function)

    def edges_into(self, function: r.Function) -> list[tuple[Activation, Edge]]:
        """The edges that lead to a function, in whatever activation, with their callers."""
        if self._edges_into is None:
            self._edges_into = {}
            for caller, edges in self._graph.edges.items():
                for edge in edges:
                    if type(edge.target) is Activation:
                        self._edges_into.setdefault(edge.target.function, []).append((caller, edge))
        return self._edges_into.get(function, [])

    def is_only_awaited(self, function: r.Function) -> bool:
        """Whether a coroutine function is called, and awaited at once wherever it is."""
        edges = self.edges_into(function)
        awaited = {(caller, edge.site.span) for caller, edge in edges if edge.site.via is Via.AWAIT}
        return bool(edges) and all(
            edge.site.via in (Via.AWAIT, Via.CALL) and (caller, edge.site.span) in awaited
            for caller, edge in edges
        )

    def needs(self, activation: Activation) -> bool:
        """Whether a function, or what it calls in its own thread, needs the loop."""
        seen: set[Activation] = set()
        pending = [activation]
        while pending:
            current = pending.pop()
            if current in seen or current in self._free:
                continue
            seen.add(current)
            if self._own[current]:
                return True
            for edge in self._graph.edges.get(current, ()):
                target = edge.target
                if type(target) is Activation:
                    if target.function.is_async:
                        return True
                    if edge.site.switches_to is None:
                        pending.append(target)
        self._free |= seen
        return False

    def runs_in_thread_as_def(self, activation: Activation) -> bool:
        """Whether all that call a coroutine function would run a ``def`` in a thread: FastAPI's way."""
        function = activation.function
        definition = self.definition(activation)
        if definition is None or function.owner:
            return False
        handlers = [self._inference.handlers.registering(definition, each) for each in function.decorators]
        if not all(each is not None and each.runs is Runs.WORKER_THREAD for each in handlers):
            return False
        edges = self.edges_into(function)
        return bool(handlers or edges) and all(edge.site.via is Via.DEPENDS for _, edge in edges)

    def _needs_itself(self, activation: Activation) -> bool:
        function = activation.function
        if function.awaits or not _TOUCHING.isdisjoint(function.called):
            return True
        if function.has_definitions and _defines_coroutine(function):
            return True
        if "set" in function.called and self._has_contexts and self._sets_context(activation):
            return True
        if not _ROOTS.isdisjoint(function.bound):
            return True  # it imports it itself
        names = self._loop_names[activation.file]
        if not names:
            return False
        parts: list[object] = [parameter.annotation for parameter in function.parameters]
        if not (_API | names).isdisjoint(function.called):
            parts.append(function.body)
        return any(type(each) is r.Name and each.name in names for each in expressions(parts))

    def _sets_context(self, activation: Activation) -> bool:
        """Whether a body sets a context variable: what is set in a thread is not seen outside."""
        frame = LazyFrame(self._inference, activation)
        for each in expressions(activation.function.body):
            if type(each) is r.Call and type(each.callee) is r.Attribute and each.callee.name == "set":
                for value in self._inference.evaluate(frame, each.callee.value):
                    if type(value) is LibraryInstance and value.name == "contextvars.ContextVar":
                        return True
        return False

    def _names_of_loop(self, file: str) -> frozenset[str]:
        """The names that a module imports of what belongs to the loop; mostly none."""
        facts = self._inference.project.modules[file]
        if _ROOTS.isdisjoint(name.partition(".")[0] for name in facts.imported):
            return frozenset()
        return frozenset(
            name
            for name, bindings in self._inference.project.bindings[file].items()
            for binding in bindings
            if binding.imported is not None and _imports_loop(binding.statement, binding.imported)
        )


def _defines_coroutine(function: r.Function) -> bool:
    return any(
        type(each) is r.DefineFunction and each.function.is_async for each in scope_statements(function.body)
    )


def _imports_loop(statement: r.Statement, alias: r.Alias) -> bool:
    if type(statement) is not r.Import or statement.level:
        return False
    return _is_of_loop(statement.module if statement.is_from else alias.name)


def _is_of_loop(name: str) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in LOOP_LIBRARIES)
