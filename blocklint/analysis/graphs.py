"""``blocklint graph``: the call graphs of the given paths' projects as one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from blocklint.analysis.projects import OpenProject, open_projects
from blocklint.analysis.relocation import mover
from blocklint.callgraph.complete import complete
from blocklint.callgraph.description import DescribedEdge, DescribedFunction, Description, description
from blocklint.callgraph.ways import all_names, named, of_files, on_ways
from blocklint.model import SourceError
from blocklint.project.files import Scope
from blocklint.project.roots import find_bare_root
from blocklint.settings import Overrides, UsageError, nearest

MOST_MEANT = 5


class UnknownFunction(UsageError):
    """A name that no function has, or several: with the nearest one, or all of them."""


def graph_paths(
    paths: Iterable[str | Path],
    *,
    overrides: Overrides,
    start: str | None = None,
    end: str | None = None,
    cache: bool = True,
) -> tuple[Description, tuple[SourceError, ...]]:
    """The call graph of the given files and folders, paths relative to the working directory.

    With ``start`` or ``end``, what lies on the ways from and to that function, through any file
    of the project. Also gives the files that could not be read or parsed. Raises UsageError.
    """
    functions: dict[str, DescribedFunction] = {}
    edges: list[DescribedEdge] = []
    errors: list[SourceError] = []
    through_all = start is not None or end is not None
    for opened in open_projects(paths, overrides=overrides, cache=cache, root_of=find_bare_root):
        found = description(complete(opened.project, opened.words()))
        scope = opened.source.scope()
        moved = mover(str(opened.source.root))
        found = _distinct(found, functions, opened)
        found = of_files(found, scope.is_own if through_all else _reported(opened, scope))
        functions |= {n: _moved_function(f, moved) for n, f in found.functions.items()}
        edges += [msgspec.structs.replace(edge, path=moved(edge.path)) for edge in found.edges]
        errors += [
            SourceError(moved(e.path), e.line, e.message) for e in opened.errors if scope.covers(e.path)
        ]
    merged = Description(functions, tuple(sorted(edges)))
    if through_all:
        merged = on_ways(merged, _meant(merged, start, "--from"), _meant(merged, end, "--to"))
    return merged, tuple(sorted(errors))


def _reported(opened: OpenProject, scope: Scope) -> Callable[[str], bool]:
    """Whose calls are shown where no way is asked for: the given files', not those of what is installed."""
    return lambda path: opened.project.is_own(path) and scope.covers(path)


def _moved_function(function: DescribedFunction, moved: Callable[[str], str]) -> DescribedFunction:
    return msgspec.structs.replace(function, path=moved(function.path))


def _distinct(
    found: Description, taken: dict[str, DescribedFunction], opened: OpenProject
) -> Description:
    """The graph with the root's folder before names that another root has too."""
    if not taken.keys() & found.functions.keys():
        return found
    prefix = os.path.relpath(opened.source.root)

    def rename(name: str) -> str:
        return f"{prefix}::{name}" if name in taken and name in found.functions else name

    edges = [
        msgspec.structs.replace(edge, caller=rename(edge.caller), callee=rename(edge.callee))
        for edge in found.edges
    ]
    return Description({rename(n): f for n, f in found.functions.items()}, tuple(edges))


def _meant(graph: Description, given: str | None, option: str) -> str | None:
    """The one name that is meant; raises UnknownFunction."""
    if given is None:
        return None
    meant = named(graph, given)
    if len(meant) == 1:
        return meant[0]
    if meant:
        more = f" and {len(meant) - MOST_MEANT} more" if len(meant) > MOST_MEANT else ""
        raise UnknownFunction(f'{option} "{given}" may be {", ".join(meant[:MOST_MEANT])}{more}')
    names = list(all_names(graph))
    hint = nearest(given, names) or nearest(given, names, lambda name: name.rpartition(":")[2])
    raise UnknownFunction(f'{option}: there is no function "{given}" in the graph{hint}')
