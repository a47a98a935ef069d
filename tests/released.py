"""A small city's year in the record, and releases of it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from factories import ALNA, BJERKE, VELFERD
from sqlite_utils import Database

from fitservice.actions.releasing import make_release
from fitservice.db import connect, transaction
from fitservice.model import Stage
from fitservice.rules.periods import parse_period
from fitservice.store import bulk
from fitservice.store.bulk import SESSION_COLUMNS

GAMLE_OSLO = 1
DISTRICTS = (GAMLE_OSLO, BJERKE, ALNA)


def record_year(db: Database, year: int = 2022, *, in_each: int = 25, seed: int = 1, first_number: int = 0) -> None:
    """So many service users in each of three districts, with a session in most half-years of the year."""
    chance = Random(seed)
    people = [
        (district, 1000 * district + first_number + number) for district in DISTRICTS for number in range(in_each)
    ]
    rows = [row for _, number in people for row in _sessions(chance, number, year)]
    with transaction(db):
        bulk.add_service_users(db, [(number, district, f"Y-{number}", None) for district, number in people])
        spells = [(number, number, f"{year}-01-01", None, "amina") for _, number in people]
        bulk.add_enrolments(db, spells, backdated=True)
        bulk.add_sessions(db, rows, backdated=True)


def _sessions(chance: Random, number: int, year: int) -> list[tuple[object, ...]]:
    first = chance.randint(1, 6)
    days = [date(year, 2, 1), date(year, 5, 1), date(year, 9, 1)]
    held = [day + timedelta(days=chance.randint(0, 30)) for day in days if chance.random() < 0.85]
    found = []
    for day in held:
        score = min(7, max(1, first + chance.choice([-3, -1, 0, 0, 1, 3])))
        known = {"enrolment_id": number, "held_on": day.isoformat(), "life_satisfaction": score, "recorded_by": "amina"}
        known |= {"outcome_instrument": "outcome", "alliance_instrument": "alliance"}
        found.append(tuple(known.get(column) for column in SESSION_COLUMNS))
    return found


def release(db: Database, code: str = "2022", stage: Stage = Stage.PROVISIONAL) -> str:
    """The name of a new release, made by the analyst with a threshold of five."""
    return make_release(db, parse_period(code), stage, 5, by=VELFERD)


def released_copy(database: bytes, path: Path, record: Callable[[Database], None] = record_year) -> bytes:
    """A database with what this records in it, and with the year released, as bytes to copy."""
    path.write_bytes(database)
    db = connect(path)
    record(db)
    release(db)
    db.execute("PRAGMA journal_mode = DELETE").close()
    db.close()
    return path.read_bytes()
