"""``blocklint routes``: the routes of the given paths' projects, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from blocklint.analysis.projects import OpenProject, open_projects
from blocklint.analysis.relocation import from_here, mover
from blocklint.model import Finding, SourceError
from blocklint.rules.route_trees import Node, Route, Routes, route_trees, worst_first
from blocklint.rules.selection import Selection
from blocklint.rules.suppression import unsuppressed
from blocklint.settings import Overrides


def routes_of(
    paths: Iterable[str | Path], *, overrides: Overrides, cache: bool = True
) -> tuple[Routes, tuple[SourceError, ...]]:
    """The routes whose handlers stand in the given files and folders, paths from the working directory.

    The findings are those that ``check`` shows for the whole of each project. Also gives the files
    that could not be read or parsed. Raises UsageError.
    """
    routes: list[Route] = []
    middlewares: list[Node] = []
    merged = Routes((), (), ())
    errors: list[SourceError] = []
    for opened in open_projects(paths, overrides=overrides, cache=cache):
        found = _shown(opened)
        shift, moved = len(merged.findings), mover(str(opened.source.root))
        routes += [msgspec.structs.replace(r, handler=_moved(r.handler, moved, shift)) for r in found.routes]
        middlewares += [_moved(node, moved, shift) for node in found.middlewares]
        findings, failed = from_here(str(opened.source.root), found.findings, opened.errors)
        merged = Routes((), (), (*merged.findings, *findings))
        scope = opened.source.scope()
        errors += [
            here for here, there in zip(failed, opened.errors, strict=True) if scope.covers(there.path)
        ]
    routes.sort(key=worst_first)
    return Routes(tuple(routes), tuple(middlewares), merged.findings), tuple(sorted(errors))


def _shown(opened: OpenProject) -> Routes:
    """The routes of one project under the given paths, with the findings that ``check`` would show."""
    scope, selection = opened.source.scope(), Selection(opened.source.settings)
    directives = {file: facts.directives for file, facts in opened.project.modules.items()}

    def counts(finding: Finding) -> bool:
        return selection.shows(finding) and bool(unsuppressed((finding,), directives))

    found = route_trees(opened.project, opened.words(), counts)
    routes = tuple(route for route in found.routes if route.handler.path and scope.covers(route.handler.path))
    around = tuple(node for node in found.middlewares if node.path and scope.covers(node.path))
    return Routes(routes, around, found.findings)


def _moved(node: Node, moved: Callable[[str], str], shift: int) -> Node:
    return msgspec.structs.replace(
        node,
        path=moved(node.path) if node.path else None,
        blocks=tuple(number + shift for number in node.blocks),
        dependencies=tuple(_moved(below, moved, shift) for below in node.dependencies),
    )
