"""The way from a site down to what blocks, walked out of the effects, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from blocklint.callgraph.effects import Effects
from blocklint.flow.edges import Edge
from blocklint.knowledge.records import LibraryCallable
from blocklint.model import FunctionKey, Hop, Via
from blocklint.project.values import Activation
from blocklint.rules.codes import BY_CODE

MOST_NAMES = 5
"""A message names this many functions of a chain at most; longer ways are cut in the middle."""

Show = Callable[[FunctionKey], str]


class Chains:
    """The hops from sites to the library calls at the end of their witnesses, for one kind of waiting.

    Many sites lead into the same function, from where on their chains are the same.
    """

    def __init__(self, found: Effects, show: Show) -> None:
        self._found = found
        self._show = show
        self._first: dict[Activation, Hop] = {}

    def of(self, caller: Activation, edge: Edge) -> tuple[Hop, ...]:
        """The chain that starts with an edge."""
        hops = [self._hop(caller, edge)]
        target = edge.target
        while type(target) is Activation:
            edge = self._found[target].edge
            hop = self._first.get(target)
            if hop is None:
                hop = self._first[target] = self._hop(target, edge)
            hops.append(hop)
            target = edge.target
        return tuple(hops)

    def end(self, edge: Edge) -> LibraryCallable | None:
        """The library call at the end of the chain that starts with an edge."""
        while isinstance(edge.target, Activation):
            edge = self._found[edge.target].edge
        return edge.target

    def _hop(self, caller: Activation, edge: Edge) -> Hop:
        key = caller.key()
        line, column = edge.site.place
        name = shown(edge.target, self._show)
        return Hop(self._show(key), name, key.file, line, column, edge.site.via)


def shown(target: Activation | LibraryCallable | None, show: Show) -> str:
    """A callee's name: as shown for a function of the project, dotted for a library's."""
    if type(target) is Activation:
        return show(target.key())
    return target.name if type(target) is LibraryCallable else "unknown"


def message(code: str, culprit: str, hops: Sequence[Hop], also: int, raises: str = "") -> str:
    """One line: what blocks, or ``raises`` that exception instead, the way down, and where its end is."""
    does = f"raises {raises} on the event loop" if raises else BY_CODE[code].effect
    is_called = hops[-1].via is not Via.ATTRIBUTE and " " not in culprit  # a "for loop" is not called
    text = f"{code} {culprit}{'()' if is_called else ''} {does}"
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
