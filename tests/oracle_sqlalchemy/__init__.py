"""Executes every entry of the SQLAlchemy catalogue and compares what the DBAPI sees with what is believed.

    python -m tests.oracle_sqlalchemy compare                    exit code 1 if something is not as believed
    python -m tests.oracle_sqlalchemy compare --write FILE       the same, and keeps what was seen
    python -m tests.oracle_sqlalchemy merge FILE...              writes evidence and docs from all versions' files

The driver is sqlite3 with every call recorded, those of other threads left out: so an asynchronous method is
seen to leave the event loop's thread alone. A receiver is made in several states (a session without a
transaction, in one, with pending objects, …). What is bound to an async engine (`async-bound`) is called twice:
in a coroutine, where MissingGreenlet stands for waiting, and inside `run_sync`, where it has to reach the
database by aiosqlite. `tox -e sqlalchemy13,sqlalchemy14,sqlalchemy20,sqlalchemy21`
installs the versions; what they showed is kept in `blocklint/knowledge/evidence/sqlalchemy.toml`.
"""
