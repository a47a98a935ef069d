"""One connection per request or command: its pragmas, transaction(), migrate()."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, current_app, g
from sqlite_utils import Database, Migrations

from fitservice.keys import load_keys, make_keys
from fitservice.resources import resource_folder
from fitservice.rules.collation import compare
from fitservice.turns import TooLong, turn

PATIENCE = 10
"""Seconds that a writer waits for others."""

PRAGMAS = (
    # readers never wait for the one writer, nor the writer for readers
    "PRAGMA journal_mode = WAL",
    # SQLite forgets this on every new connection
    "PRAGMA foreign_keys = ON",
    # another program may be writing: wait for it rather than fail a caseworker's save
    f"PRAGMA busy_timeout = {PATIENCE * 1000}",
    # an answer that was acknowledged survives a power cut, not only a crash of the process
    "PRAGMA synchronous = FULL",
    # what is erased does not stay between the rows of the file
    "PRAGMA secure_delete = ON",
)

NEEDS_KEYS = "0015_audit_chain"
"""The migration from which on there are keys. Whoever is past it and has none lost them: never are new ones made."""


def connect(path: str | Path) -> Database:
    """An open database with every pragma set, which sorts in Norwegian (COLLATE norwegian) where it is asked to.

    sqlite3.OperationalError if there is no such file.
    """
    connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
    db = Database(connection)
    for pragma in PRAGMAS:
        connection.execute(pragma).close()
    # for ORDER BY alone, never in the schema: any program can read the file
    connection.create_collation("norwegian", compare)
    _bring_keys(connection, Path(path).parent)
    return db


def _bring_keys(connection: sqlite3.Connection, folder: Path) -> None:
    """SQL of ours seals and opens by the keys beside the file, read when first needed; any other program cannot.

    current_key(); key_ids(), a JSON list; keyed_hash(purpose, text, key_id or NULL);
    sealed(text, place) and opened(sealed, place): keys.py.
    """

    def function(name: str, arguments: int, act: Callable[..., str]) -> None:
        connection.create_function(name, arguments, lambda text=None, *rest: None if text is None else act(text, *rest))

    connection.create_function("current_key", 0, lambda: load_keys(folder).current)
    connection.create_function("key_ids", 0, lambda: json.dumps(list(load_keys(folder).masters)))
    function("keyed_hash", 3, lambda *given: load_keys(folder).keyed_hash(*given))
    function("sealed", 2, lambda *given: load_keys(folder).sealed(*given))
    function("opened", 2, lambda *given: load_keys(folder).opened(*given))


def get_db() -> Database:
    """This request's or command's database, opened at first use."""
    if "db" not in g:
        g.db = connect(current_app.config["DATABASE"])
    db: Database = g.db
    return db


def close_db(_error: BaseException | None = None) -> None:
    """Close what get_db() opened; whatever was not committed is rolled back."""
    db = g.pop("db", None)
    if db is not None:
        db.close()


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Everything inside happens or nothing does. Takes the write lock at once, in turn, or OperationalError.

    A deferred transaction that reads and then writes fails under contention without waiting.
    """
    with _turn(db):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise


@contextmanager
def _turn(db: Database) -> Iterator[None]:
    file = db.execute("PRAGMA database_list").fetchone()[2]
    try:
        with turn(Path(file), PATIENCE):
            yield
    except TooLong:
        raise _busy() from None


def _busy() -> sqlite3.OperationalError:
    """What SQLite itself raises where somebody else is writing, with the name by which it is known (web/errors.py)."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_BUSY, "SQLITE_BUSY"
    return error


def forget_old_pages(db: Database) -> bool:
    """Empty the write-ahead log, in which erased pages stand as they were; False if somebody is still reading them.

    Outside every transaction. The log is emptied in any case when the last connection closes.
    """
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """Everything inside reads one state of the database, and holds nobody up; nothing written inside is kept."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.rollback()


def migrations() -> Migrations:
    """The text files of migrations/ in the order of their names."""
    known = Migrations("fitservice")
    for path in _files():
        known(name=path.stem)(_script(path))
    return known


def of_later_version(db: Database) -> list[str]:
    """The migrations that a database has been through and this version does not know."""
    known = {path.stem for path in _files()}
    return [migration.name for migration in migrations().applied(db) if migration.name not in known]


def _files() -> list[Path]:
    return sorted(resource_folder("migrations").glob("*.sql"))


def _script(path: Path) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        db.executescript(path.read_text(encoding="utf-8"))

    return run


def is_migrated(db: Database) -> bool:
    """Whether nothing is pending."""
    return not migrations().pending(db)


@contextmanager
def as_migrated(folder: Path) -> Iterator[Database]:
    """An empty database in memory as the migrations make it, to compare with; folder is where the keys are."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _bring_keys(connection, folder)
    try:
        db = Database(connection)
        migrations().apply(db)
        yield db
    finally:
        connection.close()


def migrate(path: str | Path, finish: Callable[[Database, list[str]], None] | None = None) -> list[str]:
    """Apply what is pending, all of it or nothing, and return the names; safe from two processes at once.

    Makes the file if there is none, for its owner alone: SQLite's -wal and -shm take the same mode. Makes the first
    keys with the first migration that needs them. finish does in the same transaction what SQL alone cannot.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    db = connect(path)
    try:
        if not migrations().pending(db):
            return []
        with transaction(db):
            pending = [migration.name for migration in migrations().pending(db)]
            # a migration may seal: the keys are there before it
            if NEEDS_KEYS in pending:
                make_keys(Path(path).parent)
            load_keys(Path(path).parent)
            migrations().apply(db)
            if finish:
                finish(db, pending)
        return pending
    finally:
        db.close()


def init_app(app: Flask) -> None:
    """Close the connection with the request."""
    app.teardown_appcontext(close_db)
