"""The values of local names at one place, and how they meet where ways do."""

from __future__ import annotations

from blocklint.facts import records as r
from blocklint.flow.containers import is_container, merged
from blocklint.flow.frames import BodyFrame
from blocklint.flow.narrowing import narrowing
from blocklint.project.bounds import matters
from blocklint.project.values import NOTHING, Values, union

Env = dict[str, Values]


def join(left: Env | None, right: Env | None) -> Env | None:
    """The values of names where two ways meet."""
    if left is None or right is None:
        return right if left is None else left
    if left is right:
        return left
    joined = dict(left)
    for name, values in right.items():
        before = joined.get(name)
        if before is None:
            joined[name] = values
        elif before is not values:
            both = union(before, values)
            joined[name] = merged(both) if len(both) > 1 else both
    return joined


def assume(frame: BodyFrame, test: r.Expression) -> None:
    """Go on only where a test holds."""
    holds = narrowing(frame, test, True)
    if holds and frame.env is not None:
        frame.env = {**frame.env, **holds} if all(holds.values()) else None


def copied(env: Env | None) -> Env | None:
    """A copy, None where no way leads."""
    return None if env is None else dict(env)


def carries(frame: BodyFrame, node: r.Loop, before: Env) -> bool:
    """Whether a round of a loop gives the next one values that can change what it does.

    What it only puts into a container does not: the container must be read in the loop as well.
    """
    after = frame.env or {}
    for name, values in before.items():
        now = after.get(name, NOTHING)
        if now is values:
            continue
        fresh = [value for value in now if value not in values and matters(value)]
        if fresh and not all(map(is_container, fresh)):
            return True
        if fresh and name in frame.inference.project.uses.names_read(node):
            return True
    return False
