"""The service users of the actor's own district: who is due, and who matches what was typed."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, check, district_of
from fitservice.acting import acting
from fitservice.instruments import SHIPPED, Instruments
from fitservice.model import Actor, NotFound
from fitservice.rules.caseload import Case, cases_of
from fitservice.rules.person_names import name_words
from fitservice.store import districts, service_users, sessions

MATCHES = 100
"""As many as a page can show; more is a sign to type another character."""


def kept_search(db: Database, text: str, sign_in_id: int, *, by: Actor) -> str:
    """What was typed into the search, sealed for an address: no reference stands in a history or a log."""
    check(by, Act.FIND_SERVICE_USERS)
    return service_users.sealed_search(db, text, sign_in_id)


def typed_search(db: Database, sealed: str, sign_in_id: int, *, by: Actor) -> str:
    """What was typed, from such an address; '' from that of another sign-in, or of none."""
    check(by, Act.FIND_SERVICE_USERS)
    return service_users.opened_search(db, sealed, sign_in_id) if sealed else ""


def caseload(db: Database, text: str, today: date, *, by: Actor, instruments: Instruments = SHIPPED) -> list[Case]:
    """With text: those whose reference holds it, or in whose name all its words are, ended ones too.

    Without: the enrolled, longest due first.
    """
    with acting(db, by, Act.FIND_SERVICE_USERS) as note:
        district_id = district_of(by)
        note.subject = ("district", district_id)
        district = districts.by_id(db, district_id)
        if not district:
            raise NotFound
        if text:
            people = service_users.matching(db, by, text, name_words(text), MATCHES)
        else:
            people = service_users.enrolled(db, by)
        held = sessions.of_open_enrolments(db, by)
        note.detail = {"found": len(people), "searched": bool(text)}
    return cases_of(people, held, district["rhythm_months"], today, instruments.every)
