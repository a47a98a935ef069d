"""Who looked at whom: the rows of the audit table that are about a service user."""

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import Row
from fitservice.store.sight import OWN, blocked, seen_by

# the reason stands with the grant, not in the log, so that it goes with the person
_SAID = """
    SELECT at, actor, role, act, service_user_id, district_id IS NOT service_user_district_id AS is_outside,
           CASE
               WHEN district_id IS NOT service_user_district_id AND detail IS NOT NULL
               THEN (SELECT reason FROM grants WHERE grants.id = json_extract(detail, '$.grant'))
           END AS grant_reason
    FROM audit
    """
_OPEN = f"NOT {blocked('audit.service_user_id')}"


def of_district(db: Database, by: Actor, since: str, until: str) -> list[Row]:
    """What was done with the records of the actor's district, from one moment on and before another, newest first.

    A row is at, actor, role, act, service_user_id, is_outside (by somebody of another district, or of none), and
    grant_reason (why they had been given access). Records that are closed to the actor are left out.
    """
    return list(
        db.query(
            f"""
            {_SAID}
            WHERE service_user_district_id = :seer_district
              AND at >= :since
              AND at < :until
              AND {_OPEN}
            ORDER BY at DESC, id DESC
            """,
            {**seen_by(by), "since": since, "until": until},
        )
    )


def of_staff(db: Database, by: Actor, username: str, since: str, until: str) -> list[Row]:
    """The same of one account alone."""
    return list(
        db.query(
            f"""
            {_SAID}
            WHERE actor = :username
              AND at >= :since
              AND at < :until
              AND +service_user_district_id = :seer_district
              AND {_OPEN}
            ORDER BY at DESC, id DESC
            """,
            {**seen_by(by), "username": username, "since": since, "until": until},
        )
    )


def of_service_user(db: Database, service_user_id: int, since: str, until: str) -> list[Row]:
    """The same of one service user alone, whom the caller has found."""
    return list(
        db.query(
            f"""
            {_SAID}
            WHERE service_user_id = :service_user_id
              AND at >= :since
              AND at < :until
            ORDER BY at DESC, id DESC
            """,
            {"service_user_id": service_user_id, "since": since, "until": until},
        )
    )


def contacts(db: Database, by: Actor) -> dict[int, Row]:
    """The service users of the actor's district by id: reference, and the username of the contact (None: nobody)."""
    rows = db.query(
        f"""
        SELECT service_users.id, reference, staff.username AS contact
        FROM service_users
        LEFT JOIN staff ON staff.id = caseworker_id
        WHERE {OWN}
        """,  # noqa: S608 - our own text
        seen_by(by),
    )
    return {row["id"]: row for row in rows}
