"""What is kept of one service user and stands in no other list: earlier versions, screens, discussions, requests."""

from sqlite_utils import Database

from fitservice.store.rows import Row, called
from fitservice.store.sessions import REVISION


def session_revisions(db: Database, service_user_id: int) -> list[Row]:
    """What this person's sessions were before they were corrected, newest first; recorder is a name."""
    return list(
        db.query(
            f"""
            SELECT {REVISION}, {called("session_revisions.recorded_by")} AS recorder
            FROM enrolments
            JOIN sessions ON sessions.enrolment_id = enrolments.id
            JOIN session_revisions ON session_revisions.session_id = sessions.id
            WHERE service_user_id = :id
            ORDER BY session_revisions.session_id, session_revisions.revision DESC
            """,  # noqa: S608
            {"id": service_user_id},
        )
    )


def discussions(db: Database, service_user_id: int) -> list[Row]:
    """When this person was discussed, oldest first, and by whom, a name."""
    return list(
        db.query(
            f"""
            SELECT discussed_on AS held_on, {called("discussed_by")} AS recorded_by
            FROM discussions
            WHERE service_user_id = :id
            ORDER BY discussed_on
            """,  # noqa: S608
            {"id": service_user_id},
        )
    )


def screens(db: Database, service_user_id: int) -> list[Row]:
    """When a screen was handed over, oldest first, by whom, and what was answered and is in no session, as JSON."""
    return list(
        db.query(
            """
            SELECT held_on, staff.name AS recorded_by, started_at, finished_at, answers
            FROM hand_overs
            JOIN staff ON staff.id = staff_id
            WHERE service_user_id = :id
            ORDER BY started_at
            """,
            {"id": service_user_id},
        )
    )


def erasures(db: Database, service_user_id: int) -> list[Row]:
    """Requests for erasure, oldest first: when, by whom (a name), why, and what came of it."""
    return list(
        db.query(
            f"""
            SELECT asked_at, {called("asked_by")} AS recorded_by, reason, outcome, closed_at
            FROM erasures
            WHERE service_user_id = :id
            ORDER BY asked_at
            """,  # noqa: S608
            {"id": service_user_id},
        )
    )
