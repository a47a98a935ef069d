"""Who is to be reviewed for erasure, what is asked for, and what would go."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.clock import today
from fitservice.model import Actor, NotFound
from fitservice.rules.participation import months_after
from fitservice.store import erasures, service_users
from fitservice.store.rows import Row


@dataclass(frozen=True)
class Review:
    """The open requests, and the service users whose last enrolment ended before a day."""

    asked: list[Row]
    ended: list[Row]
    before: date


@dataclass(frozen=True)
class Erasure:
    """A service user, the open request about them if there is one, and how many sessions and enrolments would go."""

    service_user: Row
    asked: Row | None
    held: Row
    is_own: bool


def review(db: Database, years: int, *, by: Actor) -> Review:
    """Of the actor's district: what is asked for, and whose enrolments all ended more than so many years ago.

    Nothing goes by itself.
    """
    before = months_after(today(), -12 * years)
    with acting(db, by, Act.SEE_ERASURES) as note:
        district_id = district_of(by)
        note.subject = ("district", district_id)
        found = Review(erasures.open_in(db, by), erasures.ended_before(db, by, before), before)
        note.detail = {"asked": len(found.asked), "ended": len(found.ended)}
    return found


def see_erasure(db: Database, service_user_id: int, *, by: Actor) -> Erasure:
    """What would go with a service user of the actor's district; NotFound for anybody else's."""
    with acting(db, by, Act.SEE_ERASURES) as note:
        service_user = service_users.by_id(db, by, service_user_id)
        if not service_user:
            raise NotFound
        note.subject = ("service_user", service_user_id)
        asked = erasures.open_of(db, service_user_id)
        is_own = bool(asked) and asked["asked_by"].casefold() == by.name.casefold() if asked else False
        return Erasure(service_user, asked, erasures.held(db, service_user_id), is_own)
