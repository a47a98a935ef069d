"""What rows of a file meet: new, there already, or in contradiction to the record or to each other."""

from datetime import date
from itertools import count

import pytest

from fitservice.model import Answers
from fitservice.rules.answers import reference_key
from fitservice.rules.meeting import Known, Met, meet_service_users, meet_sessions
from fitservice.rules.rows import ServiceUserRow, SessionRow

ALNA = 12
FOUR = Answers(life_satisfaction=4)


def day(text: str | None) -> date | None:
    """A day of 2022 from month and day."""
    return date.fromisoformat(f"2022-{text}") if text else None


def known(
    *spells: tuple[str, str | None],
    last_session: str | None = None,
    birth_year: int | None = 1980,
    withdrawn: bool = False,
) -> Known:
    """A-1 of Alna with id 7 and enrolments 1, 2 …"""
    spell = {"district_id": ALNA, "reference": "A-1", "last_session": last_session and f"2022-{last_session}"}
    return Known.of(
        [{"id": 7, "district_id": ALNA, "reference": "A-1", "birth_year": birth_year, "withdrawn": withdrawn}]
        if spells
        else [],
        [
            {**spell, "id": number, "enrolled_from": f"2022-{first}", "enrolled_to": last and f"2022-{last}"}
            for number, (first, last) in enumerate(spells, start=1)
        ],
    )


def meet(record: Known, *rows: tuple[str, str | None], reference: str = "A-1", birth_year: int | None = 1980) -> Met:
    """What lines 2, 3 … of a file with these spells meet; new ids from 100 and 200."""
    read = [
        ServiceUserRow(line, ALNA, reference, birth_year, day(first), day(last))
        for line, (first, last) in enumerate(rows, start=2)
    ]
    return meet_service_users(read, record, count(100), count(200), "importer")


def complaints(met: Met) -> list[tuple[int, str]]:
    """Line and code of each problem."""
    return [(problem.line, problem.code) for problem in met.problems]


def test_a_stranger_is_a_new_service_user_with_an_enrolment():
    met = meet(known(), ("01-01", None))
    assert met.service_users == [(100, ALNA, "A-1", 1980)]
    assert met.enrolments == [(200, 100, "2022-01-01", None, "importer")]


def test_two_spells_of_one_stranger_are_one_service_user():
    met = meet(known(), ("01-01", "02-01"), ("03-01", None))
    assert len(met.service_users) == 1
    assert [(row[0], row[1]) for row in met.enrolments] == [(200, 100), (201, 100)]


def test_a_reference_is_known_whatever_its_case():
    met = meet(known(("01-01", None)), ("01-01", None), reference="a-1")
    assert (met.already, met.service_users, met.problems) == (1, [], [])


@pytest.mark.parametrize(
    ("recorded", "row", "already", "ended", "problem"),
    [
        (("01-01", None), ("01-01", None), 1, [], None),
        (("01-01", "05-01"), ("01-01", "05-01"), 1, [], None),
        (("01-01", "05-01"), ("01-01", None), 1, [], None),
        (("01-01", None), ("01-01", "05-01"), 0, [(1, day("01-01"), day("05-01"))], None),
        (("01-01", None), ("01-01", "03-31"), 0, [], "session_after_end"),
        (("01-01", "05-01"), ("01-01", "06-01"), 0, [], "ended_otherwise"),
        (("01-01", None), ("02-01", None), 0, [], "enrolments_overlap"),
        (("03-01", "05-01"), ("01-01", "03-01"), 0, [], "enrolments_overlap"),
    ],
)
def test_a_recorded_enrolment_meets_a_row(recorded, row, already, ended, problem):
    met = meet(known(recorded, last_session="04-01"), row)
    assert (met.already, met.ended, met.enrolments) == (already, ended, [])
    assert complaints(met) == ([(2, problem)] if problem else [])


def test_whoever_comes_back_gets_a_new_enrolment():
    met = meet(known(("01-01", "02-01")), ("03-01", None))
    assert met.service_users == []
    assert met.enrolments == [(200, 7, "2022-03-01", None, "importer")]


@pytest.mark.parametrize("rows", [(("01-01", "05-01"), ("06-01", None)), (("06-01", None), ("01-01", "05-01"))])
def test_one_file_can_end_an_enrolment_and_begin_the_next_in_either_order(rows):
    met = meet(known(("01-01", None)), *rows)
    assert met.problems == []
    assert met.ended == [(1, day("01-01"), day("05-01"))]
    assert [row[2] for row in met.enrolments] == ["2022-06-01"]


def test_the_same_row_twice_is_named():
    assert complaints(meet(known(), ("01-01", None), ("01-01", None))) == [(3, "row_twice")]


def test_rows_of_one_file_may_not_overlap():
    assert complaints(meet(known(), ("01-01", None), ("03-01", None))) == [(3, "enrolments_overlap")]


def test_another_birth_year_is_a_contradiction():
    assert complaints(meet(known(("01-01", None)), ("01-01", None), birth_year=1990)) == [(2, "birth_year_differs")]
    assert complaints(meet(known(("01-01", None)), ("01-01", None), birth_year=None)) == []


def held(record: Known, *rows: SessionRow, stored: tuple[tuple, ...] = ()) -> Met:
    """What these sessions meet."""
    return meet_sessions(rows, record, stored, "importer")


def session(
    line: int, on: str, answers: Answers = FOUR, recorded_by: str | None = "cw1", who: str = "A-1"
) -> SessionRow:
    """One row of a file of sessions."""
    return SessionRow(line, ALNA, who, day(on), recorded_by, answers)


def as_stored(on: str, answers: Answers = FOUR, recorded_by: str = "cw1", counts: int = 1) -> tuple:
    """A recorded session in the order of the store; it no longer counts once corrected or withdrawn."""
    return (1, f"2022-{on}", *vars(answers).values(), recorded_by, counts)


def test_a_session_goes_to_the_enrolment_that_covers_its_day():
    met = held(known(("01-01", "02-01"), ("03-01", None)), session(2, "02-01"), session(3, "03-01", recorded_by=None))
    assert [(row[0], row[1], row[-1]) for row in met.sessions] == [
        (1, "2022-02-01", "cw1"),
        (2, "2022-03-01", "importer"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (session(2, "02-01", who="A-2"), "unknown_service_user"),
        (session(2, "02-02"), "outside_enrolment"),
        (session(2, "01-04", Answers(life_satisfaction=5)), "session_that_day"),
        (session(2, "01-04", Answers()), "session_that_day"),
    ],
)
def test_a_session_that_cannot_be_is_named(row, code):
    met = held(known(("01-01", "02-01")), row, stored=(as_stored("01-04"),))
    assert (complaints(met), met.sessions) == ([(2, code)], [])


def test_of_whoever_has_withdrawn_no_session_comes_in_and_the_others_do():
    record = known(("01-01", "03-01"), withdrawn=True)
    # the second is outside the enrolment: a new one of theirs was left out too
    rows = (session(2, "02-01"), session(3, "05-01"), session(4, "01-04"))
    met = held(record, *rows, stored=(as_stored("01-04"),))
    assert (complaints(met), met.already, met.sessions) == ([], 1, [])
    left = [(problem.line, problem.code) for problem in met.left_out]
    assert left == [(2, "participation_withdrawn"), (3, "participation_withdrawn")]


@pytest.mark.parametrize(
    ("recorded", "row", "left_out", "already", "ended"),
    [
        # a new enrolment, also one that shares days with another
        (("01-01", "02-01"), ("03-01", None), [2], 0, 0),
        (("01-01", "02-01"), ("01-15", None), [2], 0, 0),
        # what is there already, and its end: what is kept must be right
        (("01-01", None), ("01-01", None), [], 1, 0),
        (("01-01", None), ("01-01", "04-01"), [], 0, 1),
    ],
)
def test_of_whoever_has_withdrawn_no_enrolment_begins(recorded, row, left_out, already, ended):
    met = meet(known(recorded, withdrawn=True, birth_year=None), row, birth_year=1980)
    assert [problem.line for problem in met.left_out] == left_out
    assert (met.enrolments, met.service_users, met.birth_years, met.problems) == ([], [], [], [])
    assert (met.already, len(met.ended)) == (already, ended)


@pytest.mark.parametrize("recorded_by", ["cw1", None])
def test_the_same_session_is_there_already_whoever_brings_it(recorded_by):
    met = held(known(("01-01", None)), session(2, "01-04", recorded_by=recorded_by), stored=(as_stored("01-04"),))
    assert (met.already, met.sessions, met.problems) == (1, [], [])


@pytest.mark.parametrize("now", [(), (as_stored("01-04", Answers(life_satisfaction=5)),)])
def test_an_old_file_does_not_bring_back_what_was_corrected_or_withdrawn(now):
    met = held(known(("01-01", None)), session(2, "01-04"), stored=(as_stored("01-04", counts=0), *now))
    assert (met.already, met.sessions, met.problems) == (1, [], [])


def test_another_session_can_take_the_day_of_a_withdrawn_one():
    new = session(2, "01-04", Answers(life_satisfaction=6))
    met = held(known(("01-01", None)), new, stored=(as_stored("01-04", counts=0),))
    assert (met.already, len(met.sessions)) == (0, 1)


@pytest.mark.parametrize(
    ("recorded", "filled", "problem"), [(None, [(7, 1981)], []), (1980, [], [(2, "birth_year_differs")])]
)
def test_a_year_of_birth_is_filled_in_but_never_changed(recorded, filled, problem):
    met = meet(known(("01-01", None), birth_year=recorded), ("01-01", None), birth_year=1981)
    assert (met.birth_years, complaints(met)) == (filled, problem)


@pytest.mark.parametrize(("one", "other"), [("ØS-1", "øs-1"), ("ÅS-1", "ås-1"), ("ÅS-1", "A\u030aS-1")])
def test_norwegian_letters_make_the_same_reference_whatever_their_case_and_form(one, other):
    assert reference_key(one) == reference_key(other)


def test_the_same_day_twice_in_a_file_is_named():
    rows = session(2, "01-04"), session(3, "01-04", Answers(life_satisfaction=7))
    met = held(known(("01-01", None)), *rows)
    assert complaints(met) == [(3, "row_twice")]
    assert len(met.sessions) == 1
