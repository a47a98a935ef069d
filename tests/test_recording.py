"""Recording a session, correcting it, withdrawing it."""

import json
from datetime import date, timedelta

import pytest
from factories import ADMIN, AMINA, BERIT, CARL, OPERATOR, VELFERD, enrolment_of, make_service_user, make_session

from fitservice.actions.enrolling import add_enrolment, end_enrolment
from fitservice.actions.recording import (
    answers_of,
    correct_session,
    note_session,
    record_session,
    remarks_of,
    withdraw_session,
)
from fitservice.clock import today
from fitservice.model import (
    OUTCOME_ITEMS,
    Answers,
    Duplicate,
    Invalid,
    MissingReason,
    Mode,
    NotAllowed,
    NotFound,
    Remarks,
)
from fitservice.store import sessions

MARCH = date(2022, 3, 1)
FOUR, FIVE = Answers(life_satisfaction=4), Answers(life_satisfaction=5)


@pytest.fixture
def service_user_id(db) -> int:
    """A-1 of Alna, enrolled since January 2022."""
    return make_service_user(db)


def stored(db, session_id: int) -> Answers:
    """What the record says was answered."""
    return answers_of(sessions.by_id(db, AMINA, session_id))


def refused(code: str):
    """Invalid with this one code."""
    return pytest.raises(Invalid, match=f"^{code}$")


@pytest.mark.parametrize(
    "answers",
    [
        FOUR,
        Answers(missing_reason=MissingReason.DECLINED),
        Answers(life_satisfaction_1_10=10),
        Answers(life_satisfaction=1, **dict.fromkeys(OUTCOME_ITEMS, 0)),
        Answers(missing_reason=MissingReason.NO_TIME, **dict.fromkeys(OUTCOME_ITEMS, 100)),
        Answers(outcome_personal=75),
    ],
)
def test_what_was_answered_is_what_is_stored(db, service_user_id, answers):
    assert stored(db, record_session(db, service_user_id, MARCH, answers, by=AMINA)) == answers


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (Answers(), "nothing_answered"),
        (Answers(life_satisfaction=4, missing_reason=MissingReason.DECLINED), "score_and_reason"),
    ],
)
def test_nothing_and_a_contradiction_are_refused(db, service_user_id, answers, code):
    with refused(code):
        record_session(db, service_user_id, MARCH, answers, by=AMINA)


def test_a_double_click_is_one_session(db, service_user_id):
    first = record_session(db, service_user_id, MARCH, FOUR, by=AMINA)
    assert record_session(db, service_user_id, MARCH, FOUR, by=CARL) == first
    assert [row["recorded_by"] for row in sessions.of_service_user(db, service_user_id)] == ["amina"]
    audit = db.execute("SELECT actor, detail FROM audit WHERE act = 'record_session' ORDER BY id").fetchall()
    assert [(actor, detail and json.loads(detail)) for actor, detail in audit] == [
        ("amina", None),
        ("carl", {"again": True}),
    ]


def test_other_answers_on_the_same_day_point_to_the_session_that_is_there(db, service_user_id):
    first = record_session(db, service_user_id, MARCH, FOUR, by=AMINA)
    with pytest.raises(Duplicate) as duplicate:
        record_session(db, service_user_id, MARCH, FIVE, by=AMINA)
    assert duplicate.value.existing_id == first
    assert stored(db, first) == FOUR


@pytest.mark.parametrize(
    ("held_on", "inside"),
    [
        (date(2021, 12, 31), False),
        (date(2022, 1, 1), True),
        (date(2022, 4, 30), True),
        (date(2022, 5, 1), False),
        (date(2022, 6, 1), True),
    ],
)
def test_a_session_lies_inside_an_enrolment(db, service_user_id, held_on, inside):
    first = enrolment_of(db, service_user_id)
    end_enrolment(db, first, date(2022, 4, 30), by=AMINA)
    second = add_enrolment(db, service_user_id, date(2022, 6, 1), by=AMINA)
    if inside:
        session_id = record_session(db, service_user_id, held_on, FOUR, by=AMINA)
        enrolment_id = sessions.by_id(db, AMINA, session_id)["enrolment_id"]
        assert enrolment_id == (first if held_on.month < 5 else second)
    else:
        with refused("outside_enrolment"):
            record_session(db, service_user_id, held_on, FOUR, by=AMINA)


def test_a_correction_is_a_new_revision_with_its_reason(db, service_user_id):
    session_id = make_session(db, service_user_id)
    correct_session(db, session_id, date(2022, 3, 2), FIVE, "mistyped", by=CARL, revision=1)
    row = sessions.by_id(db, AMINA, session_id)
    assert answers_of(row) == FIVE
    assert (row["held_on"], row["revision"], row["reason"], row["recorded_by"]) == (
        "2022-03-02",
        2,
        "mistyped",
        "carl",
    )
    (before,) = sessions.earlier_revisions(db, session_id)
    assert (answers_of(before), before["recorded_by"]) == (FOUR, "amina")


def test_a_correction_of_what_somebody_else_corrected_is_refused(db, service_user_id):
    session_id = make_session(db, service_user_id)
    correct_session(db, session_id, MARCH, FIVE, "mistyped", by=CARL, revision=1)
    with refused("changed_meanwhile"):
        correct_session(db, session_id, MARCH, Answers(life_satisfaction=1), "mistyped", by=AMINA, revision=1)
    with refused("changed_meanwhile"):
        withdraw_session(db, session_id, "wrong person", by=AMINA, revision=1)
    assert stored(db, session_id) == FIVE


@pytest.mark.parametrize(
    ("held_on", "answers", "code"),
    [
        (MARCH, Answers(), "nothing_answered"),
        (date(2021, 3, 1), FIVE, "outside_enrolment"),
        (date(2022, 4, 1), FIVE, "session_that_day"),
    ],
)
def test_a_correction_is_checked_like_a_new_session(db, service_user_id, held_on, answers, code):
    session_id = make_session(db, service_user_id)
    make_session(db, service_user_id, date(2022, 4, 1))
    with refused(code):
        correct_session(db, session_id, held_on, answers, "mistyped", by=AMINA, revision=1)
    assert stored(db, session_id) == FOUR


def test_a_correction_can_move_a_session_into_another_enrolment(db, service_user_id):
    session_id = make_session(db, service_user_id)
    end_enrolment(db, enrolment_of(db, service_user_id), date(2022, 4, 30), by=AMINA)
    second = add_enrolment(db, service_user_id, date(2022, 6, 1), by=AMINA)
    correct_session(db, session_id, date(2022, 6, 2), FOUR, "wrong date", by=AMINA, revision=1)
    assert sessions.by_id(db, AMINA, session_id)["enrolment_id"] == second


def test_a_withdrawn_session_stays_and_makes_room_for_another(db, service_user_id):
    session_id = make_session(db, service_user_id)
    withdraw_session(db, session_id, "wrong person", by=AMINA, revision=1)
    make_session(db, service_user_id, life_satisfaction=7)
    rows = sessions.of_service_user(db, service_user_id)
    assert [(row["life_satisfaction"], row["withdrawn"]) for row in rows] == [(4, 1), (7, 0)]


def test_a_withdrawn_session_is_neither_corrected_nor_withdrawn_again(db, service_user_id):
    session_id = make_session(db, service_user_id)
    withdraw_session(db, session_id, "wrong person", by=AMINA, revision=1)
    with refused("already_withdrawn"):
        withdraw_session(db, session_id, "again", by=AMINA, revision=2)
    with refused("already_withdrawn"):
        correct_session(db, session_id, MARCH, FIVE, "after all", by=AMINA, revision=2)


ACTS = {
    "record": lambda db, user, session, by: record_session(db, user, date(2022, 4, 1), FIVE, by=by),
    "correct": lambda db, user, session, by: correct_session(db, session, MARCH, FIVE, "reason", by=by, revision=1),
    "withdraw": lambda db, user, session, by: withdraw_session(db, session, "reason", by=by, revision=1),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize(
    ("by", "refusal"),
    [(BERIT, NotFound), (VELFERD, NotAllowed), (ADMIN, NotAllowed), (OPERATOR, NotAllowed)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_nobody_else_touches_the_record(db, service_user_id, act, by, refusal):
    session_id = make_session(db, service_user_id)
    before = list(db.conn.iterdump())
    with pytest.raises(refusal):
        act(db, service_user_id, session_id, by)
    assert list(db.conn.iterdump()) == before


def test_what_is_not_there_is_not_found(db):
    with pytest.raises(NotFound):
        record_session(db, 99, MARCH, FOUR, by=AMINA)
    with pytest.raises(NotFound):
        withdraw_session(db, 99, "reason", by=AMINA, revision=1)


def test_a_session_of_tomorrow_is_refused(db, service_user_id):
    with pytest.raises(Invalid, match="future_day"):
        record_session(db, service_user_id, today() + timedelta(days=1), FOUR, by=AMINA)


def test_a_note_is_kept_beside_the_answers_and_so_is_what_it_said_before(db, service_user_id):
    said = Remarks(Mode.PAPER, "Sover bedre", "Time hos NAV")
    session_id = record_session(db, service_user_id, MARCH, FOUR, by=AMINA, remarks=said)
    note_session(db, session_id, "Sover godt", None, by=CARL, revision=1)
    session = sessions.by_id(db, AMINA, session_id)
    assert remarks_of(session) == Remarks(Mode.PAPER, "Sover godt", None)
    assert (answers_of(session), session["reason"], session["recorded_by"]) == (FOUR, "noted", "carl")
    (before,) = sessions.earlier_revisions(db, session_id)
    assert remarks_of(before) == said


def test_the_same_note_again_is_no_new_revision(db, service_user_id):
    session_id = record_session(db, service_user_id, MARCH, FOUR, by=AMINA, remarks=Remarks(note="Sover bedre"))
    note_session(db, session_id, "Sover bedre", None, by=AMINA, revision=1)
    assert sessions.by_id(db, AMINA, session_id)["revision"] == 1


def test_a_correction_keeps_the_remarks_unless_others_are_given(db, service_user_id):
    said = Remarks(Mode.TABLET, "Sover bedre", None)
    session_id = record_session(db, service_user_id, MARCH, FOUR, by=AMINA, remarks=said)
    correct_session(db, session_id, MARCH, FIVE, "mistyped", by=AMINA, revision=1)
    assert remarks_of(sessions.by_id(db, AMINA, session_id)) == said


def test_a_note_is_not_written_over_another_ones(db, service_user_id):
    session_id = record_session(db, service_user_id, MARCH, FOUR, by=AMINA)
    note_session(db, session_id, "Sover bedre", None, by=AMINA, revision=1)
    with refused("changed_meanwhile"):
        note_session(db, session_id, "Noe annet", None, by=CARL, revision=1)
    with pytest.raises(NotFound):
        note_session(db, session_id, "Noe annet", None, by=BERIT, revision=2)
