"""Erasing what is recorded of a service user: asked for by one, carried out by another; and whom to review for it."""

from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.counters import kept
from fitservice.store.names import NAME
from fitservice.store.rows import Row, called, insert, new_id, now, one
from fitservice.store.sight import OWN, seen_by


def ask(db: Database, service_user_id: int, district_id: int, reason: str, asked_by: str) -> int:
    """A request's id; the caller has checked that there is no open one."""
    return insert(
        db,
        """
        INSERT INTO erasures (id, service_user_id, district_id, reason, asked_by, asked_at)
        VALUES (:id, :service_user_id, :district_id, :reason, :asked_by, :now)
        """,
        {
            "id": new_id(),
            "service_user_id": service_user_id,
            "district_id": district_id,
            "reason": reason,
            "asked_by": asked_by,
            "now": now(),
        },
    )


def open_of(db: Database, service_user_id: int) -> Row | None:
    """The open request about a service user: id, reason, asked_by, asker (a name), asked_at."""
    return one(
        db,
        f"""
        SELECT id, reason, asked_by, {called("asked_by")} AS asker, asked_at
        FROM erasures
        WHERE service_user_id = :id AND outcome IS NULL
        """,  # noqa: S608
        {"id": service_user_id},
    )


def open_in(db: Database, by: Actor) -> list[Row]:
    """The open requests of the actor's district, oldest first, each with the service user's id and reference."""
    return list(
        db.query(
            f"""
            SELECT erasures.id, service_user_id, reference, reason, {called("asked_by")} AS asker, asked_at
            FROM erasures
            JOIN service_users ON service_users.id = service_user_id
            WHERE erasures.district_id = :seer_district AND outcome IS NULL AND {OWN}
            ORDER BY asked_at, reference COLLATE norwegian
            """,  # noqa: S608
            seen_by(by),
        )
    )


def drop(db: Database, erasure_id: int, closed_by: str) -> None:
    """Nothing is erased; the request stays with its reason."""
    db.execute(
        "UPDATE erasures SET outcome = 'dropped', closed_by = :by, closed_at = :now WHERE id = :id",
        {"by": closed_by, "now": now(), "id": erasure_id},
    )


def held(db: Database, service_user_id: int) -> Row:
    """How much would go: sessions and enrolments."""
    return (
        one(
            db,
            """
            SELECT COUNT(DISTINCT enrolments.id) AS enrolments, COUNT(sessions.id) AS sessions
            FROM enrolments
            LEFT JOIN sessions ON sessions.enrolment_id = enrolments.id
            WHERE service_user_id = :id
            """,
            {"id": service_user_id},
        )
        or {}
    )


def carry_out(db: Database, erasure_id: int, service_user_id: int, closed_by: str) -> None:
    """Remove everything that is recorded of the service user. The tables let it go because the first line says so.

    The log and what is released stay: neither holds a reference, a name or an answer of one person.
    """
    params = {"by": closed_by, "now": now(), "erasure_id": erasure_id, "id": service_user_id}
    db.execute(
        """
        UPDATE erasures
        SET outcome = 'erased', closed_by = :by, closed_at = :now, reason = NULL
        WHERE id = :erasure_id
        """,
        params,
    )
    for sql in _BEFORE:
        db.execute(sql, params)
    with kept(db, [service_user_id]):
        db.execute(f"DELETE FROM sessions WHERE {_ENROLMENT}", params)  # noqa: S608
        db.execute(f"DELETE FROM enrolment_revisions WHERE {_ENROLMENT}", params)  # noqa: S608
        db.execute("DELETE FROM enrolments WHERE service_user_id = :id", params)
    for sql in _AFTER:
        db.execute(sql, params)


_ENROLMENT = "enrolment_id IN (SELECT id FROM enrolments WHERE service_user_id = :id)"
_SESSIONS = f"SELECT id FROM sessions WHERE {_ENROLMENT}"  # noqa: S608

_BEFORE = (
    "UPDATE erasures SET reason = NULL WHERE service_user_id = :id AND reason IS NOT NULL",
    f"""
    DELETE FROM check_dismissals
    WHERE substr(key, 1, instr(key, ':') - 1) = CAST(:id AS TEXT)
       OR substr(key, 1, instr(key, ':') - 1) IN (SELECT CAST(id AS TEXT) FROM ({_SESSIONS}))
    """,  # noqa: S608
    # a screen that is still in somebody's hands ends with its sign-in
    """
    UPDATE sign_ins
    SET ended_at = COALESCE(ended_at, :now), hand_over_id = NULL
    WHERE hand_over_id IN (SELECT id FROM hand_overs WHERE service_user_id = :id)
    """,
    "DELETE FROM hand_overs WHERE service_user_id = :id",
    "DELETE FROM discussions WHERE service_user_id = :id",
    f"DELETE FROM session_revisions WHERE session_id IN ({_SESSIONS})",  # noqa: S608
)
_AFTER = (
    "DELETE FROM grants WHERE service_user_id = :id",
    "DELETE FROM blocks WHERE service_user_id = :id",
    "DELETE FROM participations WHERE service_user_id = :id",
    "DELETE FROM name_words WHERE service_user_id = :id",
    "DELETE FROM service_user_revisions WHERE service_user_id = :id",
    "DELETE FROM service_users WHERE id = :id",
)


def ended_before(db: Database, by: Actor, day: date) -> list[Row]:
    """Service users whose every enrolment ended before a day, longest ago first: id, reference, name, ended_on, asked.

    asked is 1 where erasure is asked for already.
    """
    return list(
        db.query(
            f"""
            SELECT service_users.id, reference, {NAME} AS name, MAX(enrolled_to) AS ended_on,
                   EXISTS (
                       SELECT 1
                       FROM erasures
                       WHERE service_user_id = service_users.id AND outcome IS NULL
                   ) AS asked
            FROM service_users
            JOIN enrolments ON enrolments.service_user_id = service_users.id
            WHERE {OWN}
            GROUP BY service_users.id
            HAVING COUNT(*) = COUNT(enrolled_to) AND MAX(enrolled_to) < :day
            ORDER BY ended_on, reference COLLATE norwegian
            """,  # noqa: S608
            {**seen_by(by), "day": day.isoformat()},
        )
    )
