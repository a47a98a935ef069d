"""Writing down that somebody has looked through who can see what."""

from collections.abc import Collection

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.holders import all_holders
from fitservice.model import Actor
from fitservice.rules.access_review import parse_comment, with_concern
from fitservice.store import access_reviews


def review_access(
    db: Database, comment: str, unused_days: int, roles_with_second_step: Collection[str], *, by: Actor
) -> None:
    """The actor has looked through all of them today, with a comment; kept with how many there were.

    Invalid if the comment is empty, too long, or holds an identity number.
    """
    with acting(db, by, Act.REVIEW_ACCESS) as note:
        holders = all_holders(db)
        accounts = sum(holder.staff_id is not None for holder in holders)
        counts = {
            "accounts": accounts,
            "tokens": len(holders) - accounts,
            "with_concern": with_concern(holders, today(), unused_days, roles_with_second_step),
        }
        review_id = access_reviews.add(db, today(), by.name, parse_comment(comment), **counts)
        note.subject = ("access_review", review_id)
        note.detail = {**counts}
