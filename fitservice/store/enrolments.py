"""Enrolments and their earlier revisions."""

from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.counters import kept
from fitservice.store.rows import Row, called, insert, new_id, now, one
from fitservice.store.sight import OWN, seen_by

ENDED = "ended"
"""The reason of a revision that only put in the last day."""


def of_service_user(db: Database, service_user_id: int) -> list[Row]:
    """All enrolments of one service user, newest first."""
    return list(
        db.query(
            """
            SELECT id, enrolled_from, enrolled_to, revision, recorded_by, recorded_at, reason
            FROM enrolments
            WHERE service_user_id = :id
            ORDER BY enrolled_from DESC
            """,
            {"id": service_user_id},
        )
    )


def by_id(db: Database, by: Actor, enrolment_id: int) -> Row | None:
    """One enrolment of the actor's district, with its service user's id and reference."""
    return one(
        db,
        f"""
        SELECT enrolments.id, service_user_id, reference, enrolled_from, enrolled_to, revision
        FROM enrolments
        JOIN service_users ON service_users.id = service_user_id
        WHERE enrolments.id = :id AND {OWN}
        """,  # noqa: S608 - our own text
        {"id": enrolment_id, **seen_by(by)},
    )


def add(db: Database, service_user_id: int, enrolled_from: date, recorded_by: str) -> int:
    """A new open enrolment's id."""
    with kept(db, [service_user_id]):
        return insert(
            db,
            """
            INSERT INTO enrolments (id, service_user_id, enrolled_from, recorded_by, recorded_at)
            VALUES (:id, :service_user_id, :enrolled_from, :recorded_by, :now)
            """,
            {
                "id": new_id(),
                "service_user_id": service_user_id,
                "enrolled_from": enrolled_from.isoformat(),
                "recorded_by": recorded_by,
                "now": now(),
            },
        )


def revise(
    db: Database,
    enrolment_id: int,
    *,
    enrolled_from: date,
    enrolled_to: date | None,
    recorded_by: str,
    reason: str,
) -> None:
    """Keep the enrolment as it was and put a new revision in its place."""
    db.execute(
        """
        INSERT INTO enrolment_revisions
            (enrolment_id, revision, enrolled_from, enrolled_to, recorded_by, recorded_at, reason)
        SELECT id, revision, enrolled_from, enrolled_to, recorded_by, recorded_at, reason
        FROM enrolments
        WHERE id = :id
        """,
        {"id": enrolment_id},
    )
    with kept(db, enrolment_ids=[enrolment_id]):
        db.execute(
            """
            UPDATE enrolments
            SET enrolled_from = :enrolled_from,
                enrolled_to = :enrolled_to,
                recorded_by = :recorded_by,
                recorded_at = :now,
                reason = :reason,
                revision = revision + 1
            WHERE id = :id
            """,
            {
                "id": enrolment_id,
                "enrolled_from": enrolled_from.isoformat(),
                "enrolled_to": enrolled_to.isoformat() if enrolled_to else None,
                "recorded_by": recorded_by,
                "reason": reason,
                "now": now(),
            },
        )


def earlier_revisions(db: Database, service_user_id: int) -> list[Row]:
    """What the enrolments of a service user were before they were changed, newest first; recorded_by is a name."""
    return list(
        db.query(
            f"""
            SELECT enrolment_revisions.enrolment_id, enrolment_revisions.revision,
                   enrolment_revisions.enrolled_from, enrolment_revisions.enrolled_to,
                   {called("enrolment_revisions.recorded_by")} AS recorded_by, enrolment_revisions.recorded_at,
                   enrolment_revisions.reason
            FROM enrolment_revisions
            JOIN enrolments ON enrolments.id = enrolment_id
            WHERE service_user_id = :id
            ORDER BY enrolment_id DESC, enrolment_revisions.revision DESC
            """,  # noqa: S608
            {"id": service_user_id},
        )
    )
