"""The lines of a caseload and its filters: tables of cases."""

from datetime import date

import pytest

from fitservice.instruments import SHIPPED
from fitservice.rules.caseload import Case, What, Whose, cases_of, first_whose, shown, waiting
from fitservice.rules.due import Due
from fitservice.rules.signals import Signal, SignalKind

TODAY = date(2022, 6, 15)
BLANK = {
    "life_satisfaction": None,
    "outcome_total": None,
    "alliance_total": None,
    "missing_reason": None,
    "next_step": None,
}
AMINA, DINA = 1, 6


def person(number: int, **known: object) -> dict:
    """A row of the overview: enrolled since January, never asked, nobody's."""
    return {
        "id": number,
        "reference": f"A-{number}",
        "name": None,
        "birth_year": None,
        "enrolment_id": number,
        "enrolled_from": "2022-01-01",
        "enrolled_to": None,
        "last_asked": None,
        "contact_id": None,
        "contact": None,
        "contact_closed": 0,
        **known,
    }


def session(number: int, enrolment_id: int, held_on: str, **said: object) -> dict:
    """A row of a session in which nothing was answered."""
    return {"id": number, "enrolment_id": enrolment_id, "held_on": held_on, **BLANK, **said}


def told(people: list[dict], sessions: list[dict]) -> list[Case]:
    """The lines, in a district that asks every six months."""
    return cases_of(people, sessions, 6, TODAY, SHIPPED.every)


def test_a_line_tells_the_latest_session_and_the_latest_agreed_next_step():
    (case,) = told(
        [person(1)],
        [
            session(7, 1, "2022-02-01", life_satisfaction=6, next_step="Ring the doctor"),
            session(8, 1, "2022-03-01", next_step="See a flat"),
            session(9, 1, "2022-04-01", life_satisfaction=3),
        ],
    )
    assert (case.latest_session_id, case.last_contact, case.next_step) == (9, date(2022, 4, 1), "See a flat")
    assert [signal.kind for signal in case.signals] == [SignalKind.RELIABLY_WORSE]


def test_a_first_score_and_somebody_elses_session_are_no_signal():
    cases = told([person(1), person(2)], [session(7, 1, "2022-02-01", life_satisfaction=1)])
    assert [(case.reference, case.signals) for case in cases] == [("A-1", ()), ("A-2", ())]
    assert (cases[1].latest_session_id, cases[1].last_contact, cases[1].next_step) == (None, None, None)


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ({"last_asked": "2021-12-14", "enrolled_from": "2021-06-01"}, Due.OVERDUE),
        ({"last_asked": "2022-01-20"}, Due.LATER),
        ({"enrolled_from": "2022-06-20"}, Due.DUE),
        ({"enrolled_to": "2022-05-01"}, Due.ENDED),
    ],
)
def test_a_line_says_how_near_the_next_asking_is(known, status):
    assert told([person(1, **known)], [])[0].status is status


def test_the_longest_due_come_first_and_ended_ones_last():
    people = [
        person(1, enrolled_to="2022-02-01"),
        person(2, last_asked="2022-05-01"),
        person(3),
        person(4, enrolled_from="2021-12-01"),
    ]
    assert [case.reference for case in told(people, [])] == ["A-4", "A-3", "A-2", "A-1"]


def case(number: int, status: Due = Due.LATER, *, contact_id: int | None = None, signal: bool = False) -> Case:
    """A line as the filters see it; its latest session has the number of the line, day 10 + number."""
    signals = (Signal(SignalKind.NO_ANSWERS, number=3),) if signal else ()
    held_on = date(2022, 5, 10 + number)
    return Case(
        *(number, f"A-{number}", TODAY, None, None, None, status),
        contact_id=contact_id,
        contact=f"staff {contact_id}",
        latest_session_id=number,
        last_contact=held_on,
        signals=signals,
    )


TEAM = [
    case(1, Due.OVERDUE, contact_id=AMINA),
    case(2, Due.DUE, contact_id=AMINA, signal=True),
    case(3, Due.LATER, contact_id=AMINA, signal=True),
    case(4, Due.OVERDUE, contact_id=DINA, signal=True),
    case(5, Due.LATER),
]


@pytest.mark.parametrize(
    ("whose", "what", "expected"),
    [
        (Whose.TEAM, What.ALL, [1, 2, 3, 4, 5]),
        (Whose.TEAM, What.DUE, [1, 2, 4]),
        (Whose.TEAM, What.SIGNAL, [2, 3, 4]),
        (Whose.MINE, What.ALL, [1, 2, 3]),
        (Whose.MINE, What.DUE, [1, 2]),
        (Whose.MINE, What.SIGNAL, [2, 3]),
    ],
)
def test_the_filters_combine_and_keep_the_order(whose, what, expected):
    assert [case.service_user_id for case in shown(TEAM, whose, what, AMINA)] == expected


@pytest.mark.parametrize(
    ("staff_id", "whose"), [(AMINA, Whose.MINE), (DINA, Whose.MINE), (3, Whose.TEAM), (None, Whose.TEAM)]
)
def test_whoever_is_a_contact_begins_with_the_own_ones(staff_id, whose):
    assert first_whose(TEAM, staff_id) is whose


def test_nobodys_service_users_are_not_those_of_a_reader_without_account():
    assert shown(TEAM, Whose.MINE, What.ALL, None) == []


@pytest.mark.parametrize(
    ("discussed", "expected"), [(set(), [2, 3, 4]), ({3}, [2, 4]), ({1, 5}, [2, 3, 4]), ({2, 3, 4}, [])]
)
def test_a_signal_waits_until_its_latest_session_was_discussed(discussed, expected):
    assert [case.service_user_id for case in waiting(reversed(TEAM), discussed)] == expected


def test_who_waits_longest_does_not_depend_on_the_contact():
    turned = [case(number, contact_id=7 - number, signal=True) for number in (3, 1, 4, 2)]
    assert [case.service_user_id for case in waiting(turned, set())] == [1, 2, 3, 4]
