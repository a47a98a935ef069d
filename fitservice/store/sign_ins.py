"""Browsers that are signed in; the token in their cookie is stored hashed."""

from datetime import datetime

from sqlite_utils import Database

from fitservice.clock import today
from fitservice.store.rows import Row, insert, now, one, value, written


def add(
    db: Database,
    staff_id: int,
    token_hash: str,
    *,
    browser: str | None = None,
    method: str = "password",
    misses: int = 0,
) -> int:
    """A browser signs in, and is told of the sign-in before and of so many wrong tries since."""
    _used(db, staff_id)
    return insert(
        db,
        """
        INSERT INTO sign_ins (staff_id, token_hash, created_at, last_seen_at, browser, method, misses, previous_at)
        VALUES (
            :staff_id, :token_hash, :now, :now, :browser, :method, :misses,
            (SELECT MAX(created_at) FROM sign_ins WHERE staff_id = :staff_id)
        )
        """,
        {
            "staff_id": staff_id,
            "token_hash": token_hash,
            "now": now(),
            "browser": browser,
            "method": method,
            "misses": misses,
        },
    )


def current(db: Database, token_hash: str, not_before: datetime, seen_after: datetime) -> Row | None:
    """The sign-in that began after not_before and was used after seen_after; unread is how many messages wait."""
    return one(
        db,
        """
        SELECT sign_ins.id, staff_id, last_seen_at, hand_over_id, method, previous_at, misses,
               staff.username, staff.name, staff.role, staff.district_id, districts.name AS district,
               (SELECT COUNT(*) FROM reminders WHERE reminders.staff_id = staff.id AND read_at IS NULL) AS unread,
               staff.password_hash IS NOT NULL AS has_password,
               EXISTS (
                   SELECT 1 FROM second_steps WHERE second_steps.staff_id = staff.id AND secret IS NOT NULL
               ) AS has_second_step
        FROM sign_ins
        JOIN staff ON staff.id = sign_ins.staff_id
        LEFT JOIN districts ON districts.id = staff.district_id
        WHERE token_hash = :token_hash
          AND ended_at IS NULL
          AND staff.closed_at IS NULL
          AND sign_ins.created_at > :not_before
          AND last_seen_at > :seen_after
        """,
        {"token_hash": token_hash, "not_before": written(not_before), "seen_after": written(seen_after)},
    )


def of_staff(db: Database, staff_id: int, not_before: datetime, seen_after: datetime) -> list[Row]:
    """A staff member's browsers that are still signed in, newest first: id, created_at, last_seen_at, browser."""
    return list(
        db.query(
            """
            SELECT id, created_at, last_seen_at, browser
            FROM sign_ins
            WHERE staff_id = :staff_id
              AND ended_at IS NULL
              AND created_at > :not_before
              AND last_seen_at > :seen_after
            ORDER BY id DESC
            """,
            {"staff_id": staff_id, "not_before": written(not_before), "seen_after": written(seen_after)},
        )
    )


def seen(db: Database, sign_in_id: int, staff_id: int) -> None:
    """It was used now, and so was the account."""
    _used(db, staff_id)
    db.execute("UPDATE sign_ins SET last_seen_at = :now WHERE id = :id", {"now": now(), "id": sign_in_id})


def _used(db: Database, staff_id: int) -> None:
    """The account was used today; written once a day, and never back where a clock is."""
    db.execute(
        "UPDATE staff SET last_used_on = :today WHERE id = :id AND COALESCE(last_used_on, '') < :today",
        {"today": today().isoformat(), "id": staff_id},
    )


def owner(db: Database, sign_in_id: int) -> int | None:
    """Whose it is; None if there is none or it has ended."""
    found = value(db, "SELECT staff_id FROM sign_ins WHERE id = :id AND ended_at IS NULL", {"id": sign_in_id})
    return None if found is None else int(found)


def end(db: Database, sign_in_id: int) -> None:
    """One browser is signed out."""
    db.execute(
        "UPDATE sign_ins SET ended_at = :now WHERE id = :id AND ended_at IS NULL",
        {"now": now(), "id": sign_in_id},
    )


def end_all(db: Database, staff_id: int) -> None:
    """Every browser of a staff member is signed out."""
    db.execute(
        "UPDATE sign_ins SET ended_at = :now WHERE staff_id = :id AND ended_at IS NULL",
        {"now": now(), "id": staff_id},
    )


def forget_before(db: Database, moment: datetime) -> None:
    """Remove sign-ins that were last used before; of each account the newest stays, and says when it was used."""
    db.execute(
        """
        DELETE FROM sign_ins
        WHERE last_seen_at < :at
          AND id < (SELECT MAX(newer.id) FROM sign_ins AS newer WHERE newer.staff_id = sign_ins.staff_id)
        """,
        {"at": written(moment)},
    )
