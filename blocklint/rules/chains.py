"""The way from a site down to what blocks, walked out of the effects, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from blocklint.callgraph.effects import Effects
from blocklint.flow.edges import Edge
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import FunctionKey, Hop
from blocklint.project.values import Activation

MOST_NAMES = 5
"""A message names this many functions of a chain at most; longer ways are cut in the middle."""

Show = Callable[[FunctionKey], str]


def chain(caller: Activation, edge: Edge, found: Effects, show: Show) -> tuple[Hop, ...]:
    """The hops from a site to the library call at the end of its witness."""
    hops: list[Hop] = []
    while True:
        key, target = caller.key(), edge.target
        line, column = edge.site.place
        name = shown(target, show)
        hops.append(Hop(show(key), name, key.file, line, column, edge.site.via))
        if not isinstance(target, Activation):
            return tuple(hops)
        caller, edge = target, found[target].edge


def shown(target: Activation | LibraryCallable | None, show: Show) -> str:
    """A callee's name: as shown for a function of the project, dotted for a library's."""
    if isinstance(target, LibraryCallable):
        return target.name
    return show(target.key()) if target is not None else "unknown"


def message(code: str, culprit: str, hops: Sequence[Hop], also: int) -> str:
    """One line: what blocks, the way down, and where its end is."""
    text = f"{code} {culprit}() blocks the event loop"
    if len(hops) > 1:
        names = [brief(hop.callee) for hop in hops]
        if len(names) > MOST_NAMES:
            names = [*names[:2], "...", *names[-2:]]
        text += f": {' -> '.join(names)} ({hops[-1].path}:{hops[-1].line})"
    return f"{text} (+{also} more)" if also else text


def brief(name: str) -> str:
    """A name without its module: ``Repo.find``; of a library's the last two parts."""
    if ":" in name:
        return name.rpartition(":")[2]
    return ".".join(name.split(".")[-2:])
