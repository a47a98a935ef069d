"""What gaps were judged on, as it was known on any day: from all that was ever recorded, corrections included."""

from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from fitservice.clock import end_of
from fitservice.model import Period
from fitservice.store.rows import Row, value
from fitservice.store.sight import CONTACT_SEES


def evidence(db: Database, periods: Sequence[Period], as_of: date, district_id: int | None = None) -> list[Row]:
    """One row per district and period, also where nothing happened, as the record read at the end of a day.

    It goes through every session and its corrections: for days that are past. What is known now stands in counters.
    """
    values = ", ".join(f"(:code{n}, :first{n}, :last{n})" for n in range(len(periods)))
    params: Row = {"district_id": district_id, "as_of": as_of.isoformat(), "end": end_of(as_of)}
    for n, period in enumerate(periods):
        params |= {
            f"code{n}": period.code,
            f"first{n}": period.first_day.isoformat(),
            f"last{n}": period.last_day.isoformat(),
        }
    return list(db.query(f"WITH periods (code, first_day, last_day) AS (VALUES {values}){_EVIDENCE}", params))


def without_score_now(db: Database, half: Period, day: date) -> dict[int, int]:
    """How many enrolled on a day have no score in a half-year up to then, by their contact's staff id."""
    params = {"day": day.isoformat(), "first_day": half.first_day.isoformat()}
    return dict(db.execute(_WITHOUT_SCORE_NOW, params).fetchall())


def without_score_then(db: Database, half: Period, as_of: date) -> dict[int, int]:
    """The same as the record read at the end of a day that is past; contacts are those of now."""
    params = {"as_of": as_of.isoformat(), "end": end_of(as_of), "first_day": half.first_day.isoformat()}
    return dict(db.execute(_WITHOUT_SCORE_THEN, params | {"district_id": None}).fetchall())


def first_session(db: Database) -> date | None:
    """The day of the first session anywhere."""
    day = value(db, "SELECT MIN(held_on) FROM sessions WHERE withdrawn = 0")
    return date.fromisoformat(day) if day else None


_IN_DISTRICT = "(:district_id IS NULL OR service_users.district_id = :district_id)"

_SESSION = "held_on, life_satisfaction, life_satisfaction_1_10, outcome_total, alliance_total, withdrawn"

# of each session and each enrolment the revision that counted then: the last one recorded before the end of the day
_THEN = f"""
    session_versions AS (
        SELECT id, revision, recorded_at, enrolment_id, {_SESSION} FROM sessions
        UNION ALL
        SELECT session_id, revision, recorded_at, enrolment_id, {_SESSION} FROM session_revisions
    ),
    sessions_then AS (
        SELECT id, MAX(revision), enrolment_id, {_SESSION}
        FROM session_versions
        WHERE recorded_at < :end
        GROUP BY id
    ),
    enrolment_versions AS (
        SELECT id, revision, recorded_at, enrolled_from, enrolled_to FROM enrolments
        UNION ALL
        SELECT enrolment_id, revision, recorded_at, enrolled_from, enrolled_to FROM enrolment_revisions
    ),
    enrolments_then AS (
        SELECT versions.id, MAX(versions.revision), service_user_id, district_id,
               versions.enrolled_from, versions.enrolled_to
        FROM enrolment_versions AS versions
        JOIN enrolments ON enrolments.id = versions.id
        JOIN service_users ON service_users.id = service_user_id
        WHERE versions.recorded_at < :end AND {_IN_DISTRICT}
        GROUP BY versions.id
    ),
    held_then AS (
        SELECT district_id, service_user_id, {_SESSION}
        FROM sessions_then
        JOIN enrolments_then ON enrolments_then.id = enrolment_id
        WHERE withdrawn = 0 AND held_on <= :as_of
    )"""  # noqa: S608 - column names are ours

_EVIDENCE = f""",
    {_THEN},
    active AS (
        SELECT district_id, code, COUNT(DISTINCT service_user_id) AS active_users
        FROM periods
        JOIN enrolments_then
          ON enrolled_from <= last_day AND (enrolled_to IS NULL OR enrolled_to >= first_day)
        GROUP BY district_id, code
    ),
    held AS (
        SELECT district_id, code,
               COUNT(*) AS sessions,
               COUNT(COALESCE(outcome_total, alliance_total)) AS sessions_with_feedback,
               COUNT(DISTINCT CASE WHEN life_satisfaction IS NOT NULL THEN service_user_id END) AS measured_users,
               MIN(CASE WHEN life_satisfaction_1_10 IS NOT NULL THEN held_on END) AS other_scale_since
        FROM periods
        JOIN held_then ON held_on BETWEEN first_day AND last_day
        GROUP BY district_id, code
    ),
    recorded AS (
        SELECT district_id, MAX(held_on) AS last_recorded
        FROM held_then
        GROUP BY district_id
    ),
    kept AS (
        SELECT district_id, MAX(changed_at) AS register_changed_at
        FROM register_changes
        WHERE changed_at < :end
        GROUP BY district_id
    )
    SELECT districts.id AS district_id, periods.code AS period,
           COALESCE(active_users, 0) AS active_users,
           COALESCE(measured_users, 0) AS measured_users,
           COALESCE(sessions, 0) AS sessions,
           COALESCE(sessions_with_feedback, 0) AS sessions_with_feedback,
           other_scale_since, last_recorded, register_changed_at
    FROM districts
    CROSS JOIN periods
    LEFT JOIN active ON active.district_id = districts.id AND active.code = periods.code
    LEFT JOIN held ON held.district_id = districts.id AND held.code = periods.code
    LEFT JOIN recorded ON recorded.district_id = districts.id
    LEFT JOIN kept ON kept.district_id = districts.id
    WHERE :district_id IS NULL OR districts.id = :district_id
"""  # noqa: S608

_WITHOUT_SCORE_NOW = f"""
    SELECT caseworker_id, COUNT(*)
    FROM service_users
    WHERE caseworker_id IS NOT NULL
      AND {CONTACT_SEES}
      AND EXISTS (
          SELECT 1
          FROM enrolments
          WHERE service_user_id = service_users.id
            AND enrolled_from <= :day
            AND (enrolled_to IS NULL OR enrolled_to >= :day)
      )
      AND NOT EXISTS (
          SELECT 1
          FROM enrolments
          JOIN sessions ON enrolment_id = enrolments.id
          WHERE service_user_id = service_users.id
            AND held_on BETWEEN :first_day AND :day
            AND withdrawn = 0
            AND life_satisfaction IS NOT NULL
      )
    GROUP BY caseworker_id
"""  # noqa: S608

_WITHOUT_SCORE_THEN = f"""
    WITH {_THEN.lstrip()}
    SELECT caseworker_id, COUNT(*)
    FROM service_users
    WHERE caseworker_id IS NOT NULL
      AND {CONTACT_SEES}
      AND id IN (
          SELECT service_user_id
          FROM enrolments_then
          WHERE enrolled_from <= :as_of AND (enrolled_to IS NULL OR enrolled_to >= :as_of)
      )
      AND id NOT IN (
          SELECT service_user_id FROM held_then WHERE held_on >= :first_day AND life_satisfaction IS NOT NULL
      )
    GROUP BY caseworker_id
"""  # noqa: S608
