"""Parts of a described call graph: what lies on the ways from one function or to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from blocklint.callgraph.description import DescribedEdge, Description


def named(description: Description, given: str) -> list[str]:
    """The functions and library callees that a name means: itself, or all that end with it."""
    names = all_names(description)
    if given in names:
        return [given]
    return [name for name in names if name.endswith((f":{given}", f".{given}"))]


def all_names(description: Description) -> dict[str, None]:
    """The names of a graph, functions first, then library callees."""
    names = dict.fromkeys(description.functions)
    names.update(dict.fromkeys(edge.callee for edge in description.edges))
    return names


def on_ways(description: Description, start: str | None, end: str | None) -> Description:
    """What lies on the ways from ``start`` (None: from anywhere) to ``end`` (None: to anywhere)."""
    edges = description.edges
    if start is not None:
        after = _reached(edges, start, lambda edge: (edge.caller, edge.callee))
        edges = tuple(edge for edge in edges if edge.caller in after)
    if end is not None:
        before = _reached(edges, end, lambda edge: (edge.callee, edge.caller))
        edges = tuple(edge for edge in edges if edge.callee in before)
    kept = {start, end, *(name for edge in edges for name in (edge.caller, edge.callee))}
    functions = {name: f for name, f in description.functions.items() if name in kept}
    return Description(functions, edges)


def of_files(description: Description, covers: Callable[[str], bool]) -> Description:
    """The functions of some files, their edges, and the functions that those lead to."""
    edges = tuple(edge for edge in description.edges if covers(edge.path))
    called = {edge.callee for edge in edges}
    functions = {
        name: function
        for name, function in description.functions.items()
        if name in called or covers(function.path)
    }
    return Description(functions, edges)


def _reached(
    edges: Iterable[DescribedEdge], start: str, step: Callable[[DescribedEdge], tuple[str, str]]
) -> set[str]:
    following: defaultdict[str, list[str]] = defaultdict(list)
    for edge in edges:
        source, target = step(edge)
        following[source].append(target)
    found: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += following[name]
    return found
