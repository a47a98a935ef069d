"""Who looked at whom: the rows of the audit table that are about a service user."""

from typing import Any, NamedTuple

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import Row
from fitservice.store.sight import OWN, blocked, seen_by


class Look(NamedTuple):
    """Somebody did something with a service user's record. is_outside: by somebody of another district, or of none.

    home is the name of that other district, grant_reason why they had been given access. A tuple, because the page of a
    month reads ten thousand of them.
    """

    at: str
    actor: str
    role: str
    act: str
    service_user_id: int
    is_outside: int
    home: str | None
    grant_reason: str | None


# the reason stands with the grant, not in the log, so that it goes with the person
_SAID = """
    SELECT at, actor, role, act, service_user_id, district_id IS NOT service_user_district_id AS is_outside,
           CASE
               WHEN district_id IS NOT service_user_district_id
               THEN (SELECT name FROM districts WHERE districts.id = audit.district_id)
           END AS home,
           CASE
               WHEN district_id IS NOT service_user_district_id AND detail IS NOT NULL
               THEN (SELECT reason FROM grants WHERE grants.id = json_extract(detail, '$.grant'))
           END AS grant_reason
    FROM audit
    """
_OPEN = f"NOT {blocked('audit.service_user_id')}"


def of_district(db: Database, by: Actor, since: str, until: str, most: int) -> list[Look]:
    """What was done with the records of the actor's district, from one moment on and before another, newest first.

    At most so many, the newest: what is beyond is not read. Records that are closed to the actor are left out.
    """
    return _looks(
        db,
        f"""
        {_SAID}
        WHERE service_user_district_id = :seer_district
          AND at >= :since
          AND at < :until
          AND {_OPEN}
        ORDER BY at DESC, id DESC
        LIMIT :most
        """,
        {**seen_by(by), "since": since, "until": until, "most": most},
    )


def of_staff(db: Database, by: Actor, username: str, since: str, until: str, most: int) -> list[Look]:
    """The same of one account alone."""
    return _looks(
        db,
        f"""
        {_SAID}
        WHERE actor = :username
          AND at >= :since
          AND at < :until
          AND +service_user_district_id = :seer_district
          AND {_OPEN}
        ORDER BY at DESC, id DESC
        LIMIT :most
        """,
        {**seen_by(by), "username": username, "since": since, "until": until, "most": most},
    )


def of_service_user(db: Database, service_user_id: int, since: str, until: str, most: int = -1) -> list[Look]:
    """The same of one service user alone, whom the caller has found; all of it by default."""
    return _looks(
        db,
        f"""
        {_SAID}
        WHERE service_user_id = :service_user_id
          AND at >= :since
          AND at < :until
        ORDER BY at DESC, id DESC
        LIMIT :most
        """,
        {"service_user_id": service_user_id, "since": since, "until": until, "most": most},
    )


def _looks(db: Database, sql: str, params: dict[str, Any]) -> list[Look]:
    return list(map(Look._make, db.execute(sql, params)))


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
