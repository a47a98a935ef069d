"""Expected courses: the totals to learn from, and what was learned. The newest row of an instrument counts."""

from collections.abc import Iterable
from datetime import date

from sqlite_utils import Database

from fitservice.instruments.instrument import Instrument
from fitservice.model import Kind
from fitservice.rules.expected_course import Fit
from fitservice.store.rows import insert, now


def totals(db: Database, instrument: Instrument) -> Iterable[tuple[int, int, float]]:
    """Every total of that instrument that counts, of all districts: service user, enrolment, points.

    In this order; of one service user the first enrolment first, of one enrolment the oldest total first.
    """
    # the city's own question is the only one of its kind, and no column says so
    answered_on_it = "1" if instrument.kind is Kind.LIFE_SATISFACTION else f"{instrument.kind.value}_instrument = :key"
    rows = db.execute(
        f"""
        SELECT service_user_id, enrolment_id, {instrument.total_column}
        FROM sessions
        JOIN enrolments ON enrolments.id = sessions.enrolment_id
        WHERE withdrawn = 0
          AND {instrument.total_column} IS NOT NULL
          AND {answered_on_it}
        ORDER BY service_user_id, enrolled_from, held_on
        """,  # noqa: S608 - column names are ours
        {"key": instrument.key},
    )
    return ((service_user_id, enrolment_id, total / instrument.unit) for service_user_id, enrolment_id, total in rows)


def add(db: Database, instrument: str, fitted_on: date, fit: Fit) -> int:
    """What was learned on a day, as a new row's id; from now on it counts."""
    return insert(
        db,
        """
        INSERT INTO expected_courses
            (instrument, fitted_at, fitted_on, service_users, scores, intercept, by_first, by_log_session, spread)
        VALUES (:instrument, :now, :fitted_on, :service_users, :scores, :intercept, :by_first, :by_log_session, :spread)
        """,
        {"instrument": instrument, "now": now(), "fitted_on": fitted_on.isoformat(), **vars(fit)},
    )


def newest(db: Database) -> dict[str, tuple[date, Fit]]:
    """What counts now, by the instrument's key: the day it was learned on, and what was learned."""
    rows = db.query(
        """
        SELECT instrument, fitted_on, intercept, by_first, by_log_session, spread, service_users, scores
        FROM expected_courses
        WHERE id IN (SELECT MAX(id) FROM expected_courses GROUP BY instrument)
        """
    )
    return {row.pop("instrument"): (date.fromisoformat(row.pop("fitted_on")), Fit(**row)) for row in rows}
