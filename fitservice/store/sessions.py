"""Sessions and their earlier revisions."""

from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor, Answers, Remarks
from fitservice.store.counters import kept
from fitservice.store.rows import Row, called, insert, new_id, now, one, value
from fitservice.store.sight import OWN, READABLE, seen_by

ANSWER_COLUMNS = tuple(Answers.__dataclass_fields__)
_SAID = (*ANSWER_COLUMNS, *Remarks.__dataclass_fields__)
_COLUMNS = ", ".join(_SAID)

SEALED = ("note", "next_step")
"""The columns that are sealed, each in the place 'sessions.<column>:<id of the session>'; revisions hold copies."""


def _place(name: str) -> str:
    """Where a value of this column comes from: sealed on its way in."""
    return f"sealed(:{name}, 'sessions.{name}:' || :id)" if name in SEALED else f":{name}"


_PLACES = ", ".join(map(_place, _SAID))
_ASSIGNED = ", ".join(f"{name} = {_place(name)}" for name in _SAID)


def _told(table: str, session_id: str) -> str:
    """SQL for all columns of sessions or session_revisions, opened."""
    plain = [name for name in _SAID if name not in SEALED]
    kept = ("outcome_total", "alliance_total", "withdrawn", "revision", "recorded_by", "recorded_at", "reason")
    columns = [f"{table}.{name}" for name in (session_id, "enrolment_id", "held_on", *plain, *kept)]
    opened = [f"opened({table}.{name}, 'sessions.{name}:' || {table}.{session_id}) AS {name}" for name in SEALED]
    return ", ".join([*columns, *opened])


_SESSION = _told("sessions", "id")
REVISION = _told("session_revisions", "session_id")
"""SQL for what a session was before, opened."""

_RECORDER = f"{called('sessions.recorded_by')} AS recorder"

NOTED = "noted"
"""The reason of a revision in which only the note or the next step changed."""
COMPLETED = "completed"
"""The reason of a revision that only added answers given later the same day."""
ANSWERED_AGAIN = "answered_again"
"""The reason of a revision in which answers given on the screen took the place of others."""


def add(db: Database, enrolment_id: int, held_on: date, answers: Answers, remarks: Remarks, recorded_by: str) -> int:
    """A new session's id; the caller has checked that the enrolment has none on that day."""
    with kept(db, enrolment_ids=[enrolment_id]):
        return insert(
            db,
            f"""
            INSERT INTO sessions (id, enrolment_id, held_on, {_COLUMNS}, recorded_by, recorded_at)
            VALUES (:id, :enrolment_id, :held_on, {_PLACES}, :recorded_by, :now)
            """,  # noqa: S608 - column names are ours
            {
                "id": new_id(),
                "enrolment_id": enrolment_id,
                "held_on": held_on.isoformat(),
                "recorded_by": recorded_by,
                "now": now(),
                **vars(answers),
                **vars(remarks),
            },
        )


def revise(
    db: Database,
    session_id: int,
    *,
    enrolment_id: int,
    held_on: date,
    answers: Answers,
    remarks: Remarks,
    withdrawn: bool,
    recorded_by: str,
    reason: str,
) -> None:
    """Keep the session as it was and put a new revision in its place."""
    db.execute(
        f"""
        INSERT INTO session_revisions
            (session_id, revision, enrolment_id, held_on, {_COLUMNS}, outcome_total, alliance_total,
             withdrawn, recorded_by, recorded_at, reason)
        SELECT id, revision, enrolment_id, held_on, {_COLUMNS}, outcome_total, alliance_total,
               withdrawn, recorded_by, recorded_at, reason
        FROM sessions
        WHERE id = :id
        """,  # noqa: S608
        {"id": session_id},
    )
    before = value(db, "SELECT enrolment_id FROM sessions WHERE id = :id", {"id": session_id})
    with kept(db, enrolment_ids=[before, enrolment_id]):
        db.execute(
            f"""
            UPDATE sessions
            SET enrolment_id = :enrolment_id,
                held_on = :held_on,
                {_ASSIGNED},
                withdrawn = :withdrawn,
                recorded_by = :recorded_by,
                recorded_at = :now,
                reason = :reason,
                revision = revision + 1
            WHERE id = :id
            """,  # noqa: S608
            {
                "id": session_id,
                "enrolment_id": enrolment_id,
                "held_on": held_on.isoformat(),
                "withdrawn": int(withdrawn),
                "recorded_by": recorded_by,
                "reason": reason,
                "now": now(),
                **vars(answers),
                **vars(remarks),
            },
        )


def by_id(db: Database, by: Actor, session_id: int, *, to_read: bool = False) -> Row | None:
    """One session of the actor's district, withdrawn or not: also service_user_id, reference, and recorder, a name.

    to_read finds those of others too to whom the actor has been given access.
    """
    return one(
        db,
        f"""
        SELECT {_SESSION}, {_RECORDER}, enrolments.service_user_id, service_users.reference
        FROM sessions
        JOIN enrolments ON enrolments.id = sessions.enrolment_id
        JOIN service_users ON service_users.id = enrolments.service_user_id
        WHERE sessions.id = :id AND {READABLE if to_read else OWN}
        """,  # noqa: S608
        {"id": session_id, **seen_by(by)},
    )


def whose(db: Database, session_id: int) -> int | None:
    """The id of the service user with whom a session was held, and nothing else of it."""
    sql = """
        SELECT service_user_id
        FROM sessions
        JOIN enrolments ON enrolments.id = enrolment_id
        WHERE sessions.id = :id
        """
    found = value(db, sql, {"id": session_id})
    return None if found is None else int(found)


def on_day(db: Database, enrolment_id: int, held_on: date) -> Row | None:
    """The session of an enrolment on a day, unless it was withdrawn."""
    return one(
        db,
        f"""
        SELECT {_SESSION}
        FROM sessions
        WHERE enrolment_id = :enrolment_id AND held_on = :held_on AND withdrawn = 0
        """,  # noqa: S608
        {"enrolment_id": enrolment_id, "held_on": held_on.isoformat()},
    )


def of_service_user(db: Database, service_user_id: int) -> list[Row]:
    """All sessions of one service user, oldest first; withdrawn ones too, before the one that took their day.

    recorder is the name of recorded_by.
    """
    return list(
        db.query(
            f"""
            SELECT {_SESSION}, {_RECORDER}
            FROM enrolments
            JOIN sessions ON sessions.enrolment_id = enrolments.id
            WHERE service_user_id = :id
            ORDER BY held_on, withdrawn DESC, sessions.recorded_at, sessions.id
            """,  # noqa: S608
            {"id": service_user_id},
        )
    )


def of_open_enrolments(db: Database, by: Actor) -> list[Row]:
    """The sessions that count of all who are enrolled in the actor's district, oldest first: what a list tells of them.

    next_step only of the latest session of an enrolment that has one: each costs an opening.
    """
    return list(
        db.query(
            f"""
            SELECT sessions.id, enrolment_id, held_on, life_satisfaction, outcome_total, alliance_total,
                   outcome_instrument, alliance_instrument, missing_reason,
                   CASE
                       WHEN next_step IS NOT NULL
                        AND held_on = MAX(CASE WHEN next_step IS NOT NULL THEN held_on END)
                                      OVER (PARTITION BY enrolment_id)
                       THEN opened(next_step, 'sessions.next_step:' || sessions.id)
                   END AS next_step
            FROM service_users
            JOIN enrolments ON enrolments.service_user_id = service_users.id
            JOIN sessions ON sessions.enrolment_id = enrolments.id
            WHERE {OWN}
              AND enrolled_to IS NULL
              AND withdrawn = 0
            ORDER BY held_on
            """,  # noqa: S608
            seen_by(by),
        )
    )


def days_held(db: Database, enrolment_id: int) -> list[str]:
    """First and last day of an enrolment's sessions, as ISO text; empty without any."""
    row = one(
        db,
        """
        SELECT MIN(held_on) AS first_day, MAX(held_on) AS last_day
        FROM sessions
        WHERE enrolment_id = :id AND withdrawn = 0
        """,
        {"id": enrolment_id},
    )
    return [day for day in (row or {}).values() if day]


def earlier_revisions(db: Database, session_id: int) -> list[Row]:
    """What a session was before it was corrected, newest first; recorder is a name."""
    return list(
        db.query(
            f"""
            SELECT {REVISION}, {called("recorded_by")} AS recorder
            FROM session_revisions
            WHERE session_id = :id
            ORDER BY revision DESC
            """,  # noqa: S608
            {"id": session_id},
        )
    )
