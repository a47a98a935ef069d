"""Old rows of the audit table go, behind a checkpoint from which the chain goes on."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting, telling
from fitservice.clock import end_of
from fitservice.model import Actor
from fitservice.store import chain


def count_old(db: Database, last_day: date, *, by: Actor) -> int:
    """How many rows trim() would remove: those up to this day in Oslo. Nothing is changed."""
    with telling(db, by, Act.TRIM_AUDIT) as note:
        count = chain.older_than(db, end_of(last_day))
        note.detail = {"dry_run": True, "rows": count}
    return count


def trim(db: Database, last_day: date, *, by: Actor) -> int:
    """Remove the rows up to this day, so many at a time that nobody waits long; how many went.

    Each part is a transaction of its own with its checkpoint and its own row in the log: where it is broken off, what
    was removed is accounted for, and the next run goes on. ValueError if the rows have a gap.
    """
    removed = 0
    while True:
        with acting(db, by, Act.TRIM_AUDIT) as note:
            count = chain.older_than(db, end_of(last_day))
            if not count:
                note.detail = {"rows": 0}
                return removed
            last_id = chain.remove(db, count)
            note.detail = {"rows": min(count, chain.STEP), "last": last_id}
        removed += min(count, chain.STEP)
