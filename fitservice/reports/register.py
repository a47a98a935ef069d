"""The register as the agency reads it: who owes what, the days of the half-years, the thresholds, every decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice import clock
from fitservice.access import Act, check
from fitservice.cases import began
from fitservice.model import Actor, NotFound, Period
from fitservice.reporting import Dates, Threshold
from fitservice.rules.periods import back_to, half, half_of
from fitservice.rules.register import dates_of, owes, threshold
from fitservice.store import districts, figures, register
from fitservice.store.rows import Row

DAYS_SHOWN = 4


@dataclass(frozen=True)
class Register:
    """The register as of a day."""

    owing: Sequence[tuple[Row, bool]]
    """Each district, and whether it owes the running half-year."""
    running: Period
    days: Sequence[tuple[Period, Dates]]
    """Of the running half-year, the next one and those before, newest first."""
    thresholds: Sequence[tuple[Threshold, float]]
    """What the running half-year is judged by."""
    obligations: Sequence[Row]
    """Every decision about who owes what, newest first."""
    decided: Sequence[Row]
    """Every decision about a threshold or about days, newest first: what, from when or for which half-year, value,
    reason, decided_by, decided_at."""


def see_register(db: Database, today: date, *, by: Actor) -> Register:
    """What was decided, as of a day."""
    check(by, Act.SEE_REGISTER)
    running = half_of(today)
    owed, limits, days = register.obligations(db), register.thresholds(db), register.dates(db)
    shown = [_next(running), *back_to(running, began(db, today))[:DAYS_SHOWN]]
    return Register(
        [(row, owes(owed.get(row["id"], []), running, today)) for row in districts.all_districts(db)],
        running,
        [(period, dates_of(days, period, today)) for period in shown],
        [(name, threshold(limits.get(name, []), name, running, today)) for name in Threshold],
        register.decisions(db),
        sorted(
            [*register.threshold_decisions(db), *register.dates_decisions(db)],
            key=lambda row: row["decided_at"],
            reverse=True,
        ),
    )


def dates_known(db: Database, period: Period, today: date, *, by: Actor) -> Dates:
    """The days of a half-year; NotFound for one before reporting began or more than a year ahead."""
    check(by, Act.SEE_REGISTER)
    if period.last_day < began(db, today) or period.first_day.year > today.year + 1:
        raise NotFound
    return dates_of(register.dates(db), period, today)


def districts_known(db: Database, *, by: Actor) -> list[Row]:
    """The districts that a decision can be about: code and name."""
    check(by, Act.SEE_REGISTER)
    return districts.all_districts(db)


def older_than_owed(db: Database, *, by: Actor) -> str | None:
    """The half-year of the first session, if that is before any that was ever owed; else None."""
    check(by, Act.SEE_REGISTER)
    first = figures.first_session(db)
    return half_of(first).code if first and first < began(db, clock.today()) else None


def _next(period: Period) -> Period:
    of_year = period.first_day.year
    return half(of_year, 2) if period.code.endswith("H1") else half(of_year + 1, 1)
