"""LAG903: an import inside a coroutine runs a module's body, which blocks the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from blocklint.callgraph.complete import complete
from blocklint.callgraph.effects import Effect, Kind, Sites, effects
from blocklint.callgraph.graph import CallGraph
from blocklint.facts import records as r
from blocklint.flow.binding import default
from blocklint.flow.edges import CallSite
from blocklint.flow.inference import Inference
from blocklint.knowledge.words import Words
from blocklint.model import Blocks, Certainty, Hop, Via
from blocklint.project.index import Project
from blocklint.project.scopes import scope_statements
from blocklint.project.uses import last_name
from blocklint.project.values import Activation, FunctionObject
from blocklint.rules.chains import Chains
from blocklint.rules.reporting import Located, Reporter

CODE = "LAG903"
HINT = "import it at the top of a module, so that its body runs before serving"


def find(inference: Inference, graph: CallGraph, words: Words) -> list[Located]:
    """The findings at import statements in coroutines. Only what nothing imports at its top runs there."""
    project = inference.project
    early = {
        file for each in project.modules for file in _imported(project, each, _top(project, each))
    }
    late: list[tuple[Activation, r.Import, str]] = []
    for activation in graph.on_loop:
        if activation.function.is_async:
            imports = [each for each in scope_statements(activation.function.body) if type(each) is r.Import]
            late += [
                (activation, each, file)
                for each in imports
                for file in _imported(project, activation.file, [each])
                if file not in early and file in project.modules and not _is_loaded(activation.file, file)
            ]
    if not late:
        return []
    reporter, bodies = Reporter(project, CODE), _Bodies(project, words)
    for activation, node, file in late:
        for kind, effect in bodies.blocking(file):
            key = activation.key()
            site = CallSite(node.span, None, Via.CALL)
            name = project.module_name(file)
            hops = bodies.chain(kind, file, effect)
            first = Hop(project.show(key), name, key.file, *node.span[:2], Via.CALL)
            said = f"importing {name} here runs its body, which blocks: {effect.culprit}"
            phase = graph.phase_at(activation, node.span[:2])
            reporter.add(
                key, site, said, (first, *hops), phase, HINT, kind.blocks.value, effect.certainty, activation
            )
    return reporter.findings()


def _top(project: Project, file: str) -> list[r.Import]:
    """What a module imports when it is imported itself, but for what is for types only."""
    listed = scope_statements(project.modules[file].body.body)
    for_types = {
        id(inner)
        for each in listed
        if type(each) is r.If
        for branch in each.branches
        if last_name(branch.test) == "TYPE_CHECKING"
        for inner in scope_statements(branch.body)
    }
    return [each for each in listed if type(each) is r.Import and id(each) not in for_types]


def _is_loaded(importer: str, file: str) -> bool:
    """Whether a module has been imported before another one can be: the packages around that."""
    return file.endswith("__init__.py") and importer.startswith(file.removesuffix("__init__.py"))


def _imported(project: Project, importer: str, imports: list[r.Import]) -> Iterator[str]:
    """The project's modules whose bodies some statements run."""
    for node in imports:
        if node.is_from:
            base = project.import_base(importer, node.level, node.module)
            if base is not None:
                yield base
                for alias in node.names:
                    inner = project.submodule(base, alias.name)
                    if inner is not None:
                        yield inner
        else:
            for alias in node.names:
                found = project.find_module(alias.name, importer)
                if found is not None:
                    yield found


class _Bodies:
    """What the bodies of modules do; they are interpreted only if somebody asks."""

    def __init__(self, project: Project, words: Words) -> None:
        self._project = project
        edges = complete(project, words).edges
        graph = CallGraph(edges, {})
        self._found = effects(graph, Sites(graph))

    def blocking(self, file: str) -> list[tuple[Kind, Effect]]:
        """How the body of a module blocks most surely: one way at most, likely ones at least."""
        body = self._body(file)
        found = [
            (-found.certainty, found.distance, kind, found)
            for kind, behind in self._found.items()
            if kind.blocks not in (Blocks.METADATA, Blocks.LOOP) and (found := behind.get(body)) is not None
            and found.certainty >= Certainty.LIKELY
        ]  # fmt: skip
        return [min(found, key=lambda item: item[:3])[2:]] if found else []

    def chain(self, kind: Kind, file: str, effect: Effect) -> tuple[Hop, ...]:
        """The way from a module's body to what blocks."""
        return Chains(self._found[kind], self._project.show).of(self._body(file), effect.edge)

    def _body(self, file: str) -> Activation:
        return default(FunctionObject(file, self._project.modules[file].body))


