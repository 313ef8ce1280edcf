"""The names of the standard library entries exist in the running interpreter."""

from __future__ import annotations

import importlib
import sys
import warnings

import pytest

from blocklint.knowledge.catalog import ALWAYS, load_library
from blocklint.knowledge.records import Knowledge

OURS = {
    "asyncio.OwnLoopFuture", "concurrent.futures.DoneFuture", "concurrent.futures.ResultIterator", "hashlib.Hash",
    "os.ScandirIterator",
}
"""Classes that exist only in the catalogue: what the type has no public name for."""

SINCE = {
    "asyncio.Queue.shutdown": (3, 13),
    "asyncio.Task.get_context": (3, 12),
    "asyncio.eager_task_factory": (3, 12),
    "compression.zstd": (3, 14),
    "concurrent.futures.InterpreterPoolExecutor": (3, 14),
    "imaplib.IMAP4.idle": (3, 14),
    "os.path.isjunction": (3, 12),
    "os.path.splitroot": (3, 12),
    "pathlib.Path.copy": (3, 14),
    "pathlib.Path.copy_into": (3, 14),
    "pathlib.Path.from_uri": (3, 13),
    "pathlib.Path.is_junction": (3, 12),
    "pathlib.Path.move": (3, 14),
    "pathlib.Path.move_into": (3, 14),
    "pathlib.Path.walk": (3, 12),
    "pathlib.PurePath.full_match": (3, 13),
    "pathlib.PurePath.with_segments": (3, 12),
    "queue.Queue.shutdown": (3, 13),
    "threading.Lock": (3, 13),
    "_thread.lock": (3, 13),
}
"""The first version that has a name; threading.Lock was a function before it became a class."""

BEFORE = {
    "nntplib.NNTP": (3, 13),
    "nntplib.NNTP_SSL": (3, 13),
    "pathlib.Path.__enter__": (3, 13),
    "pathlib.Path.__exit__": (3, 13),
    "pathlib.Path.link_to": (3, 12),
    "ssl.wrap_socket": (3, 12),
    "telnetlib.Telnet": (3, 13),
}
"""The first version that no longer has a name."""

ELSEWHERE = {
    "asyncio.ProactorEventLoop": "Windows",
    "select.kqueue": "BSD and macOS",
    "selectors.KqueueSelector": "BSD and macOS",
    "sqlite3.Connection.load_extension": "a build option",
    "sys.stdin.reconfigure": "a stream that pytest has not replaced",
    "sys.stdout.reconfigure": "a stream that pytest has not replaced",
    "hashlib._Hash": "the type stubs",
    "uvloop.Loop": "another package",
}
"""Names of other platforms and builds."""

ON_INSTANCES = {
    "asyncio.Condition": {"acquire", "locked", "release"},
    "threading.Condition": {"acquire", "release"},
    "threading.RLock": {"__enter__", "__exit__", "acquire", "release"},
}
"""Methods that __init__ puts on the object, and those of a class behind a factory function."""


def expected(dotted: str) -> bool:
    """Whether the running interpreter should have a name."""
    version = sys.version_info[:2]
    for prefix in _prefixes(dotted):
        if prefix in OURS or prefix in ELSEWHERE:
            return False
        if version < SINCE.get(prefix, version) or version >= BEFORE.get(prefix, (9, 0)):
            return False
    owner, _, name = dotted.rpartition(".")
    return name not in ON_INSTANCES.get(owner, ()) and not dotted.startswith("typing_extensions.")


def exists(dotted: str) -> bool:
    """Whether importing and reading attributes leads to an object."""
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found: object = importlib.import_module(".".join(parts[:count]))
                for part in parts[count:]:
                    found = getattr(found, part)
        except (ImportError, AttributeError):
            continue
        return True
    return False


def listed(part: Knowledge) -> list[str]:
    """Every dotted name that a document speaks of."""
    found = [*part.aliases]
    for module in part.modules.values():
        found += [f"{module.name}.{name}" for name in (*module.functions, *module.variables)]
    for class_ in part.classes.values():
        found += [class_.name, *(f"{class_.name}.{name}" for name in class_.methods)]
    return found


def _prefixes(dotted: str) -> list[str]:
    parts = dotted.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


@pytest.mark.parametrize("file", ALWAYS)
def test_every_name_of_the_standard_library_exists(file: str) -> None:
    part = load_library(file)
    assert part is not None
    missing = [dotted for dotted in listed(part) if expected(dotted) and not exists(dotted)]
    assert missing == []


@pytest.mark.parametrize("dotted", sorted(OURS))
def test_names_of_ours_are_not_taken(dotted: str) -> None:
    assert not exists(dotted)


@pytest.mark.parametrize("dotted", sorted({*SINCE, *BEFORE}))
def test_every_version_dependent_name_is_still_catalogued(dotted: str) -> None:
    names = {name for file in ALWAYS for name in listed(load_library(file) or Knowledge("", (), {}, {}, {}, {}))}
    assert any(name == dotted or name.startswith(f"{dotted}.") for name in names)
