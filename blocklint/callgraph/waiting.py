"""What calls lead to, and which of them their callers wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from blocklint.flow.edges import Edge
from blocklint.model import Runs, Via
from blocklint.project.values import Activation

Calls = dict[Activation, list[tuple[Edge, Activation]]]
"""The edges that lead to functions of the project, with those."""


def is_waited_for(edge: Edge) -> bool:
    """Whether the caller goes on only when the target is done: not for a task or a callback on the loop."""
    if not isinstance(edge.target, Activation):
        return True
    return not (is_callback(edge) or (edge.target.function.is_async and edge.site.via is Via.CALL))


def is_callback(edge: Edge) -> bool:
    """Whether the loop calls the target on its own, when it comes to it: mostly while it serves."""
    site = edge.site
    return site.via is Via.CALLBACK and site.switches_to is Runs.EVENT_LOOP and site.phase is None


def closure(
    calls: Calls,
    roots: Iterable[Activation],
    follows: Callable[[Activation, Edge], bool] | None = None,
) -> dict[Activation, None]:
    """What is reached from the roots over the edges that are followed, by default over all."""
    found: dict[Activation, None] = {}
    pending = list(roots)
    while pending:
        activation = pending.pop()
        if activation not in found:
            found[activation] = None
            pending += [
                target
                for edge, target in calls.get(activation, ())
                if target not in found and (follows is None or follows(activation, edge))
            ]
    return found
