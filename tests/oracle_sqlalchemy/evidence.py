"""Observations of several versions put together, as the evidence file and as the page of the docs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from blocklint.knowledge.catalog import LIBRARIES
from blocklint.knowledge.evidence import FOLDER, Evidence, Run
from tests.oracle_sqlalchemy.entries import Entry, entries
from tests.oracle_sqlalchemy.judging import believed, executed
from tests.oracle_sqlalchemy.observations import MISSING_GREENLET, Observation, Seen

FILE = FOLDER / "sqlalchemy.toml"
PAGE = LIBRARIES.parents[2] / "docs" / "reference" / "sqlalchemy.md"
Observations = Mapping[str, Observation]
_HEAD = "# Written by `python -m tests.oracle_sqlalchemy merge`: what SQLAlchemy itself showed. Not to be edited.\n"


def release(version: str) -> str:
    """`2.0` of `2.0.58`."""
    return ".".join(version.split(".")[:2])


def merged(by_version: Mapping[str, Observations]) -> Run:
    """The evidence in observations by version."""
    versions = sorted(by_version, key=lambda version: tuple(map(int, version.split("."))))
    names = {
        entry.name: _evidence(entry, {version: by_version[version][entry.name] for version in versions})
        for entry in entries()
    }
    return Run(tuple(versions), names)


def _evidence(entry: Entry, observed: Mapping[str, Observation]) -> Evidence:
    having = [version for version, observation in observed.items() if observation.exists]
    if not having:
        return Evidence(unverified="no version has it by this name")
    until = "" if having[-1] == list(observed)[-1] else release(having[-1])
    since = release(having[0])
    for version in reversed(having):
        seen = executed(observed[version])
        if seen:
            raises = MISSING_GREENLET if any(each.is_refused for each in seen) else ""
            return Evidence(since, until, _states(seen, waits=True), _states(seen, waits=False), raises=raises)
    tried = any(observed[version].seen for version in having)
    return Evidence(since, until, unverified="no call of it succeeds on sqlite" if tried else "no receiver here")


def _states(seen: Iterable[Seen], *, waits: bool) -> str:
    return ", ".join(each.state for each in seen if each.needs_database is waits)


def document(run: Run) -> str:
    """The evidence file."""
    lines = [_HEAD, f"versions = [{', '.join(map(_quoted, run.versions))}]", "", "[names]"]
    for name, told in sorted(run.names.items()):
        facts = [f"{key} = {_quoted(value)}" for key in Evidence.__struct_fields__ if (value := getattr(told, key))]
        lines.append(f"{_quoted(name)} = {{ {', '.join(facts)} }}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return f'"{text}"'


def page(run: Run) -> str:
    """The page of the docs."""
    told = run.names
    verdicts = [each.verdict for each in told.values()]
    lines = [
        "# SQLAlchemy: what was verified",
        "",
        "Written by `python -m tests.oracle_sqlalchemy merge`. Every name of the catalogue was looked up in SQLAlchemy",
        f"{', '.join(run.versions)}, and called with a driver that records what would go over the network.",
        "",
        f"{len(told)} names: {len(told) - verdicts.count('')} executed ({verdicts.count('always')} always wait,"
        f" {verdicts.count('may')} may, {verdicts.count('never')} never do), {verdicts.count('')} not. For"
        f" {sum(bool(each.raises) for each in told.values())} of them waiting is raising: they are bound to an async engine.",
        "",
        "*believed* is what findings go by. *seen* is of the newest version that has the name; a verdict of *may* is",
        "followed by the states of the receiver (a session, a connection, …) in which the call waits. A certain entry waits in its",
        "receiver's ordinary state. What has a reason instead of a verdict is not verified. What is bound to an async engine",
        "was called in a coroutine, where *raises* stands for waiting, and inside `run_sync`, where it had to reach the database.",
        "",
        "| name | versions | believed | seen |",
        "|---|---|---|---|",
    ]
    beliefs = {entry.name: believed(entry) for entry in entries()}
    for name, each in sorted(told.items()):
        certainty = beliefs[name]
        versions = f"{each.since}–{each.until or release(run.versions[-1])}" if each.since else ""
        raises = f" raises {each.raises}" if each.raises else ""
        seen = each.verdict + raises + (f": {each.waits}" if each.verdict == "may" else "")
        lines.append(
            f"| `{name}` | {versions} | {certainty.name.lower() if certainty else 'never'} |"
            f" {seen or 'not verified: ' + each.unverified} |"
        )
    return "\n".join(lines) + "\n"
