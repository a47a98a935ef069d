"""The agency's tokens for the API, stored hashed."""

from sqlite_utils import Database

from fitservice.store.rows import Row, insert, now, one


def add(db: Database, label: str, token_hash: str) -> int:
    """A new token; the caller has checked that no token in force has this label."""
    return insert(
        db,
        """
        INSERT INTO api_tokens (label, token_hash, created_at)
        VALUES (:label, :token_hash, :now)
        """,
        {"label": label, "token_hash": token_hash, "now": now()},
    )


def in_force(db: Database, *, token_hash: str = "", label: str = "") -> Row | None:
    """The token of this hash or of this label, unless it was revoked."""
    return one(
        db,
        """
        SELECT id, label
        FROM api_tokens
        WHERE (token_hash = :token_hash OR lower(label) = lower(:label))
          AND revoked_at IS NULL
        """,
        {"token_hash": token_hash, "label": label},
    )


def revoke(db: Database, token_id: int) -> None:
    """It no longer opens anything."""
    db.execute("UPDATE api_tokens SET revoked_at = :now WHERE id = :id", {"now": now(), "id": token_id})
