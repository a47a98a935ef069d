"""Reminders: a message a day and member of staff at most, read or not, sent by e-mail or not."""

import json
from collections.abc import Collection, Sequence
from datetime import date

from sqlite_utils import Database

from fitservice.reporting import GapKind, Reminder, ReminderKind
from fitservice.store.rows import Row, insert, now


def reminded_on(db: Database, day: date) -> set[int]:
    """The ids of the staff who have a message of that day."""
    return {row[0] for row in db.execute("SELECT staff_id FROM reminders WHERE day = :day", {"day": day.isoformat()})}


def add(db: Database, staff_id: int, day: date, found: Sequence[Reminder]) -> int:
    """A new message's id; the caller has checked that there is none of that day."""
    return insert(
        db,
        "INSERT INTO reminders (staff_id, day, items, made_at) VALUES (:staff_id, :day, :items, :now)",
        {"staff_id": staff_id, "day": day.isoformat(), "items": json.dumps(list(map(_facts, found))), "now": now()},
    )


def of_staff(db: Database, staff_id: int, limit: int) -> list[Row]:
    """The newest messages of one member of staff: id, day, reminders, read_at."""
    rows = db.query(
        """
        SELECT id, day, items, read_at
        FROM reminders
        WHERE staff_id = :staff_id
        ORDER BY day DESC
        LIMIT :limit
        """,
        {"staff_id": staff_id, "limit": limit},
    )
    return [{**row, "reminders": _reminders(row["items"])} for row in rows]


def mark_read(db: Database, staff_id: int, newest: int) -> int:
    """The messages of one member of staff up to that id are read; how many were not."""
    marked = db.execute(
        "UPDATE reminders SET read_at = :now WHERE staff_id = :staff_id AND id <= :newest AND read_at IS NULL",
        {"now": now(), "staff_id": staff_id, "newest": newest},
    )
    return int(marked.rowcount)


def claim(db: Database, made_after: str, midnight: str, dead_before: str) -> list[Row]:
    """What is to be mailed now, in the order of staff and day, claimed for this process: id, email, reminders.

    Made after a moment, neither read nor mailed; of staff with an open account and an address to whom nothing was
    mailed since midnight, and nothing is being mailed unless by a process that must have died.
    """
    rows = list(
        db.query(
            """
            SELECT reminders.id, staff_id, email, items
            FROM reminders
            JOIN staff ON staff.id = staff_id
            WHERE made_at > :made_after
              AND read_at IS NULL
              AND mailed_at IS NULL
              AND email IS NOT NULL
              AND closed_at IS NULL
              AND NOT EXISTS (
                  SELECT 1
                  FROM reminders AS others
                  WHERE others.staff_id = reminders.staff_id
                    AND (mailed_at >= :midnight OR (mailed_at IS NULL AND claimed_at >= :dead_before))
              )
            ORDER BY staff_id, day
            """,
            {"made_after": made_after, "midnight": midnight, "dead_before": dead_before},
        )
    )
    _set(db, "claimed_at = :now", [row["id"] for row in rows])
    return [{**row, "reminders": _reminders(row["items"])} for row in rows]


def mailed(db: Database, ids: Collection[int]) -> None:
    """The mail server took these."""
    _set(db, "mailed_at = :now, mail_error = NULL", ids)


def not_mailed(db: Database, ids: Collection[int], why: str) -> None:
    """The mail server did not take these; they can be tried again."""
    _set(db, "claimed_at = NULL, mail_error = :why", ids, why)


def _set(db: Database, columns: str, ids: Collection[int], why: str | None = None) -> None:
    db.execute(
        f"UPDATE reminders SET {columns} WHERE id IN (SELECT value FROM json_each(:ids))",  # noqa: S608 - ours
        {"now": now(), "why": why, "ids": json.dumps(list(ids))},
    )


def _facts(reminder: Reminder) -> dict[str, object]:
    """What a reminder holds, without what it lacks."""
    known = vars(reminder) | {"day": reminder.day.isoformat()}
    return {name: value for name, value in known.items() if value not in (None, ())}


def _reminders(items: str) -> list[Reminder]:
    return [
        Reminder(
            ReminderKind(item["kind"]),
            item["period"],
            date.fromisoformat(item["day"]),
            GapKind(item["gap"]) if "gap" in item else None,
            item.get("number"),
            tuple(item.get("districts", ())),
        )
        for item in json.loads(items)
    ]
