"""The cache: whatever happens to it costs time, never a result."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from blocklint.facts import store as store_module
from blocklint.facts.lower import lower
from blocklint.facts.store import (
    RootResult,
    Store,
    decode_facts,
    default_folder,
    encode_facts,
    facts_key,
    version_stamp,
)
from tests.hosts.support import REPOSITORY

KEY, OTHER, WHOLE = b"k" * 20, b"o" * 20, b"w" * 20


def filled(folder: Path) -> Store:
    store = Store(folder)
    store.add({KEY: b"facts"})
    store.add({}, RootResult("/root", WHOLE, b"result"))
    return store


def database(folder: Path) -> Path:
    (path,) = folder.glob("*.sqlite")
    return path


def test_what_was_stored_comes_back(tmp_path: Path) -> None:
    store = filled(tmp_path)
    assert store.facts([KEY, OTHER]) == {KEY: b"facts"}
    assert store.result(WHOLE) == b"result"
    assert store.result(OTHER) is None


def test_many_keys(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = {index.to_bytes(20): b"x" for index in range(1200)}
    store.add(rows)
    assert store.facts(rows) == rows


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    store = Store(tmp_path / "new")
    assert store.facts([KEY]) == {}
    assert store.result(WHOLE) is None
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_no_database_is_replaced(tmp_path: Path) -> None:
    store = filled(tmp_path)
    database(tmp_path).write_bytes(b"not a database, by far" * 500)
    assert store.facts([KEY]) == {}
    store.add({KEY: b"new"})
    assert store.facts([KEY]) == {KEY: b"new"}


def test_a_damaged_database(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.add({index.to_bytes(20): os.urandom(5000) for index in range(50)})
    path = database(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    store.facts([index.to_bytes(20) for index in range(50)])
    store.add({KEY: b"new"})
    store.add({KEY: b"new"})
    assert store.facts([KEY]) == {KEY: b"new"}


@pytest.mark.parametrize("value", [b"", b"short", b"12345678facts", None, 3, "text"])
def test_a_value_that_does_not_agree_with_its_checksum(tmp_path: Path, value: object) -> None:
    store = filled(tmp_path)
    connection = sqlite3.connect(database(tmp_path))
    with connection:
        connection.execute("UPDATE facts SET value = ?", (value if value is not None else b"\0" * 8,))
        connection.execute("UPDATE results SET value = ?", (value if value is not None else b"\0" * 8,))
    connection.close()
    assert store.facts([KEY]) == {}
    assert store.result(WHOLE) is None


def test_a_value_under_another_key(tmp_path: Path) -> None:
    store = filled(tmp_path)
    connection = sqlite3.connect(database(tmp_path))
    connection.execute("UPDATE facts SET key = ?", (OTHER,))
    connection.commit()
    connection.close()
    assert store.facts([KEY, OTHER]) == {}


def test_a_database_of_another_shape(tmp_path: Path) -> None:
    store = filled(tmp_path)
    connection = sqlite3.connect(database(tmp_path))
    with connection:
        connection.execute("DROP TABLE facts")
        connection.execute("CREATE TABLE facts (x)")
    connection.close()
    store.add({KEY: b"facts"})
    assert store.facts([KEY]) == {}


def test_a_locked_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path)
    monkeypatch.setattr(store_module, "_LOCK_SECONDS", 0.0)
    connection = sqlite3.connect(database(tmp_path), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    assert store.facts([KEY]) == {}
    store.add({OTHER: b"x"})
    connection.execute("ROLLBACK")
    connection.close()
    assert store.facts([KEY, OTHER]) == {KEY: b"facts"}


def test_a_folder_that_cannot_be_made_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "cache")
    store.add({KEY: b"facts"})
    assert store.facts([KEY]) == {}

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    store = filled(tmp_path / "cache")
    monkeypatch.setattr(store_module, "_prune", refuse)
    store.add({OTHER: b"x"})
    assert store.facts([KEY, OTHER]) == {KEY: b"facts"}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    store = filled(tmp_path)
    database(tmp_path).chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        store.add({OTHER: b"x"})
        assert store.facts([KEY, OTHER]) == {KEY: b"facts"}
    finally:
        tmp_path.chmod(0o700)


def test_python_without_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path)
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    assert store.facts([KEY]) == {}


def test_old_rows_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path)
    now = store_module.time.time_ns() + store_module._KEPT_NANOSECONDS + 10**12
    monkeypatch.setattr(store_module.time, "time_ns", lambda: now)
    store.add({OTHER: b"x"})
    assert store.facts([KEY, OTHER]) == {OTHER: b"x"}
    assert store.result(WHOLE) is None


def test_a_root_keeps_its_newest_results(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for index in range(20):
        store.add({}, RootResult("/root", index.to_bytes(20), b"x"))
        store.add({}, RootResult(f"/other{index}", (100 + index).to_bytes(20), b"x"))
    kept = [index for index in range(20) if store.result(index.to_bytes(20))]
    assert kept == list(range(12, 20))
    assert all(store.result((100 + index).to_bytes(20)) for index in range(20))


def test_the_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_KEPT_BYTES", 200_000)
    store = Store(tmp_path)
    for index in range(100):
        store.add({index.to_bytes(20): bytes(10_000)})
    assert database(tmp_path).stat().st_size < 400_000
    assert store.facts([(99).to_bytes(20)])


def test_two_processes_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from blocklint.facts.store import Store\n"
        "store = Store(Path(sys.argv[1])); base = int(sys.argv[2])\n"
        "for i in range(30): store.add({(base + i).to_bytes(20): b'v'})\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    workers = [subprocess.Popen([*command, str(base)], cwd=REPOSITORY) for base in (0, 1000)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    keys = [(base + index).to_bytes(20) for base in (0, 1000) for index in range(30)]
    assert len(Store(tmp_path).facts(keys)) == 60


def test_keys_tell_packages_and_contents_apart() -> None:
    keys = {facts_key(b"", False), facts_key(b"", True), facts_key(b"x", False)}
    assert len(keys) == 3
    assert facts_key(b"", False) in keys
    assert version_stamp() == version_stamp()


def test_facts_survive_the_cache() -> None:
    facts = lower(b"import a\nasync def f():\n    return a.b(1)  # noqa\n", False)
    encoded = encode_facts(facts)
    assert encoded is not None
    decoded = decode_facts(encoded)
    assert decoded is not None
    assert encode_facts(decoded) == encoded
    assert decode_facts(b"\x93") is None
    assert decode_facts(b"") is None


def test_facts_with_lone_surrogates_are_not_cached() -> None:
    assert encode_facts(lower(b"x = '\\ud800'\n", False)) is None


def test_facts_that_are_nested_too_deeply_are_not_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> bytes:
        raise RecursionError

    monkeypatch.setattr("blocklint.facts.store.msgspec.msgpack.encode", refuse)
    assert encode_facts(lower(b"", False)) is None


def test_the_folder_of_each_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "blocklint"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(store_module.sys, "platform", "linux")
    assert default_folder() == tmp_path / ".cache" / "blocklint"
    monkeypatch.setattr(store_module.sys, "platform", "darwin")
    assert default_folder() == tmp_path / "Library" / "Caches" / "blocklint"
    monkeypatch.setattr(store_module.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert default_folder() == tmp_path / "Local" / "blocklint" / "Cache"
