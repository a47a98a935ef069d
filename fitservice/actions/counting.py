"""Bringing the database up to date; the counters behind the figures, checked and mended on request."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting, telling
from fitservice.db import NEEDS_KEYS, connect, is_migrated, migrate, of_later_version, transaction
from fitservice.instruments import Instruments
from fitservice.keys import load_keys
from fitservice.model import Actor, Invalid, Problem
from fitservice.rules.contribution import marks_of
from fitservice.store import audit, counters, districts


@dataclass(frozen=True)
class Difference:
    """A counter that is not what the sessions say; the district by its name."""

    district: str
    period: str
    name: str
    stored: int
    right: int


def bring_up_to_date(path: str | Path, instruments: Instruments) -> tuple[list[str], bool]:
    """Apply what migrations are pending; count everything if it never was or the instruments judge otherwise now.

    Seals what the audit table holds from before it was a chain. The names of the migrations, and whether it counted.
    Safe from two processes at once; SettingsError if the keys are missing, Invalid if it is of a later version.
    """
    if Path(path).exists():
        db = connect(path)
        try:
            refuse_later_version(db)
        finally:
            db.close()
    applied = migrate(path, _seal)
    load_keys(Path(path).parent)
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


def _seal(db: Database, applied: list[str]) -> None:
    if NEEDS_KEYS in applied:
        audit.seal_what_is_old(db)


def refuse_later_version(db: Database) -> None:
    """Invalid for a database that a later version has brought up to date: what it holds now is not known here."""
    if later := of_later_version(db):
        raise Invalid(Problem("database_later", known={"names": ", ".join(later)}))


def is_ready(db: Database, instruments: Instruments) -> bool:
    """Whether the database is migrated and its counters are judged by these instruments."""
    return is_migrated(db) and counters.is_counted_by(db, marks_of(instruments))


def check_counters(db: Database, *, by: Actor) -> list[Difference]:
    """Every counter that is not what the sessions say; nothing is changed, and nobody waits. Logged."""
    with telling(db, by, Act.RECOUNT) as note:
        found = _differences(db)
        note.detail = {"check": True, "differences": len(found)}
    return found


def recount(db: Database, *, by: Actor) -> list[Difference]:
    """Make every counter what the sessions say; what was different before. Recording waits meanwhile."""
    with acting(db, by, Act.RECOUNT) as note:
        found = _differences(db)
        if found:
            counters.count_anew(db, counters.marks(db))
        note.detail = {"differences": len(found)}
    return found


def _differences(db: Database) -> list[Difference]:
    names = {row["id"]: row["name"] for row in districts.all_districts(db)}
    return [
        Difference(names[district_id], period, name, stored, right)
        for (district_id, period, name), (stored, right) in counters.differences(db).items()
    ]
