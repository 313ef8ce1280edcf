"""The cache: facts by the content of a file, and what was found by the content of a whole root.

One SQLite file, which several processes may use at once. Whatever goes
wrong with it (a damaged or locked database, a read-only folder) costs time, never a result.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from blocklint.digest import digest
from blocklint.facts.records import ModuleFacts

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

_FILE = "cache-3.sqlite"
_LOCK_SECONDS = 2.0
_KEPT_NANOSECONDS = 30 * 86_400 * 10**9
_KEPT_BYTES = 512 * 1024 * 1024
_KEPT_RESULTS = 8
_BATCH = 500

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (
    key BLOB PRIMARY KEY, written INTEGER NOT NULL, checksum INTEGER NOT NULL, value BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS results (
    key BLOB PRIMARY KEY, written INTEGER NOT NULL, checksum INTEGER NOT NULL, value BLOB NOT NULL, root TEXT
);
"""


def default_folder() -> Path:
    """Where caches go on this platform; XDG_CACHE_HOME is respected everywhere."""
    configured = os.environ.get("XDG_CACHE_HOME")
    if configured and os.path.isabs(configured):
        return Path(configured, "blocklint")
    home = Path(os.path.expanduser("~"))
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local", "blocklint", "Cache")
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "blocklint"
    return home / ".cache" / "blocklint"


@lru_cache(maxsize=1)
def version_stamp() -> bytes:
    """Changes with blocklint's own code and catalogue (also in a working copy) and with Python.

    It covers the version of lowering without importing it: an unchanged project needs no ``ast``.
    """
    seen = [f"{sys.implementation.cache_tag} {sys.hexversion}"]
    seen += _states(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
    if len(seen) == 1:  # our code is in an archive: its version is not known, so nothing is shared
        seen.append(os.urandom(16).hex())
    return digest("\n".join(seen).encode("utf-8", "surrogateescape"), 16)


def _states(folder: str) -> Iterator[str]:
    """The name, size and time of every file of code or catalogue in a folder; nothing if it is none."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in listed:
        if entry.name.endswith((".py", ".toml")):
            status = entry.stat()
            yield f"{entry.name} {status.st_size} {status.st_mtime_ns}"
        elif entry.is_dir(follow_symlinks=False):
            yield from _states(entry.path)


def facts_key(source: bytes, is_package: bool) -> bytes:
    """The key of a file's facts: all that they depend on."""
    return digest(source, 20, version_stamp(), b"package" if is_package else b"module")


class RootResult(NamedTuple):
    """What was found in a whole root, encoded, and the key of all that it depends on."""

    root: str
    key: bytes
    value: bytes


class Store:
    """The cache in one folder. No method raises for what happens on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / _FILE

    def facts(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The stored facts among these keys, still encoded (decode them once for each module)."""
        return self._guarded(lambda: self._read_facts(list(keys)), {})

    def result(self, key: bytes) -> bytes | None:
        """The stored result of a whole root."""
        return self._guarded(lambda: self._read_result(key), None)

    def add(self, facts: Mapping[bytes, bytes], result: RootResult | None = None) -> None:
        """Store encoded facts and the result of a root in one transaction; drop what is old."""
        if facts or result is not None:
            self._guarded(lambda: self._write(facts, result), None)

    def _guarded(self, work: Callable[[], T], otherwise: T) -> T:
        """The work's result; on a damaged database the file is removed and the work tried again."""
        try:
            import sqlite3
        except ImportError:  # Python can be built without it
            return otherwise
        for _ in range(2):
            try:
                return work()
            except sqlite3.DatabaseError as error:
                # Its subclasses tell of locks, permissions and limits; itself, of damage.
                if type(error) is not sqlite3.DatabaseError or not self._remove():
                    return otherwise
            except (OSError, OverflowError, MemoryError):
                return otherwise
        return otherwise

    def _remove(self) -> bool:
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    def _connect(self) -> closing[sqlite3.Connection]:
        import sqlite3

        connection = sqlite3.connect(self._path, timeout=_LOCK_SECONDS, isolation_level=None)
        # A crash while it is written may damage the file: that is noticed, and costs only time.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        # Rows are large and each transaction is one of many: larger pages, written once at its end.
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA cache_spill = OFF")
        return closing(connection)

    def _read_facts(self, keys: list[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        if not self._path.exists():
            return found
        with self._connect() as connection:
            for batch in _batches(keys):
                marks = ",".join("?" * len(batch))
                query = f"SELECT key, checksum, value FROM facts WHERE key IN ({marks})"
                rows = connection.execute(query, batch)
                found.update((key, value) for key, checksum, value in rows if _checks(key, checksum, value))
        return found

    def _read_result(self, key: bytes) -> bytes | None:
        if not self._path.exists():
            return None
        with self._connect() as connection:
            row = connection.execute("SELECT checksum, value FROM results WHERE key = ?", (key,)).fetchone()
        checksum, value = row or (0, None)
        return value if _checks(key, checksum, value) else None

    def _write(self, facts: Mapping[bytes, bytes], result: RootResult | None) -> None:
        now = time.time_ns()
        rows = [(key, now, _checksum(key, value), value) for key, value in facts.items()]
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.executescript(_SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)", rows)
            if result is not None:
                root, key, value = result
                row = (key, now, _checksum(key, value), value, root)
                connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", row)
            _prune(connection, now)
            connection.execute("COMMIT")


def encode_facts(facts: ModuleFacts) -> bytes | None:
    """Facts as MessagePack; None if they are nested too deeply or hold lone surrogates."""
    try:
        return msgspec.msgpack.encode(facts)
    except (RecursionError, UnicodeEncodeError):
        return None


def decode_facts(value: bytes) -> ModuleFacts | None:
    """Facts from MessagePack, None if it does not hold any."""
    try:
        return _decoder().decode(value)
    except (msgspec.DecodeError, RecursionError):
        return None


@lru_cache(maxsize=1)
def _decoder() -> msgspec.msgpack.Decoder[ModuleFacts]:
    return msgspec.msgpack.Decoder(ModuleFacts)


def _prune(connection: sqlite3.Connection, now: int) -> None:
    """Drop what is old, all but the newest results of each root, half of the facts if they are too many.

    A row that is still in use is written anew after it was dropped: cheaper than noting every use.
    """
    for table in ("facts", "results"):
        connection.execute(f"DELETE FROM {table} WHERE written < ?", (now - _KEPT_NANOSECONDS,))
    ranked = "SELECT rowid, row_number() OVER (PARTITION BY root ORDER BY written DESC) AS rank FROM results"
    older = f"SELECT rowid FROM ({ranked}) WHERE rank > ?"
    connection.execute(f"DELETE FROM results WHERE rowid IN ({older})", (_KEPT_RESULTS,))
    sizes = ("page_count", "freelist_count", "page_size")
    pages, free, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in sizes)
    if (pages - free) * size > _KEPT_BYTES:
        oldest = "SELECT rowid FROM facts ORDER BY written LIMIT (SELECT count(*) / 2 + 1 FROM facts)"
        connection.execute(f"DELETE FROM facts WHERE rowid IN ({oldest})")


def _batches(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]


def _checks(key: bytes, checksum: object, value: object) -> bool:
    return isinstance(value, bytes) and checksum == _checksum(key, value)


def _checksum(key: bytes, value: bytes) -> int:
    import zlib  # an extension that a run without a cache need not load

    return zlib.crc32(value, zlib.crc32(key))
