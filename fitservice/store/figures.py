"""What gaps are judged on, as of any day: all districts and all periods in one pass."""

from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from fitservice.model import Period
from fitservice.store.rows import Row, value


def evidence(db: Database, periods: Sequence[Period], as_of: date, district_id: int | None = None) -> list[Row]:
    """What gaps are judged on: one row per district and period, also where nothing happened."""
    params = {"district_id": district_id, "as_of": as_of.isoformat()}
    return _run(db, _EVIDENCE, periods, params)


def first_session(db: Database) -> date | None:
    """The day of the first session anywhere: the city's reporting begins with its half-year."""
    day = value(db, "SELECT MIN(held_on) FROM sessions WHERE withdrawn = 0")
    return date.fromisoformat(day) if day else None


def _run(db: Database, sql: str, periods: Sequence[Period], params: Row) -> list[Row]:
    values = ", ".join(f"(:code{n}, :first{n}, :last{n})" for n in range(len(periods)))
    for n, period in enumerate(periods):
        params |= {
            f"code{n}": period.code,
            f"first{n}": period.first_day.isoformat(),
            f"last{n}": period.last_day.isoformat(),
        }
    return list(db.query(f"WITH periods (code, first_day, last_day) AS (VALUES {values}){sql}", params))


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

_EVIDENCE = f""",
    active AS ({_ACTIVE}),
    held AS (
        SELECT service_users.district_id, code,
               COUNT(*) AS sessions,
               COUNT(COALESCE(outcome_total, alliance_total)) AS sessions_with_feedback,
               COUNT(DISTINCT CASE WHEN life_satisfaction IS NOT NULL THEN service_users.id END)
                   AS measured_users,
               MIN(CASE WHEN life_satisfaction_1_10 IS NOT NULL THEN held_on END) AS other_scale_since
        {_HELD_SESSIONS}
        GROUP BY service_users.district_id, code
    ),
    recorded AS (
        SELECT service_users.district_id, MAX(held_on) AS last_recorded
        FROM sessions
        JOIN enrolments ON enrolments.id = sessions.enrolment_id
        JOIN service_users ON service_users.id = enrolments.service_user_id
        WHERE held_on <= :as_of AND withdrawn = 0 AND {_IN_DISTRICT}
        GROUP BY service_users.district_id
    )
    SELECT districts.id AS district_id, periods.code AS period,
           COALESCE(active_users, 0) AS active_users,
           COALESCE(measured_users, 0) AS measured_users,
           COALESCE(sessions, 0) AS sessions,
           COALESCE(sessions_with_feedback, 0) AS sessions_with_feedback,
           other_scale_since, last_recorded
    FROM districts
    CROSS JOIN periods
    LEFT JOIN active ON active.district_id = districts.id AND active.code = periods.code
    LEFT JOIN held ON held.district_id = districts.id AND held.code = periods.code
    LEFT JOIN recorded ON recorded.district_id = districts.id
    WHERE :district_id IS NULL OR districts.id = :district_id
"""  # noqa: S608
