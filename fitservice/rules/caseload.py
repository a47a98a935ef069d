"""The lines of a caseload: who is due, what is worth talking about, the last contact; and the filters over them."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fitservice.instruments.instrument import Instrument
from fitservice.rules.collation import collation_key
from fitservice.rules.due import Due, due_status, next_due
from fitservice.rules.signals import Signal, worth_a_mark
from fitservice.rules.standing import SessionRow, signals_of


@dataclass(frozen=True)
class Case:
    """One line of the list. last_asked and due_on are None before the first asking and after the end.

    contact is a name, None for nobody. Signals, latest session, last contact and next step are those of an open
    enrolment; what is only a first score is no signal here.
    """

    service_user_id: int
    reference: str
    enrolled_from: date
    enrolled_to: date | None
    last_asked: date | None
    due_on: date | None
    status: Due
    contact_id: int | None = None
    contact: str | None = None
    contact_closed: bool = False
    latest_session_id: int | None = None
    last_contact: date | None = None
    next_step: str | None = None
    signals: tuple[Signal, ...] = ()
    name: str | None = None
    """The service user's own, where one is kept."""


class Whose(StrEnum):
    """Whose service users: those whose contact the reader is, or all of the team's."""

    MINE = "mine"
    TEAM = "team"


class What(StrEnum):
    """Which of them: all, those to be asked now or soon, those with a signal."""

    ALL = "all"
    DUE = "due"
    SIGNAL = "signal"


def cases_of(
    people: Iterable[SessionRow],
    sessions: Iterable[SessionRow],
    rhythm_months: int,
    today: date,
    instruments: Sequence[Instrument],
) -> list[Case]:
    """A line for each person, longest due first and ended ones last, with what their sessions, oldest first, tell.

    A person is a row with the latest enrolment; a session is a row that counts, with its enrolment_id and next_step.
    """
    held = defaultdict(list)
    for session in sessions:
        held[session["enrolment_id"]].append(session)
    cases = [_case(person, held[person["enrolment_id"]], rhythm_months, today, instruments) for person in people]
    return sorted(cases, key=lambda case: (case.due_on is None, case.due_on or today, collation_key(case.reference)))


def shown(cases: Iterable[Case], whose: Whose, what: What, staff_id: int | None) -> list[Case]:
    """Those that two filters let through together, in the same order."""
    return [case for case in cases if _is_of(case, whose, staff_id) and _is(case, what)]


def first_whose(cases: Iterable[Case], staff_id: int | None) -> Whose:
    """Where a caseworker begins: with the own ones, or with the team's while there are none."""
    return Whose.MINE if any(_is_of(case, Whose.MINE, staff_id) for case in cases) else Whose.TEAM


def waiting(cases: Iterable[Case], discussed: Container[int]) -> list[Case]:
    """Those with a signal whose latest session is none of the discussed ones, longest waiting first.

    Never by contact: the list is about service users.
    """
    found = [case for case in cases if case.signals and case.latest_session_id not in discussed]
    return sorted(found, key=lambda case: (case.last_contact or date.min, collation_key(case.reference)))


def _is_of(case: Case, whose: Whose, staff_id: int | None) -> bool:
    return whose is Whose.TEAM or (staff_id is not None and case.contact_id == staff_id)


def _is(case: Case, what: What) -> bool:
    if what is What.SIGNAL:
        return bool(case.signals)
    return what is What.ALL or case.status in (Due.OVERDUE, Due.DUE)


def _case(
    person: SessionRow, held: list[SessionRow], rhythm_months: int, today: date, instruments: Sequence[Instrument]
) -> Case:
    enrolled_from = date.fromisoformat(person["enrolled_from"])
    enrolled_to, last_asked = _day(person["enrolled_to"]), _day(person["last_asked"])
    due_on = None if enrolled_to else next_due(enrolled_from, last_asked, rhythm_months)
    latest = held[-1] if held else None
    return Case(
        service_user_id=person["id"],
        reference=person["reference"],
        enrolled_from=enrolled_from,
        enrolled_to=enrolled_to,
        last_asked=last_asked,
        due_on=due_on,
        status=due_status(due_on, today),
        contact_id=person["contact_id"],
        contact=person["contact"],
        contact_closed=bool(person["contact_closed"]),
        latest_session_id=latest["id"] if latest else None,
        last_contact=_day(latest["held_on"]) if latest else None,
        next_step=next((row["next_step"] for row in reversed(held) if row["next_step"]), None),
        signals=tuple(worth_a_mark(signals_of(held, instruments, person["birth_year"]))),
        name=person["name"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
