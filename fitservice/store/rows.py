"""What every module of the store needs: one row or none, a new row's id, times as text."""

import secrets
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from fitservice import clock

Row = dict[str, Any]


def one(db: Database, sql: str, params: Row) -> Row | None:
    """The first row, or None; without the savepoint that query() sets around every statement."""
    cursor = db.execute(sql, params)
    row = cursor.fetchone()
    return dict(zip((name for name, *_ in cursor.description), row, strict=True)) if row else None


def value(db: Database, sql: str, params: Row | None = None) -> Any:
    """The first column of the first row, or None."""
    row = db.execute(sql, params or {}).fetchone()
    return row[0] if row else None


def insert(db: Database, sql: str, params: Row) -> int:
    """Run an INSERT and return the new row's id."""
    new_id = db.execute(sql, params).lastrowid
    assert new_id is not None  # noqa: S101 - an INSERT that did not raise has one
    return new_id


def called(column: str) -> str:
    """SQL for the name of whoever this column names by username; the username itself where no account has it.

    The record keeps usernames, people read names: wherever a history is told, it is told through this.
    """
    known = f"(SELECT staff.name FROM staff WHERE lower(staff.username) = lower({column}))"  # noqa: S608
    return f"COALESCE({known}, {column})"


def new_id() -> int:
    """A random id: ids that count up would tell one district how much the others record."""
    return secrets.randbits(62) + 1


def now() -> str:
    """This moment as the store writes it."""
    return written(clock.moment())


def written(moment: datetime) -> str:
    """A moment in UTC as the store writes it: to the second."""
    return moment.isoformat(timespec="seconds")
