"""Counts of single days per district, which store.counters keeps; what is read does not grow with the record."""

import json
from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from fitservice.model import Period


def last_sessions(db: Database, until: date, district_id: int | None = None) -> dict[int, date]:
    """The last day up to until on which a session was held, by district id; no entry where there is none."""
    found = db.execute(_LAST_SESSIONS, {"until": until.isoformat(), "district_id": district_id})
    return {id_: date.fromisoformat(day) for id_, day in found if day}


def first_other_scale(
    db: Database, periods: Sequence[Period], district_id: int | None = None
) -> dict[tuple[int, str], date]:
    """The first day of each period with a session scored on another scale, by district id and period code."""
    found = db.execute(_FIRST_OTHER_SCALE, {"periods": _as_json(periods), "district_id": district_id})
    return {(id_, code): date.fromisoformat(day) for id_, code, day in found if day}


def newly_measured(
    db: Database, half_years: Sequence[Period], district_id: int | None = None
) -> dict[tuple[int, str], dict[date, int]]:
    """How many had the first life-satisfaction score of each half-year on which day, oldest day first.

    By district id and period code; no entry where nobody was measured. Sums up to a day are service users.
    """
    found: dict[tuple[int, str], dict[date, int]] = {}
    for id_, code, day, number in db.execute(
        _NEWLY_MEASURED, {"periods": _as_json(half_years), "district_id": district_id}
    ):
        found.setdefault((id_, code), {})[date.fromisoformat(day)] = number
    return found


def _as_json(periods: Sequence[Period]) -> str:
    return json.dumps([[one.code, one.first_day.isoformat(), one.last_day.isoformat()] for one in periods])


_PERIODS = """
    WITH periods (code, first_day, last_day) AS (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
        FROM json_each(:periods)
    )
"""

# each look is one step from the end of an index, however many days there are

_LAST_SESSIONS = """
    SELECT districts.id, (
        SELECT day
        FROM days
        WHERE days.district_id = districts.id AND day <= :until AND sessions > 0
        ORDER BY day DESC
        LIMIT 1
    )
    FROM districts
    WHERE :district_id IS NULL OR districts.id = :district_id
"""

# left to itself SQLite walks through all the days of the period
_FIRST_OTHER_SCALE = f"""
    {_PERIODS}
    SELECT districts.id, periods.code, (
        SELECT MIN(day)
        FROM days INDEXED BY days_other_scale
        WHERE days.district_id = districts.id AND day BETWEEN first_day AND last_day AND other_scale > 0
    )
    FROM districts
    CROSS JOIN periods
    WHERE :district_id IS NULL OR districts.id = :district_id
"""  # noqa: S608

_NEWLY_MEASURED = f"""
    {_PERIODS}
    SELECT district_id, periods.code, day, newly_measured
    FROM districts
    CROSS JOIN periods
    JOIN days ON days.district_id = districts.id AND day BETWEEN first_day AND last_day AND newly_measured > 0
    WHERE :district_id IS NULL OR districts.id = :district_id
    ORDER BY districts.id, first_day, day
"""  # noqa: S608
