"""The claims of the catalogue against what is installed."""

from __future__ import annotations

import inspect
import re
from importlib.metadata import PackageNotFoundError, distribution, version
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from blocklint.knowledge.catalog import LIBRARIES
from tests.oracle_names.claims import Claim, Claimed, claims, document
from tests.oracle_names.sight import find, is_callable, is_coroutine, is_property, member

REQUIREMENTS = Path(__file__).parent / "requirements"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==(\S+)$", re.MULTILINE)


class Verdict(NamedTuple):
    """One library: the releases that were looked at, how many names, and what is wrong or not to be seen."""

    file: str
    releases: tuple[str, ...]
    names: int
    faults: dict[str, str]
    recorded: frozenset[str]
    verified: str

    @property
    def unseen(self) -> bool:
        """Whether not one name could be seen: a system library is missing, for example."""
        return len(self.faults) == self.names

    @property
    def words(self) -> str:
        """What the catalogue file should say that it was verified by; "" if nothing could be seen."""
        return "" if self.unseen else f"the names in {', '.join(self.releases)}"

    @property
    def news(self) -> list[str]:
        """Where the catalogue file and this run differ."""
        if self.unseen:
            return [] if not self.verified and not self.recorded else ["nothing of it can be seen here"]
        found = [f"{name}: {fault}" for name, fault in self.faults.items() if name not in self.recorded]
        found += [f"{name}: is there, and listed as unverified" for name in self.recorded - self.faults.keys()]
        if self.verified != self.words:
            found.append(f'says verified = "{self.verified}", this is {self.words}')
        return sorted(found)


def groups() -> list[str]:
    """The names of all groups."""
    return sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))


def pinned(group: str) -> dict[str, str]:
    """The distributions of a group with their versions."""
    text = (REQUIREMENTS / f"{group}.txt").read_text(encoding="utf-8")
    return dict(_PINNED.findall(text))


def libraries(group: str) -> dict[str, tuple[str, ...]]:
    """The catalogue files of a group, with the releases that are installed. Raises RuntimeError."""
    packages_of = {name: _packages(name) for name in pinned(group)}
    found: dict[str, tuple[str, ...]] = {}
    for package in sorted(path.stem for path in LIBRARIES.glob("*.toml")):
        names = sorted(name for name, packages in packages_of.items() if package in packages)
        if names:
            found[package] = tuple(f"{name} {version(name)}" for name in names)
    for name, release in pinned(group).items():
        if f"{name} {release}" not in chain.from_iterable(found.values()):
            raise RuntimeError(f"{name} {release} is not installed here, or no catalogue file speaks of it")
    return found


def verdict(file: str, releases: tuple[str, ...]) -> Verdict:
    """Look up all names of a catalogue file."""
    told = claims(file)
    faults = {claim.dotted: fault for claim in told if (fault := _fault(claim))}
    library = document(file).library
    return Verdict(file, releases, len(told), faults, frozenset(library.unverified), library.verified)


def _fault(claim: Claim) -> str:
    """What is wrong with a claim, "" for nothing."""
    seen = find(claim.owner)
    for part in claim.path.split(".") if claim.path else ():
        seen = member(seen.value, part) if seen is not None else None
    if seen is None:
        return "cannot be seen"
    found, path = seen.value, claim.path
    match claim.kind:
        case Claimed.MODULE if not (inspect.ismodule(found) or inspect.isclass(found)):
            return "is no module"
        case Claimed.CLASS if not inspect.isclass(found):
            return "is no class"
        case Claimed.PROPERTY if not is_property(found) and seen.by == "attribute":
            return "is no property"
        case Claimed.CALL if not is_callable(found):
            return "cannot be called"
        case Claimed.CALL if is_coroutine(found) and not path.startswith("__a"):
            return "is a coroutine function"
        case Claimed.COROUTINE if not is_callable(found):
            return "cannot be called"
    return ""


def _packages(name: str) -> set[str]:
    """The names under which a distribution is imported; none if it is not installed."""
    try:
        files = distribution(name).files or ()
    except PackageNotFoundError:
        return set()
    return {file.parts[0].partition(".")[0] for file in files if file.suffix in (".py", ".so", ".pyd")}
