"""The same counts, counted from the sessions by SQL alone: what the counters are compared with in tests."""

from collections.abc import Sequence

from sqlite_utils import Database

from fitservice.model import Period
from fitservice.store.rows import Row

Key = tuple[int, str]
"""District id and period code."""

Marks = tuple[str, int, int | None, int | None]
"""An instrument's key, 1 if higher is better, else -1, its reliable change and its low total in the column's unit."""


def counts(
    db: Database,
    periods: Sequence[Period],
    *,
    instruments: Sequence[Marks],
    district_id: int | None = None,
) -> dict[Key, dict[str, int]]:
    """The counts that rules.figures reads, for every district (or one) and period that has any."""
    found: dict[Key, dict[str, int]] = {}
    params: Row = {"district_id": district_id}
    marks = _marks(instruments, params)
    for sql in (_ACTIVE, _SESSIONS, _LIFE_SATISFACTION, _OUTCOME, _ALLIANCE):
        _collect(found, _run(db, marks + sql, periods, params))
    return found


def days(db: Database) -> dict[tuple[int, str], dict[str, int]]:
    """What store.counters keeps of single days, by district id and day."""
    return {(row.pop("district_id"), row.pop("day")): row for row in db.query(_DAYS)}


def _marks(instruments: Sequence[Marks], params: Row) -> str:
    """A table of the instruments' marks, for queries to judge each score by its own instrument."""
    values = ", ".join(f"(:key{n}, :direction{n}, :change{n}, :low{n})" for n in range(len(instruments)))
    for n, (key, direction, reliable_change, low_total) in enumerate(instruments):
        params |= {f"key{n}": key, f"direction{n}": direction, f"change{n}": reliable_change, f"low{n}": low_total}
    return f", marks (key, direction, reliable_change, low_total) AS (VALUES {values})"


def _run(db: Database, sql: str, periods: Sequence[Period], params: Row) -> list[Row]:
    values = ", ".join(f"(:code{n}, :first{n}, :last{n})" for n in range(len(periods)))
    for n, period in enumerate(periods):
        params |= {
            f"code{n}": period.code,
            f"first{n}": period.first_day.isoformat(),
            f"last{n}": period.last_day.isoformat(),
        }
    return list(db.query(f"WITH periods (code, first_day, last_day) AS (VALUES {values}){sql}", params))


def _collect(found: dict[Key, dict[str, int]], rows: list[Row]) -> None:
    for row in rows:
        key = row.pop("district_id"), row.pop("code")
        found.setdefault(key, {}).update({name: number or 0 for name, number in row.items()})


_IN_DISTRICT = "(:district_id IS NULL OR service_users.district_id = :district_id)"

_ACTIVE_ENROLMENTS = f"""
    FROM periods
    JOIN enrolments ON enrolled_from <= last_day AND (enrolled_to IS NULL OR enrolled_to >= first_day)
    JOIN service_users ON service_users.id = enrolments.service_user_id
    WHERE {_IN_DISTRICT}
"""

_HELD_SESSIONS = f"""
    FROM periods
    JOIN sessions ON held_on BETWEEN first_day AND last_day AND withdrawn = 0
    JOIN enrolments ON enrolments.id = sessions.enrolment_id
    JOIN service_users ON service_users.id = enrolments.service_user_id
    WHERE {_IN_DISTRICT}
"""

_ACTIVE = f"""
    SELECT service_users.district_id, code, COUNT(DISTINCT service_users.id) AS active_users
    {_ACTIVE_ENROLMENTS}
    GROUP BY service_users.district_id, code
"""

_SESSIONS = f"""
    SELECT service_users.district_id, code,
           COUNT(*) AS sessions,
           COUNT(life_satisfaction) AS sessions_with_life_satisfaction,
           COUNT(COALESCE(outcome_total, alliance_total)) AS sessions_with_feedback,
           COUNT(DISTINCT CASE
               WHEN COALESCE(outcome_total, alliance_total) IS NOT NULL THEN service_users.id
           END) AS feedback_users,
           COUNT(alliance_total) AS alliance_totals,
           COUNT(CASE
               WHEN alliance_total < (SELECT low_total FROM marks WHERE key = alliance_instrument) THEN 1
           END) AS alliance_low_totals
    {_HELD_SESSIONS}
    GROUP BY service_users.district_id, code
"""


def _latest(column: str, instrument: str, selected: str) -> str:
    """SQL over each service user's latest score of the period, beside the first on the same instrument then.

    The first is that of the same enrolment.
    """
    return f""",
    scored AS (
        SELECT service_users.district_id, code, sessions.id, enrolment_id, {instrument} AS instrument,
               {column} AS score,
               ROW_NUMBER() OVER (
                   PARTITION BY code, service_users.id
                   ORDER BY held_on DESC
               ) AS newest
        {_HELD_SESSIONS} AND {column} IS NOT NULL
    ),
    ordered AS (
        SELECT id, enrolment_id, {instrument} AS instrument, {column} AS score,
               ROW_NUMBER() OVER (PARTITION BY enrolment_id, {instrument} ORDER BY held_on) AS place
        FROM sessions
        WHERE {column} IS NOT NULL AND withdrawn = 0
    ),
    latest AS (
        SELECT scored.district_id, scored.code, scored.score, scored.score - ordered.score AS change,
               direction, reliable_change
        FROM scored
        LEFT JOIN ordered
          ON ordered.enrolment_id = scored.enrolment_id
         AND ordered.instrument = scored.instrument
         AND place = 1
         AND ordered.id <> scored.id
        LEFT JOIN marks ON marks.key = scored.instrument
        WHERE newest = 1
    )
    SELECT district_id, code, {selected}
    FROM latest
    GROUP BY district_id, code
    """


_CHANGES = """
    COUNT(change) AS {0}_paired,
    SUM(change) AS {0}_change_sum,
    COUNT(CASE WHEN direction * change >= reliable_change THEN 1 END) AS {0}_improved,
    COUNT(CASE WHEN direction * change <= -reliable_change THEN 1 END) AS {0}_deteriorated
"""

_LIFE_SATISFACTION = _latest(
    "life_satisfaction",
    "'life_satisfaction'",
    "COUNT(*) AS measured_users, SUM(score) AS life_satisfaction_sum,"
    " SUM(score * score) AS life_satisfaction_squares, "
    + "".join(f"COUNT(CASE WHEN score = {score} THEN 1 END) AS life_satisfaction_{score}, " for score in range(1, 8))
    + _CHANGES.format("life_satisfaction"),
)

_OUTCOME = _latest(
    "outcome_total",
    "outcome_instrument",
    "COUNT(*) AS outcome_users, SUM(score) AS outcome_sum, " + _CHANGES.format("outcome"),
)

_ALLIANCE = _latest("alliance_total", "alliance_instrument", "COUNT(*) AS alliance_users, SUM(score) AS alliance_sum")

_DAYS = """
    WITH held AS (
        SELECT district_id, service_user_id, held_on, life_satisfaction, life_satisfaction_1_10
        FROM sessions
        JOIN enrolments ON enrolments.id = enrolment_id
        JOIN service_users ON service_users.id = service_user_id
        WHERE withdrawn = 0
    ),
    firsts AS (
        SELECT district_id, service_user_id, MIN(held_on) AS day
        FROM held
        WHERE life_satisfaction IS NOT NULL
        GROUP BY district_id, service_user_id, substr(held_on, 1, 4), substr(held_on, 6, 2) > '06'
    ),
    newly AS MATERIALIZED (SELECT district_id, day, COUNT(*) AS newly_measured FROM firsts GROUP BY district_id, day)
    SELECT held.district_id, held_on AS day, COUNT(*) AS sessions, COUNT(life_satisfaction_1_10) AS other_scale,
           COALESCE(newly_measured, 0) AS newly_measured
    FROM held
    LEFT JOIN newly ON newly.district_id = held.district_id AND newly.day = held_on
    GROUP BY held.district_id, held_on
"""
