"""The service users of the actor's own district: who is due, and who matches what was typed."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.instruments import SHIPPED, Instruments
from fitservice.model import Actor, NotFound
from fitservice.rules.caseload import Case, cases_of
from fitservice.rules.person_names import name_words
from fitservice.store import districts, service_users, sessions

MATCHES = 100
"""As many as a page can show; more is a sign to type another character."""


def caseload(
    db: Database, text: str, today: date, *, by: Actor, instruments: Instruments = SHIPPED, name: str = ""
) -> list[Case]:
    """With text: those whose reference holds it, ended ones too. Without: the enrolled, longest due first.

    With a name: those in whose name all its words are; nobody if it holds no word.
    """
    with acting(db, by, Act.FIND_SERVICE_USERS) as note:
        district_id = district_of(by)
        note.subject = ("district", district_id)
        district = districts.by_id(db, district_id)
        if not district:
            raise NotFound
        if name:
            words = name_words(name)
            people = service_users.named(db, district_id, words, MATCHES) if words else []
        elif text:
            people = service_users.matching(db, district_id, text, MATCHES)
        else:
            people = service_users.enrolled(db, district_id)
        held = sessions.of_open_enrolments(db, district_id)
        note.detail = {"found": len(people), "searched": bool(text or name)}
    return cases_of(people, held, district["rhythm_months"], today, instruments.every)
