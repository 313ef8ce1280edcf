"""What runs of a library showed of the names in its catalogue file: for ``blocklint knowledge show``.

The files in ``evidence/`` are written by the oracles in ``tests/``, never by hand;
``check`` does not read them.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

FOLDER = Path(__file__).parent / "evidence"


class Evidence(msgspec.Struct, frozen=True):
    """What was seen of one name.

    ``since`` and ``until`` are the first and the last release with it (``until`` is "" if the newest has
    it). ``waits`` and ``rests`` are the states of the receiver in which a call did reach the database and in
    which it did not, of the newest version in which it was executed. ``unverified`` says why it never was.
    ``raises`` is the exception that stands for waiting: an object of an async engine was used in a coroutine.
    """

    since: str = ""
    until: str = ""
    waits: str = ""
    rests: str = ""
    unverified: str = ""
    raises: str = ""

    @property
    def verdict(self) -> str:
        """Always, may or never; "" if it was never executed."""
        if self.unverified:
            return ""
        return ("may" if self.rests else "always") if self.waits else "never"


class Run(msgspec.Struct, frozen=True):
    """All evidence about a library: the versions that were run, and the names."""

    versions: tuple[str, ...]
    names: dict[str, Evidence]


def evidence_for(package: str) -> Run | None:
    """What the runs showed of an imported package, None if there was none."""
    # Imported here because only one command asks, and it is slow to import.
    import tomllib

    file = FOLDER / f"{package}.toml"
    if not file.is_file():
        return None
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Run)
