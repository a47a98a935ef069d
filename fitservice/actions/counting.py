"""The counters behind the figures: filled when the database is brought up to date."""

from pathlib import Path

from sqlite_utils import Database

from fitservice.db import connect, is_migrated, migrate, transaction
from fitservice.instruments import Instruments
from fitservice.rules.contribution import marks_of
from fitservice.store import counters


def bring_up_to_date(path: str | Path, instruments: Instruments) -> tuple[list[str], bool]:
    """Apply what migrations are pending; count everything if it never was or the instruments judge otherwise now.

    The names of the migrations, and whether it counted. Safe from two processes at once.
    """
    applied = migrate(path)
    db = connect(path)
    try:
        if is_ready(db, instruments):
            return applied, False
        with transaction(db):
            marks = marks_of(instruments)
            counted = not counters.is_counted_by(db, marks)
            if counted:
                counters.count_anew(db, marks)
        return applied, counted
    finally:
        db.close()


def is_ready(db: Database, instruments: Instruments) -> bool:
    """Whether the database is migrated and its counters are judged by these instruments."""
    return is_migrated(db) and counters.is_counted_by(db, marks_of(instruments))
