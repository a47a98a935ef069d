"""The second step of signing in: sealed secrets for one-time codes, and hashed recovery codes."""

from datetime import datetime

from sqlite_utils import Database

from fitservice.store.rows import Row, insert, now, one, value, written


def secret_of(db: Database, staff_id: int) -> Row | None:
    """The secret and the last_step that was taken; None where there is no second step."""
    return one(
        db,
        """
        SELECT opened(secret, 'staff.totp:' || staff_id) AS secret, last_step
        FROM second_steps
        WHERE staff_id = :id AND secret IS NOT NULL
        """,
        {"id": staff_id},
    )


def is_on(db: Database, staff_id: int) -> bool:
    """Whether this account has a second step."""
    return bool(
        value(
            db,
            "SELECT EXISTS (SELECT 1 FROM second_steps WHERE staff_id = :id AND secret IS NOT NULL)",
            {"id": staff_id},
        )
    )


def anybody(db: Database) -> bool:
    """Whether any account has one."""
    return bool(value(db, "SELECT EXISTS (SELECT 1 FROM second_steps WHERE secret IS NOT NULL)"))


def wait_for(db: Database, staff_id: int, secret: str) -> None:
    """A new secret that waits for its first code; the one in use stays until then."""
    db.execute(
        """
        INSERT INTO second_steps (staff_id, pending, pending_at)
        VALUES (:id, sealed(:secret, 'staff.totp:' || :id), :now)
        ON CONFLICT (staff_id) DO UPDATE SET pending = excluded.pending, pending_at = excluded.pending_at
        """,
        {"id": staff_id, "secret": secret, "now": now()},
    )


def pending_of(db: Database, staff_id: int, after: datetime) -> str | None:
    """The secret that has waited since after, or later; None if there is none."""
    found = value(
        db,
        "SELECT opened(pending, 'staff.totp:' || staff_id) FROM second_steps WHERE staff_id = :id AND pending_at > :at",
        {"id": staff_id, "at": written(after)},
    )
    return None if found is None else str(found)


def turn_on(db: Database, staff_id: int, step: int) -> None:
    """The secret that waited counts from now on."""
    db.execute(
        """
        UPDATE second_steps
        SET secret = pending, last_step = :step, pending = NULL, pending_at = NULL
        WHERE staff_id = :id
        """,
        {"id": staff_id, "step": step},
    )


def take_step(db: Database, staff_id: int, step: int) -> None:
    """The code of this half-minute is used."""
    db.execute("UPDATE second_steps SET last_step = :step WHERE staff_id = :id", {"id": staff_id, "step": step})


def remove(db: Database, staff_id: int) -> None:
    """No second step any more, and no recovery codes."""
    db.execute("DELETE FROM second_steps WHERE staff_id = :id", {"id": staff_id})
    db.execute("DELETE FROM recovery_codes WHERE staff_id = :id", {"id": staff_id})


def set_recovery_codes(db: Database, staff_id: int, hashes: list[str]) -> None:
    """These, instead of all before."""
    db.execute("DELETE FROM recovery_codes WHERE staff_id = :id", {"id": staff_id})
    for code_hash in hashes:
        insert(
            db,
            "INSERT INTO recovery_codes (staff_id, code_hash) VALUES (:id, :hash)",
            {"id": staff_id, "hash": code_hash},
        )


def use_recovery_code(db: Database, staff_id: int, code_hash: str) -> bool:
    """Whether it was one of this account's that had not been used; now it has."""
    return (
        db.execute(
            """
            UPDATE recovery_codes
            SET used_at = :now
            WHERE staff_id = :id AND code_hash = :hash AND used_at IS NULL
            """,
            {"id": staff_id, "hash": code_hash, "now": now()},
        ).rowcount
        == 1
    )


def recovery_codes_left(db: Database, staff_id: int) -> int:
    """How many have not been used."""
    return int(
        value(db, "SELECT COUNT(*) FROM recovery_codes WHERE staff_id = :id AND used_at IS NULL", {"id": staff_id})
    )
