"""Tries at passwords and codes, of accounts and from addresses."""

from datetime import datetime

from sqlite_utils import Database

from fitservice.store.rows import insert, now, value, written


def add(db: Database, staff_id: int | None, address: str | None) -> int:
    """A try begins, and is wrong until right() says otherwise."""
    return insert(
        db,
        "INSERT INTO sign_in_tries (at, staff_id, address) VALUES (:now, :staff_id, :address)",
        {"now": now(), "staff_id": staff_id, "address": address},
    )


def right(db: Database, try_id: int) -> None:
    """It was right: those before it of the same account no longer count."""
    db.execute("UPDATE sign_in_tries SET outcome = 'right' WHERE id = :id", {"id": try_id})


def forgive(db: Database, staff_id: int) -> int:
    """Wrong tries of an account no longer count; how many did."""
    return db.execute(
        "UPDATE sign_in_tries SET outcome = 'forgiven' WHERE staff_id = :id AND outcome = 'wrong'", {"id": staff_id}
    ).rowcount


def wrong_of_accounts(db: Database, after: datetime, staff_id: int | None = None) -> dict[int, list[datetime]]:
    """The wrong tries since each account's last right one and after a moment, oldest first, by account."""
    rows = db.execute(
        """
        SELECT staff_id, at
        FROM sign_in_tries AS tried
        WHERE at > :after
          AND staff_id = coalesce(:staff_id, staff_id)
          AND outcome = 'wrong'
          AND NOT EXISTS (
              SELECT 1
              FROM sign_in_tries AS later
              WHERE later.staff_id = tried.staff_id AND later.id > tried.id AND later.outcome = 'right'
          )
        ORDER BY id
        """,
        {"after": written(after), "staff_id": staff_id},
    )
    found: dict[int, list[datetime]] = {}
    for account, at in rows.fetchall():
        found.setdefault(account, []).append(datetime.fromisoformat(at))
    return found


def wrong_from(db: Database, address: str, after: datetime) -> list[datetime]:
    """The wrong tries from an address after a moment, oldest first."""
    rows = db.execute(
        "SELECT at FROM sign_in_tries WHERE address = :address AND at > :after AND outcome <> 'right' ORDER BY id",
        {"address": address, "after": written(after)},
    )
    return [datetime.fromisoformat(at) for (at,) in rows.fetchall()]


def misses(db: Database, staff_id: int, try_id: int | None) -> int:
    """How many tries of an account were wrong since its last right one, a try that is under way not counted."""
    return int(
        value(
            db,
            """
            SELECT COUNT(*)
            FROM sign_in_tries
            WHERE staff_id = :staff_id
              AND outcome <> 'right'
              AND id IS NOT :try_id
              AND id > coalesce(
                  (SELECT MAX(id) FROM sign_in_tries WHERE staff_id = :staff_id AND outcome = 'right'), 0
              )
            """,
            {"staff_id": staff_id, "try_id": try_id},
        )
    )


def forget_before(db: Database, moment: datetime) -> None:
    """Remove what is older."""
    db.execute("DELETE FROM sign_in_tries WHERE at < :at", {"at": written(moment)})
