"""The agency's tokens for the API, stored hashed, and how many requests each made in its running minute."""

from datetime import datetime

from sqlite_utils import Database

from fitservice.store.rows import Row, insert, now, one


def add(db: Database, label: str, token_hash: str, scopes: str, expires_at: datetime) -> int:
    """A new token; scopes is 'figures', 'gaps' or both. The caller has checked that the label is free."""
    return insert(
        db,
        """
        INSERT INTO api_tokens (label, token_hash, created_at, scopes, expires_at)
        VALUES (:label, :token_hash, :now, :scopes, :expires_at)
        """,
        {
            "label": label,
            "token_hash": token_hash,
            "now": now(),
            "scopes": scopes,
            "expires_at": expires_at.isoformat(timespec="seconds"),
        },
    )


def in_force(db: Database, token_hash: str) -> Row | None:
    """The token of this hash, unless it was revoked or has expired: id, label, scopes, last_used_at."""
    return one(
        db,
        """
        SELECT id, label, scopes, last_used_at
        FROM api_tokens
        WHERE token_hash = :token_hash
          AND revoked_at IS NULL
          AND expires_at > :now
        """,
        {"token_hash": token_hash, "now": now()},
    )


def by_label(db: Database, label: str) -> Row | None:
    """The token of this label that was not revoked, also if it has expired."""
    return one(
        db,
        """
        SELECT id, label
        FROM api_tokens
        WHERE lower(label) = lower(:label)
          AND revoked_at IS NULL
        """,
        {"label": label},
    )


def all_tokens(db: Database) -> list[Row]:
    """Every token, newest first: label, scopes, created_at, expires_at, last_used_at, revoked_at."""
    return list(
        db.query(
            """
            SELECT label, scopes, created_at, expires_at, last_used_at, revoked_at
            FROM api_tokens
            ORDER BY id DESC
            """
        )
    )


def all_in_force(db: Database) -> list[Row]:
    """Every token that opens something today, by label: label, scopes, created_at, expires_at, last_used_at."""
    return list(
        db.query(
            """
            SELECT label, scopes, created_at, expires_at, last_used_at
            FROM api_tokens
            WHERE revoked_at IS NULL
              AND expires_at > :now
            ORDER BY label COLLATE norwegian
            """,
            {"now": now()},
        )
    )


def revoke(db: Database, token_id: int) -> None:
    """It no longer opens anything."""
    db.execute("UPDATE api_tokens SET revoked_at = :now WHERE id = :id", {"now": now(), "id": token_id})


def used(db: Database, token_id: int) -> None:
    """It was used now."""
    db.execute("UPDATE api_tokens SET last_used_at = :now WHERE id = :id", {"now": now(), "id": token_id})


def running_minute(db: Database, token_id: int) -> Row | None:
    """The minute that began with the token's latest first request: minute_began (seconds since 1970), requests."""
    return one(
        db,
        "SELECT minute_began, requests FROM api_requests WHERE token_id = :id",
        {"id": token_id},
    )


def begin_minute(db: Database, token_id: int, began: int) -> None:
    """Its first request in a new minute."""
    db.execute(
        """
        INSERT INTO api_requests (token_id, minute_began, requests)
        VALUES (:id, :began, 1)
        ON CONFLICT (token_id) DO UPDATE SET minute_began = :began, requests = 1
        """,
        {"id": token_id, "began": began},
    )


def count_request(db: Database, token_id: int) -> None:
    """One more request in the running minute."""
    db.execute("UPDATE api_requests SET requests = requests + 1 WHERE token_id = :id", {"id": token_id})
