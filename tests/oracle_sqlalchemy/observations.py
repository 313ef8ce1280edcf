"""What the execution of an entry showed. This module and those that judge need no SQLAlchemy."""

from __future__ import annotations

from typing import NamedTuple


class Seen(NamedTuple):
    """One call in one state: the kinds of driver calls or the error, and the class of what came out.

    ``fits`` is whether that is of the type that the catalogue gives.
    """

    state: str
    events: list[str]
    error: str
    result: str = ""
    fits: bool = True


class Observation(NamedTuple):
    """All that one version showed of an entry; not ``exists``: it has no such name."""

    exists: bool
    seen: list[Seen]
