"""What the quality checks read of one district and half-year, and what was decided about their findings."""

import json
from datetime import date, timedelta

from sqlite_utils import Database

from fitservice.clock import day_of
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Period
from fitservice.reporting import Check
from fitservice.rules.figures import figures_from_counts
from fitservice.rules.periods import as_known, previous
from fitservice.rules.quality import LOOK_BACK
from fitservice.rules.quality.evidence import Enrolled, Evidence, Held
from fitservice.rules.quality.half_year import HISTORY_MOST
from fitservice.store.counters import counts
from fitservice.store.rows import Row, called, insert, now

_ITEMS = (*OUTCOME_ITEMS, *ALLIANCE_ITEMS)

# a correction has a recorder and a moment of its own: whose way of recording it was, and when, says the first revision
_SESSIONS = f"""
    SELECT sessions.id, enrolments.service_user_id, sessions.enrolment_id, reference, sessions.held_on,
           COALESCE(first.recorded_by, sessions.recorded_by) AS recorder,
           COALESCE(first.recorded_at, sessions.recorded_at) AS recorded_at,
           sessions.life_satisfaction, sessions.life_satisfaction_1_10,
           {", ".join(f"sessions.{item}" for item in _ITEMS)}, enrolled_to
    FROM service_users
    JOIN enrolments ON enrolments.service_user_id = service_users.id
    JOIN sessions ON sessions.enrolment_id = enrolments.id
    LEFT JOIN session_revisions AS first ON first.session_id = sessions.id AND first.revision = 1
    WHERE sessions.held_on BETWEEN :first_day AND :last_day
      AND sessions.withdrawn = 0
"""  # noqa: S608 - column names are ours


def evidence(db: Database, district_id: int, period: Period, today: date) -> Evidence:
    """What the rules judge a half-year of a district by, as far as it had come by that day.

    Reads the half-year's sessions, what its service users had in the two years before, one row for each open
    enrolment, and counters.
    """
    known = as_known(period, today)
    held = _held(db, district_id, known)
    history = [previous(period)]
    while len(history) < HISTORY_MOST:
        history.append(previous(history[-1]))
    figures = counts(db, [period, *history], district_id)
    return Evidence(
        held,
        _earlier(db, {session.enrolment_id for session in held}, period.first_day),
        _enrolled(db, district_id, known.last_day, today),
        figures_from_counts(figures[district_id, period.code]),
        [figures_from_counts(row) for before in history if (row := figures[district_id, before.code])["sessions"]],
    )


def _held(db: Database, district_id: int, period: Period) -> list[Held]:
    """The sessions that count, oldest first."""
    sql = f"{_SESSIONS} AND district_id = :district_id ORDER BY sessions.held_on, reference COLLATE norwegian"
    return [_session(row) for row in db.query(sql, {"district_id": district_id, **_days(period)})]


def _earlier(db: Database, enrolment_ids: set[int], first_day: date) -> list[Held]:
    """The sessions of these enrolments in the two years before a day."""
    params = {
        "ids": json.dumps(sorted(enrolment_ids)),
        "first_day": (first_day - LOOK_BACK).isoformat(),
        "last_day": (first_day - timedelta(days=1)).isoformat(),
    }
    sql = f"{_SESSIONS} AND enrolments.id IN (SELECT value FROM json_each(:ids))"  # noqa: S608
    return [_session(row) for row in db.query(sql, params)]


def _enrolled(db: Database, district_id: int, on: date, today: date) -> list[Enrolled]:
    """Who is enrolled on both days, with the latest session up to the first of them."""
    rows = db.query(
        """
        SELECT service_users.id, reference, enrolled_from,
               (
                   SELECT MAX(held_on)
                   FROM sessions
                   WHERE enrolment_id = enrolments.id AND withdrawn = 0 AND held_on <= :on
               ) AS last_held
        FROM service_users
        JOIN enrolments ON enrolments.service_user_id = service_users.id
        WHERE district_id = :district_id
          AND enrolled_from <= :on
          AND (enrolled_to IS NULL OR enrolled_to >= :today)
        ORDER BY reference COLLATE norwegian
        """,
        {"district_id": district_id, "on": on.isoformat(), "today": today.isoformat()},
    )
    return [
        Enrolled(row["id"], row["reference"], date.fromisoformat(row["enrolled_from"]), _day(row["last_held"]))
        for row in rows
    ]


def decide(
    db: Database, district_id: int, period: Period, check: Check, key: str, reason: str | None, decided_by: str
) -> int:
    """A new row about a finding: dismissed for a reason, or with none the dismissal is taken back. Returns its id."""
    return insert(
        db,
        """
        INSERT INTO check_dismissals
            (district_id, period, check_name, key, reason, withdrawn, dismissed_by, dismissed_at)
        VALUES (:district_id, :period, :check_name, :key, :reason, :withdrawn, :decided_by, :now)
        """,
        {
            "district_id": district_id,
            "period": period.code,
            "check_name": check.value,
            "key": key,
            "reason": reason,
            "withdrawn": int(reason is None),
            "decided_by": decided_by,
            "now": now(),
        },
    )


def decisions(db: Database, district_id: int, period: Period, as_of: date) -> dict[tuple[str, str], Row]:
    """The latest row about each finding up to a day, by check and key: reason, withdrawn, dismissed_at, dismissed_by.

    dismissed_by is a name where there is an account.
    """
    rows = db.query(
        f"""
        SELECT check_name, key, reason, withdrawn, dismissed_at, {called("dismissed_by")} AS dismissed_by
        FROM check_dismissals
        WHERE district_id = :district_id
          AND period = :period
        ORDER BY id
        """,  # noqa: S608
        {"district_id": district_id, "period": period.code},
    )
    return {(row["check_name"], row["key"]): row for row in rows if day_of(row["dismissed_at"]) <= as_of}


def _session(row: Row) -> Held:
    return Held(
        row["id"],
        row["service_user_id"],
        row["enrolment_id"],
        row["reference"],
        date.fromisoformat(row["held_on"]),
        row["recorder"],
        day_of(row["recorded_at"]),
        row["life_satisfaction"],
        row["life_satisfaction_1_10"],
        tuple(row[item] for item in _ITEMS),
        _day(row["enrolled_to"]),
    )


def _days(period: Period) -> dict[str, str]:
    return {"first_day": period.first_day.isoformat(), "last_day": period.last_day.isoformat()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
