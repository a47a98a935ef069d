"""Who looked at whom: the rows of the audit table that are about a service user."""

from typing import Any, NamedTuple

from sqlite_utils import Database

from fitservice.store.rows import Row


class Look(NamedTuple):
    """Somebody did something with a service user's record. is_outside: by somebody of another district, or of none.

    A tuple, because the page of a month reads ten thousand of them.
    """

    at: str
    actor: str
    role: str
    act: str
    service_user_id: int
    is_outside: int


_SAID = """
    SELECT at, actor, role, act, service_user_id, district_id IS NOT service_user_district_id AS is_outside
    FROM audit
    """


def of_district(db: Database, district_id: int, since: str, until: str, most: int) -> list[Look]:
    """The acts on a district's service users, whoever did them, from one moment on and before another, newest first.

    At most so many, the newest: what is beyond is not read.
    """
    return _looks(
        db,
        f"""
        {_SAID}
        WHERE service_user_district_id = :district_id
          AND at >= :since
          AND at < :until
        ORDER BY at DESC, id DESC
        LIMIT :most
        """,
        {"district_id": district_id, "since": since, "until": until, "most": most},
    )


def of_staff(db: Database, district_id: int, username: str, since: str, until: str, most: int) -> list[Look]:
    """The same of one account alone."""
    return _looks(
        db,
        f"""
        {_SAID}
        WHERE actor = :username
          AND at >= :since
          AND at < :until
          AND +service_user_district_id = :district_id
        ORDER BY at DESC, id DESC
        LIMIT :most
        """,
        {"district_id": district_id, "username": username, "since": since, "until": until, "most": most},
    )


def of_service_user(db: Database, service_user_id: int, since: str, until: str, most: int = -1) -> list[Look]:
    """The same of one service user alone, in whichever district they were then; all of it by default."""
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


def contacts(db: Database, district_id: int) -> dict[int, Row]:
    """A district's service users by id: reference, and the username of the contact (None: nobody)."""
    rows = db.query(
        """
        SELECT service_users.id, reference, staff.username AS contact
        FROM service_users
        LEFT JOIN staff ON staff.id = caseworker_id
        WHERE service_users.district_id = :district_id
        """,
        {"district_id": district_id},
    )
    return {row["id"]: row for row in rows}
