"""What the execution of an entry showed. This module and those that judge need no SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MISSING_GREENLET = "MissingGreenlet"


class Seen(NamedTuple):
    """One call in one state: the kinds of driver calls or the error, and the class of what came out.

    ``fits`` is whether that is of the type that the catalogue gives. Of what is bound to an async engine,
    ``error`` is that of the call in a coroutine; ``bridged`` and ``failure`` are the driver calls and the
    error inside ``run_sync``, ``result`` and ``fits`` what comes out there.
    """

    state: str
    events: list[str]
    error: str
    result: str = ""
    fits: bool = True
    bridged: Sequence[str] = ()
    failure: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether it raised MissingGreenlet, by itself or as the cause of a StatementError or a DBAPIError."""
        return self.error.startswith(MISSING_GREENLET) or f"(sqlalchemy.exc.{MISSING_GREENLET})" in self.error

    @property
    def needs_database(self) -> bool:
        """Whether it reached the database, or was refused because it would have to."""
        return bool(self.events) or self.is_refused


class Observation(NamedTuple):
    """All that one version showed of an entry; not ``exists``: it has no such name."""

    exists: bool
    seen: list[Seen]
