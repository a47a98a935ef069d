"""What team leads have discussed: each row is about one session, and stays."""

from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import Row, called, insert, new_id, now, one
from fitservice.store.sight import OWN, seen_by

_TOLD = f"""
    SELECT discussions.id, discussions.service_user_id, session_id, discussed_on,
           {called("discussed_by")} AS discussed_by, reference, held_on
    FROM discussions
    JOIN service_users ON service_users.id = discussions.service_user_id
    JOIN sessions ON sessions.id = session_id
"""  # noqa: S608


def add(db: Database, service_user_id: int, session_id: int, discussed_on: date, discussed_by: str) -> int:
    """A new discussion's id; the caller has checked that the session has none."""
    return insert(
        db,
        """
        INSERT INTO discussions (id, service_user_id, session_id, discussed_on, discussed_by, recorded_at)
        VALUES (:id, :service_user_id, :session_id, :discussed_on, :discussed_by, :now)
        """,
        {
            "id": new_id(),
            "service_user_id": service_user_id,
            "session_id": session_id,
            "discussed_on": discussed_on.isoformat(),
            "discussed_by": discussed_by,
            "now": now(),
        },
    )


def of_session(db: Database, session_id: int) -> Row | None:
    """The discussion of one session: discussed_on, discussed_by (a name), reference, held_on."""
    return one(db, f"{_TOLD} WHERE session_id = :id", {"id": session_id})


def newest_of(db: Database, service_user_id: int) -> Row | None:
    """The newest discussion of one service user."""
    return one(
        db,
        f"""
        {_TOLD}
        WHERE discussions.service_user_id = :id
        ORDER BY discussed_on DESC, held_on DESC
        LIMIT 1
        """,
        {"id": service_user_id},
    )


def since(db: Database, by: Actor, first_day: date) -> list[Row]:
    """The discussions of the actor's district from that day on, newest first."""
    return list(
        db.query(
            f"""
            {_TOLD}
            WHERE {OWN}
              AND discussed_on >= :first_day
            ORDER BY discussed_on DESC, held_on DESC, reference COLLATE norwegian
            """,
            {**seen_by(by), "first_day": first_day.isoformat()},
        )
    )


def discussed_sessions(db: Database, by: Actor) -> set[int]:
    """The ids of all sessions of the actor's district that were discussed."""
    rows = db.query(
        f"""
        SELECT session_id
        FROM discussions
        JOIN service_users ON service_users.id = service_user_id
        WHERE {OWN}
        """,  # noqa: S608 - our own text
        seen_by(by),
    )
    return {row["session_id"] for row in rows}
