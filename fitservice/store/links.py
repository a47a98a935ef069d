"""One-time links for choosing a password, stored hashed."""

from sqlite_utils import Database

from fitservice.store.rows import Row, insert, now, one


def add(db: Database, staff_id: int | None, token_hash: str, expires_at: str) -> int:
    """A new link; links that were made for the same person before are used up."""
    db.execute(
        "UPDATE one_time_links SET used_at = :now WHERE staff_id IS :staff_id AND used_at IS NULL",
        {"now": now(), "staff_id": staff_id},
    )
    return insert(
        db,
        """
        INSERT INTO one_time_links (staff_id, token_hash, created_at, expires_at)
        VALUES (:staff_id, :token_hash, :now, :expires_at)
        """,
        {"staff_id": staff_id, "token_hash": token_hash, "now": now(), "expires_at": expires_at},
    )


def unused(db: Database, token_hash: str) -> Row | None:
    """The link, unless it was used, ran out or its account is closed; the first administrator's has no staff_id."""
    return one(
        db,
        """
        SELECT one_time_links.id, staff_id, staff.username, staff.name, staff.role, staff.district_id
        FROM one_time_links
        LEFT JOIN staff ON staff.id = one_time_links.staff_id
        WHERE token_hash = :token_hash
          AND used_at IS NULL
          AND expires_at > :now
          AND staff.closed_at IS NULL
        """,
        {"token_hash": token_hash, "now": now()},
    )


def use(db: Database, link_id: int) -> None:
    """It cannot be used again."""
    db.execute("UPDATE one_time_links SET used_at = :now WHERE id = :id", {"now": now(), "id": link_id})
