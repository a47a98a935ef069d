"""The team lead's list: service users with a signal that nobody has discussed, and what was discussed lately."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.instruments import SHIPPED, Instruments
from fitservice.model import Actor, NotFound
from fitservice.rules.caseload import Case, cases_of, waiting
from fitservice.store import discussions, districts, service_users, sessions
from fitservice.store.rows import Row

LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Supervision:
    """Those that wait, longest first, and the discussions of the last 90 days, newest first.

    A discussion is discussed_on, discussed_by (a name), reference, service_user_id, and held_on of its session.
    """

    waiting: list[Case]
    discussed: list[Row]


def supervision(db: Database, today: date, *, by: Actor, instruments: Instruments = SHIPPED) -> Supervision:
    """What the actor's district has to discuss, and what it discussed; nothing of it is counted by caseworker."""
    with acting(db, by, Act.SEE_SUPERVISION) as note:
        district_id = district_of(by)
        district = districts.by_id(db, district_id)
        if not district:
            raise NotFound
        people = service_users.enrolled(db, by)
        held = sessions.of_open_enrolments(db, by)
        known = discussions.discussed_sessions(db, by)
        lately = discussions.since(db, by, today - LATELY)
        note.subject = ("district", district_id)
    cases = cases_of(people, held, district["rhythm_months"], today, instruments.every)
    return Supervision(waiting(cases, known), lately)
