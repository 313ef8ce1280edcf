"""Where to begin: the few functions whose repair removes most findings."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from blocklint.model import Finding
from blocklint.project.installed import INSTALLED


class Repair(msgspec.Struct, frozen=True):
    """A project function and the findings whose chains pass through it.

    ``path`` and ``line`` are those of the call in it that leads on to what blocks.
    """

    function: str
    path: str
    line: int
    findings: tuple[Finding, ...]


def repairs(findings: Sequence[Finding]) -> list[Repair]:
    """Share out all findings among functions on their chains, those that remove most first.

    Greedy: the function that most of the remaining chains have in common; among equals the one
    nearest to the culprits, then the first by name.
    """
    members: defaultdict[str, dict[int, tuple[int, str, int]]] = defaultdict(dict)
    for index, finding in enumerate(findings):
        for distance, hop in enumerate(reversed(finding.chain)):
            if hop.path.startswith(INSTALLED):
                continue  # nobody repairs what is installed
            members[hop.function].setdefault(index, (distance, hop.path, hop.line))
    queue = [_priority(name, reached) for name, reached in members.items()]
    heapq.heapify(queue)
    found = []
    while queue:
        count, _, name = heapq.heappop(queue)
        reached = members[name]
        if not reached:
            continue
        if -count != len(reached):
            heapq.heappush(queue, _priority(name, reached))
            continue
        _, path, line = min(reached.values())
        found.append(Repair(name, path, line, tuple(findings[index] for index in reached)))
        for index in list(reached):
            for hop in findings[index].chain:
                members[hop.function].pop(index, None)
    return found


def _priority(name: str, reached: dict[int, tuple[int, str, int]]) -> tuple[int, float, str]:
    distance = sum(distance for distance, _, _ in reached.values()) / max(1, len(reached))
    return -len(reached), distance, name
