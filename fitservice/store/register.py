"""What the agency decided: who owes which half-years, their days, and the thresholds. Rows are only added."""

from datetime import date

from sqlite_utils import Database

from fitservice.clock import day_of
from fitservice.model import Period
from fitservice.reporting import Dates, Threshold
from fitservice.rules.register import Spell
from fitservice.store.rows import Row, called, insert, now

ObligationsOf = dict[int, list[tuple[Spell, bool]]]
"""Decisions by district id, oldest first."""

DatesOf = dict[str, list[tuple[date, Dates]]]
"""Decisions by the half-year's code, oldest first."""

ThresholdsOf = dict[Threshold, list[tuple[Spell, float]]]
"""Decisions by the threshold's name, oldest first."""


def obligations(db: Database) -> ObligationsOf:
    """Every decision about who owes what."""
    found: ObligationsOf = {}
    for district_id, first, last, owed, decided_at in db.execute(
        "SELECT district_id, first_period, last_period, owed, decided_at FROM obligations ORDER BY id"
    ):
        found.setdefault(district_id, []).append((Spell(first, last, day_of(decided_at)), bool(owed)))
    return found


def decisions(db: Database) -> list[Row]:
    """The decisions about who owes what as they read, newest first; decided_by is a name, as in the next two."""
    return list(
        db.query(
            f"""
            SELECT obligations.id, districts.name AS district, first_period, last_period, owed, reason,
                   {called("decided_by")} AS decided_by, decided_at
            FROM obligations
            JOIN districts ON districts.id = district_id
            ORDER BY obligations.id DESC
            """  # noqa: S608
        )
    )


def decide_obligation(
    db: Database, district_id: int, spell: tuple[str, str | None], owed: bool, reason: str, by: str
) -> int:
    """A new decision's id; spell is the first and the last half-year."""
    return insert(
        db,
        """
        INSERT INTO obligations (district_id, first_period, last_period, owed, reason, decided_by, decided_at)
        VALUES (:district_id, :first, :last, :owed, :reason, :by, :now)
        """,
        {
            "district_id": district_id,
            "first": spell[0],
            "last": spell[1],
            "owed": owed,
            "reason": reason,
            "by": by,
            "now": now(),
        },
    )


def changed_at(db: Database, district_id: int | None = None) -> dict[int, date]:
    """The day on which an enrolment of each district was last recorded or changed, by district id."""
    rows = db.execute(
        """
        SELECT id, (SELECT MAX(changed_at) FROM register_changes WHERE register_changes.district_id = districts.id)
        FROM districts
        WHERE :district_id IS NULL OR id = :district_id
        """,
        {"district_id": district_id},
    )
    return {number: day_of(at) for number, at in rows if at}


_DAYS = "deadline, lock_day, provisional, corrected, final"


def dates(db: Database) -> DatesOf:
    """Every decision about the days of half-years."""
    found: DatesOf = {}
    sql = f"SELECT period, decided_at, {_DAYS} FROM reporting_dates ORDER BY id"  # noqa: S608 - column names are ours
    for period, decided_at, *days in db.execute(sql):
        found.setdefault(period, []).append((day_of(decided_at), Dates(*map(date.fromisoformat, days))))
    return found


def decide_dates(db: Database, period: Period, days: Dates, reason: str, by: str) -> int:
    """A new decision's id."""
    return insert(
        db,
        f"""
        INSERT INTO reporting_dates (period, {_DAYS}, reason, decided_by, decided_at)
        VALUES (:period, :deadline, :lock, :provisional, :corrected, :final, :reason, :by, :now)
        """,  # noqa: S608 - column names are ours
        {
            "period": period.code,
            **{name: day.isoformat() for name, day in vars(days).items()},
            "reason": reason,
            "by": by,
            "now": now(),
        },
    )


def thresholds(db: Database) -> ThresholdsOf:
    """Every decision about thresholds."""
    found: ThresholdsOf = {}
    for name, first, number, decided_at in db.execute(
        "SELECT name, first_period, value, decided_at FROM thresholds ORDER BY id"
    ):
        found.setdefault(Threshold(name), []).append((Spell(first, None, day_of(decided_at)), number))
    return found


def threshold_decisions(db: Database) -> list[Row]:
    """The decisions about thresholds as they read: name, first_period, value, reason, decided_by, decided_at."""
    by = called("decided_by")
    sql = f"SELECT name, first_period, value, reason, {by} AS decided_by, decided_at FROM thresholds"  # noqa: S608
    return list(db.query(sql))


def dates_decisions(db: Database) -> list[Row]:
    """The decisions about days as they read: period, the five days, reason, decided_by, decided_at."""
    by = called("decided_by")
    sql = f"SELECT period, {_DAYS}, reason, {by} AS decided_by, decided_at FROM reporting_dates"  # noqa: S608
    return list(db.query(sql))


def decide_threshold(db: Database, name: Threshold, first: str, number: float, reason: str, by: str) -> int:
    """A new decision's id; it counts from the half-year first on."""
    return insert(
        db,
        """
        INSERT INTO thresholds (name, first_period, value, reason, decided_by, decided_at)
        VALUES (:name, :first, :value, :reason, :by, :now)
        """,
        {"name": name.value, "first": first, "value": number, "reason": reason, "by": by, "now": now()},
    )
