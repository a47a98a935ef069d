"""Who looked at whom: the rows of the audit table that are about a service user."""

from sqlite_utils import Database

from fitservice.store.rows import Row

_SAID = """
    SELECT at, actor, role, act, service_user_id, district_id IS NOT service_user_district_id AS is_outside
    FROM audit
    """


def of_district(db: Database, district_id: int, since: str, until: str) -> list[Row]:
    """The acts on a district's service users, whoever did them, from one moment on and before another, newest first.

    A row is at, actor, role, act, service_user_id and is_outside: by somebody of another district, or of none.
    """
    return list(
        db.query(
            f"""
            {_SAID}
            WHERE service_user_district_id = :district_id
              AND at >= :since
              AND at < :until
            ORDER BY at DESC, id DESC
            """,
            {"district_id": district_id, "since": since, "until": until},
        )
    )


def of_staff(db: Database, district_id: int, username: str, since: str, until: str) -> list[Row]:
    """The same of one account alone."""
    return list(
        db.query(
            f"""
            {_SAID}
            WHERE actor = :username
              AND at >= :since
              AND at < :until
              AND +service_user_district_id = :district_id
            ORDER BY at DESC, id DESC
            """,
            {"district_id": district_id, "username": username, "since": since, "until": until},
        )
    )


def of_service_user(db: Database, service_user_id: int, since: str, until: str) -> list[Row]:
    """The same of one service user alone, in whichever district they were then."""
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
