"""What comments and settings say of the call graph: where functions run, what blocks, what is allowed.

The graph is as the code says. What people say of it is laid over it here, before effects are computed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from blocklint.callgraph.graph import Edges
from blocklint.callgraph.places import runs_on
from blocklint.flow.base import Inference
from blocklint.flow.edges import Edge, Told
from blocklint.flow.told import EVERYTHING
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import Blocks, Via
from blocklint.project.index import Project
from blocklint.project.naming import dotted_name
from blocklint.project.values import Activation
from blocklint.settings import Allowance

Allowed = frozenset[Blocks]
NONE_ALLOWED: Allowed = frozenset()


class Spoken:
    """Everything that is said of one project.

    ``allowed`` are the kinds of waiting that comments let pass, by file and line.
    """

    def __init__(
        self, inference: Inference, allow: Iterable[Allowance], allowed: Mapping[tuple[str, int], Allowed]
    ) -> None:
        self._project: Project = inference.project
        self._told: Told = inference.told
        self._runs = runs_on(inference.project)
        self._allowances = Allowances(allow)
        self._allowed = allowed
        self._files = {file for file, _ in allowed}

    def over(self, edges: Edges) -> Edges:
        """The edges as they are with all that is said."""
        if not (self._told.functions or self._runs or self._allowed or self._allowances):
            return edges
        return {activation: self._of(activation, listed) for activation, listed in edges.items()}

    def _of(self, activation: Activation, edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
        if activation.function in self._told.harmless:
            return ()
        by_line = activation.file in self._files
        names = names_of(self._project, activation.file, activation.function.name)
        may = self._allowances.within(names)
        if not (by_line or may or self._told.blocking or self._runs):
            return edges
        return tuple(self._one(activation, edge, by_line, may) for edge in edges)

    def _one(
        self, activation: Activation, edge: Edge, by_line: bool, may: tuple[re.Pattern[str], ...]
    ) -> Edge:
        site, target = edge.site, edge.target
        allowed = site.allowed
        if by_line:
            lines = range(site.span[0], site.span[2] + 1)
            allowed = allowed.union(*(self._allowed.get((activation.file, n), NONE_ALLOWED) for n in lines))
        if may and any(pattern.fullmatch(name) for name in self._callees(edge) for pattern in may):
            allowed = EVERYTHING
        if allowed is not site.allowed:
            site = msgspec.structs.replace(site, allowed=allowed)
        if isinstance(target, Activation):
            runs = self._runs.get(target.function)
            if runs is not None:
                site = msgspec.structs.replace(site, switches_to=runs)
            blocking = self._told.blocking.get(target.function)
            if blocking is not None and runs is None and is_run(edge, target):
                target = blocking
        if site is edge.site and target is edge.target:
            return edge
        return Edge(site, target, edge.reason)

    def _callees(self, edge: Edge) -> tuple[str, ...]:
        """The names of what an edge enters, as allowances may write them."""
        match edge.target:
            case Activation() as target:
                return names_of(self._project, target.file, target.function.name)
            case LibraryCallable(name=name):
                return (name, name.removeprefix("builtins."))
            case None:
                return ()


def is_run(edge: Edge, target: Activation) -> bool:
    """Whether an edge runs its target: the call of a coroutine function only makes the coroutine."""
    return not target.function.is_async or edge.site.via is not Via.CALL


def names_of(project: Project, file: str, qualified: str) -> tuple[str, ...]:
    """The names of a function: ``app.repo.Repo.find``, and with its source root ``backend::app.repo…``."""
    dotted = dotted_name(project, file, qualified)
    return dotted, f"{project.source_root(file)}::{dotted}"


class Allowances:
    """The settings' ``[[tool.blocklint.allow]]``."""

    def __init__(self, allow: Iterable[Allowance]) -> None:
        by_place: defaultdict[str, list[re.Pattern[str]]] = defaultdict(list)
        for allowance in allow:
            by_place[allowance.within].append(pattern(allowance.call))
        self._by_place = [(pattern(within), tuple(calls)) for within, calls in by_place.items()]

    def __bool__(self) -> bool:
        return bool(self._by_place)

    def within(self, names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
        """The patterns for the calls that are allowed in a function of these names."""
        return tuple(
            call
            for within, calls in self._by_place
            if any(within.fullmatch(name) for name in names)
            for call in calls
        )


def pattern(text: str) -> re.Pattern[str]:
    """A pattern for dotted names; ``app.repo:Repo.find``, as it is shown, means the same with a dot."""
    root, found, name = text.partition("::")
    dotted = root + found + name.replace(":", ".") if found else text.replace(":", ".")
    return re.compile(".*".join(map(re.escape, dotted.split("*"))))
