"""One's own messages."""

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import telling
from fitservice.model import Actor
from fitservice.store import districts, reminders
from fitservice.store.rows import Row

SHOWN = 60
"""As many messages as the page shows."""


def inbox(db: Database, *, by: Actor) -> list[Row]:
    """The actor's own newest messages, newest first: id, day, read_at, reminders. Logged."""
    with telling(db, by, Act.SEE_INBOX) as note:
        found = reminders.of_staff(db, by.staff_id or 0, SHOWN)
        note.detail = {"messages": len(found)}
        return found


def district_names(db: Database) -> dict[str, str]:
    """The districts' names by code: no secret, so no check."""
    return {row["code"]: row["name"] for row in districts.all_districts(db)}
