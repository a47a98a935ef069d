"""What a district decides for itself: its rhythm of asking."""

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.model import Actor
from fitservice.store import districts


def set_rhythm(db: Database, months: int, *, by: Actor) -> None:
    """How often, in months (1-24), the actor's district means to ask each service user."""
    with acting(db, by, Act.SET_RHYTHM) as note:
        districts.set_rhythm(db, district_of(by), months)
        note.subject = ("district", district_of(by))
        note.detail = {"months": months}
