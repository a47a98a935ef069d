"""The agency's board as the years go by: the same half-years, with more and more of them closed behind."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from sqlite_utils import Database

from fitservice.actions.explaining import explain_gap
from fitservice.actions.signing_off import take_step
from fitservice.clock import set_to
from fitservice.db import transaction
from fitservice.model import Actor, Period, Role
from fitservice.reporting import Cause, GapKind, Step
from fitservice.reports.gaps import see_gaps
from fitservice.rules.periods import back_to, half, previous
from fitservice.store import bulk, districts
from fitservice.store.bulk import SESSION_COLUMNS
from tests.bench.big_city import owe_since
from tests.bench.cities import OPERATOR, fresh
from tests.bench.measuring import in_turn, median, spread, timed

NEWEST = half(2025, 2)
SHOWN = back_to(NEWEST, date(2023, 1, 1))
TODAY = date(2025, 11, 20)
YEARS = (1, 5, 10)
SERVICE_USERS = 60
"""Of each district; one of them has a session each day."""

RUNS = 40


def bench_history(folder: Path) -> None:
    """The six newest half-years of 15 districts, with 1, 5 and 10 years of closed ones behind."""
    cities = [city_of(folder / f"{years} years", years) for years in YEARS]
    with set_to(TODAY):
        taken = in_turn(*(lambda db=db: timed(lambda: look(db), time.process_time) for db in cities), runs=RUNS)
    for years, series in zip(YEARS, taken, strict=True):
        print(f"board with {years:>2} years behind, CPU, ms {1000 * median(series):>8.1f}   noise {spread(series)}")
    ratio = median(taken[-1]) / median(taken[0])
    print(f"    10 years / 1 year: {ratio:.2f}   (bar: at most 1.20: {'met' if ratio <= 1.2 else 'missed'})")
    for db in cities:
        db.close()


def look(db: Database) -> None:
    """What the board asks."""
    see_gaps(db, SHOWN, TODAY, 5, by=OPERATOR)


def city_of(folder: Path, years: int) -> Database:
    """A session in every district on every day, every half-year explained, signed, undone and signed again."""
    folder.mkdir()
    db = fresh(folder)
    first_day = date(SHOWN[-1].first_day.year - years, 1, 1)
    owe_since(db, first_day)
    with transaction(db):
        record(db, first_day)
    for period in back_to(previous(NEWEST), first_day)[::-1]:
        sign(db, period)
    return db


def record(db: Database, first_day: date) -> None:
    """Each district's service users in turn, a day each."""
    ids = iter(count(1))
    people = {row["id"]: [next(ids) for _ in range(SERVICE_USERS)] for row in districts.all_districts(db)}
    begin = first_day.isoformat()
    everyone = [(one, place) for place, known in people.items() for one in known]
    bulk.add_service_users(db, [(one, place, f"R-{one}", None) for one, place in everyone])
    bulk.add_enrolments(db, [(one, one, begin, None, "bench") for one, _ in everyone], backdated=True)
    bulk.add_sessions(db, (row for known in people.values() for row in held(known, first_day)), backdated=True)


def held(people: list[int], first_day: date) -> Iterator[tuple[object, ...]]:
    """A session a day, one after the other's turn; a tenth has no score."""
    for number in range((TODAY - first_day).days):
        known = {
            "enrolment_id": people[number % len(people)],
            "held_on": (first_day + timedelta(number)).isoformat(),
            "life_satisfaction": number % 7 + 1 if number % 10 else None,
            "missing_reason": None if number % 10 else "declined",
            "outcome_instrument": "outcome",
            "alliance_instrument": "alliance",
            "recorded_by": "bench",
        }
        yield tuple(known.get(column) for column in SESSION_COLUMNS)


def sign(db: Database, period: Period) -> None:
    """Every district signs, undoes it and signs again; all say why no feedback was used."""
    with set_to(period.last_day + timedelta(10)):
        for row in districts.all_districts(db):
            lead = Actor("bench", Role.TEAM_LEAD, row["id"])
            explain_gap(db, period, GapKind.FEEDBACK_NOT_USED, Cause.TRAINING, "Next year.", None, by=lead)
            for known, step in enumerate((Step.SIGNED, Step.UNDONE, Step.SIGNED)):
                take_step(db, period, step, "It is so.", known, by=lead)
