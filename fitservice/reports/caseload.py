"""The service users of the actor's own district: who is due, and who matches what was typed."""

from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting
from fitservice.model import Actor, NotFound
from fitservice.rules.collation import collation_key
from fitservice.rules.due import Due, due_status, next_due
from fitservice.store import districts, service_users
from fitservice.store.rows import Row

MATCHES = 100
"""As many as a page can show; more is a sign to type another character."""


@dataclass(frozen=True)
class Case:
    """One line of the list. last_asked and due_on are None before the first asking and after the end."""

    service_user_id: int
    reference: str
    enrolled_from: date
    enrolled_to: date | None
    last_asked: date | None
    due_on: date | None
    status: Due


def caseload(db: Database, text: str, today: date, *, by: Actor) -> list[Case]:
    """With text: those whose reference holds it, ended ones too. Without: the enrolled, longest due first."""
    with acting(db, by, Act.FIND_SERVICE_USERS) as note:
        district_id = district_of(by)
        district = districts.by_id(db, district_id)
        if not district:
            raise NotFound
        rhythm = district["rhythm_months"]
        if text:
            rows = service_users.matching(db, district_id, text, MATCHES)
        else:
            rows = service_users.enrolled(db, district_id)
        cases = [_case(row, rhythm, today) for row in rows]
        note.detail = {"found": len(cases), "searched": bool(text)}
    return sorted(cases, key=lambda case: (case.due_on or date.max, collation_key(case.reference)))


def _case(row: Row, rhythm_months: int, today: date) -> Case:
    enrolled_from = date.fromisoformat(row["enrolled_from"])
    last_asked = _day(row["last_asked"])
    enrolled_to = _day(row["enrolled_to"])
    due_on = None if enrolled_to else next_due(enrolled_from, last_asked, rhythm_months)
    return Case(
        service_user_id=row["id"],
        reference=row["reference"],
        enrolled_from=enrolled_from,
        enrolled_to=enrolled_to,
        last_asked=last_asked,
        due_on=due_on,
        status=due_status(due_on, today),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
