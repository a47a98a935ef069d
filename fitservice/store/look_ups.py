"""Who looked at whom: the rows of the audit table that are about a service user."""

from sqlite_utils import Database

from fitservice.store.rows import Row

_SAID = """
    SELECT audit.id, audit.at, audit.actor, audit.role, audit.act, audit.service_user_id,
           audit.district_id IS NOT audit.service_user_district_id AS is_outside,
           staff.id AS staff_id, staff.name, service_users.reference,
           service_users.caseworker_id
    FROM audit
    LEFT JOIN staff ON lower(staff.username) = lower(audit.actor) AND audit.role NOT IN ('operator', 'api_client')
    LEFT JOIN service_users ON service_users.id = audit.service_user_id
    """


def of_district(db: Database, district_id: int, since: str, until: str) -> list[Row]:
    """The acts on a district's service users, whoever did them, from one moment on and before another, newest first.

    A row is at, actor, role, act, staff_id and name (of an account, else None), service_user_id, reference (None once
    erased), caseworker_id (the contact's) and is_outside: somebody of another district, or of none.
    """
    return list(
        db.query(
            f"""
            {_SAID}
            WHERE audit.service_user_district_id = :district_id
              AND audit.at >= :since
              AND audit.at < :until
            ORDER BY audit.at DESC, audit.id DESC
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
            WHERE audit.actor = :username
              AND audit.at >= :since
              AND audit.at < :until
              AND +audit.service_user_district_id = :district_id
            ORDER BY audit.at DESC, audit.id DESC
            """,
            {"district_id": district_id, "username": username, "since": since, "until": until},
        )
    )


def of_service_user(db: Database, service_user_id: int, since: str, until: str) -> list[Row]:
    """The same of one service user alone, in whichever district."""
    return list(
        db.query(
            f"""
            {_SAID}
            WHERE audit.service_user_id = :service_user_id
              AND audit.at >= :since
              AND audit.at < :until
            ORDER BY audit.at DESC, audit.id DESC
            """,
            {"service_user_id": service_user_id, "since": since, "until": until},
        )
    )
