"""Adding service users; beginning, ending and correcting their enrolments."""

from datetime import date

import pytest
from factories import (
    ADMIN,
    AMINA,
    BERIT,
    CARL,
    OPERATOR,
    VELFERD,
    enrolment_of,
    make_cast,
    make_service_user,
    make_session,
)

from fitservice.actions.enrolling import add_enrolment, correct_enrolment, end_enrolment, set_caseworker
from fitservice.actions.rhythm import set_rhythm
from fitservice.actions.staffing import close_staff
from fitservice.model import Duplicate, Invalid, NotAllowed, NotFound
from fitservice.store import districts, enrolments, service_users
from fitservice.store.rows import value

MAY = date(2022, 5, 1)


def spells(db, service_user_id: int) -> list[tuple]:
    """First and last days, newest first."""
    return [(row["enrolled_from"], row["enrolled_to"]) for row in enrolments.of_service_user(db, service_user_id)]


def refused(code: str):
    """Invalid with this one code."""
    return pytest.raises(Invalid, match=f"^{code}$")


def test_a_new_service_user_is_enrolled(db):
    service_user_id = make_service_user(db)
    assert spells(db, service_user_id) == [("2022-01-01", None)]


def test_a_reference_is_taken_once_in_a_district_whatever_its_case(db):
    first = make_service_user(db, "A-1")
    with pytest.raises(Duplicate) as duplicate:
        make_service_user(db, "a-1", by=CARL)
    assert duplicate.value.existing_id == first
    assert duplicate.value.problems[0].code == "reference_taken"


def test_another_district_may_use_the_same_reference_and_learns_nothing(db):
    assert make_service_user(db, "A-1") != make_service_user(db, "A-1", by=BERIT)


def test_whoever_comes_back_gets_a_new_enrolment(db):
    service_user_id = make_service_user(db)
    end_enrolment(db, enrolment_of(db, service_user_id), date(2022, 3, 1), by=AMINA)
    add_enrolment(db, service_user_id, MAY, by=CARL)
    assert spells(db, service_user_id) == [("2022-05-01", None), ("2022-01-01", "2022-03-01")]


@pytest.mark.parametrize("enrolled_from", [date(2021, 12, 1), date(2022, 1, 1), MAY])
def test_nobody_is_enrolled_twice_at_once(db, enrolled_from):
    service_user_id = make_service_user(db)
    with refused("enrolments_overlap"):
        add_enrolment(db, service_user_id, enrolled_from, by=AMINA)


def test_ending_returns_whose_it_was(db):
    service_user_id = make_service_user(db)
    assert end_enrolment(db, enrolment_of(db, service_user_id), MAY, by=AMINA) == service_user_id
    assert spells(db, service_user_id) == [("2022-01-01", "2022-05-01")]


def test_an_enrolment_ends_once(db):
    enrolment_id = enrolment_of(db, make_service_user(db))
    end_enrolment(db, enrolment_id, MAY, by=AMINA)
    with refused("already_ended"):
        end_enrolment(db, enrolment_id, date(2022, 6, 1), by=AMINA)


@pytest.mark.parametrize(
    ("enrolled_to", "code"), [(date(2021, 12, 31), "ends_before_start"), (date(2022, 2, 28), "session_after_end")]
)
def test_an_enrolment_cannot_end_before_it_began_or_before_a_session(db, enrolled_to, code):
    service_user_id = make_service_user(db)
    make_session(db, service_user_id, date(2022, 3, 1))
    with refused(code):
        end_enrolment(db, enrolment_of(db, service_user_id), enrolled_to, by=AMINA)


def test_an_enrolment_may_end_on_the_day_of_its_last_session(db):
    service_user_id = make_service_user(db)
    make_session(db, service_user_id, MAY)
    end_enrolment(db, enrolment_of(db, service_user_id), MAY, by=AMINA)


def test_correcting_opens_an_ended_enrolment_again(db):
    service_user_id = make_service_user(db)
    enrolment_id = enrolment_of(db, service_user_id)
    end_enrolment(db, enrolment_id, MAY, by=AMINA)
    assert (
        correct_enrolment(db, enrolment_id, date(2021, 12, 1), None, "wrong person", by=AMINA, revision=2)
        == service_user_id
    )
    assert spells(db, service_user_id) == [("2021-12-01", None)]


@pytest.mark.parametrize(
    ("enrolled_from", "enrolled_to", "code"),
    [
        (date(2022, 3, 2), None, "session_before_start"),
        (date(2022, 1, 1), date(2022, 2, 1), "session_after_end"),
        (date(2021, 6, 30), None, "enrolments_overlap"),
        (date(2022, 3, 1), date(2022, 2, 1), "ends_before_start"),
    ],
)
def test_a_correction_is_checked_like_everything_else(db, enrolled_from, enrolled_to, code):
    service_user_id = make_service_user(db, enrolled_from=date(2021, 1, 1))
    end_enrolment(db, enrolment_of(db, service_user_id), date(2021, 6, 30), by=AMINA)
    second = add_enrolment(db, service_user_id, date(2022, 1, 1), by=AMINA)
    make_session(db, service_user_id, date(2022, 3, 1))
    with refused(code):
        correct_enrolment(db, second, enrolled_from, enrolled_to, "mistyped", by=AMINA, revision=1)


ACTS = {
    "add_enrolment": lambda db, user, by: add_enrolment(db, user, MAY, by=by),
    "end_enrolment": lambda db, user, by: end_enrolment(db, enrolment_of(db, user), MAY, by=by),
    "correct_enrolment": lambda db, user, by: correct_enrolment(
        db, enrolment_of(db, user), MAY, None, "reason", by=by, revision=1
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_another_districts_service_user_is_not_found(db, act):
    service_user_id = make_service_user(db)
    before = list(db.conn.iterdump())
    with pytest.raises(NotFound):
        act(db, service_user_id, BERIT)
    assert list(db.conn.iterdump()) == before


@pytest.mark.parametrize("act", [*ACTS.values(), lambda db, user, by: make_service_user(db, by=by)], ids=[*ACTS, "add"])
@pytest.mark.parametrize("by", [VELFERD, ADMIN, OPERATOR], ids=lambda by: by.name)
def test_whoever_has_no_district_may_not(db, act, by):
    service_user_id = make_service_user(db)
    with pytest.raises(NotAllowed):
        act(db, service_user_id, by)


def test_a_team_lead_sets_the_own_districts_rhythm(db):
    set_rhythm(db, 2, by=CARL)
    assert districts.by_id(db, CARL.district_id)["rhythm_months"] == 2
    assert districts.by_id(db, BERIT.district_id)["rhythm_months"] == 6
    with pytest.raises(NotAllowed):
        set_rhythm(db, 3, by=AMINA)


def contact_of(db, service_user_id: int) -> str | None:
    """The contact's name."""
    return service_users.by_id(db, AMINA, service_user_id)["contact"]


def test_the_contact_is_chosen_changed_and_taken_away_and_each_choice_is_logged(db):
    make_cast(db)
    service_user_id = make_service_user(db)
    for username, name in (("amina", "Amina"), ("carl", "Carl"), (None, None)):
        set_caseworker(db, service_user_id, username, by=CARL)
        assert contact_of(db, service_user_id) == name
    assert value(db, "SELECT COUNT(*) FROM audit WHERE act = 'set_caseworker' AND actor = 'carl'") == 3
    assert value(db, "SELECT detail FROM audit ORDER BY id DESC") == '{"contact": null}'


@pytest.mark.parametrize("username", ["berit", "velferd", "admin", "amina", "no-such-name", ""])
def test_a_contact_works_in_the_district_and_has_an_open_account(db, username):
    make_cast(db)
    service_user_id = make_service_user(db)
    close_staff(db, AMINA.staff_id, by=ADMIN)
    with refused("not_a_colleague"):
        set_caseworker(db, service_user_id, username, by=CARL)
    assert contact_of(db, service_user_id) is None


@pytest.mark.parametrize(("by", "refusal"), [(BERIT, NotFound), (VELFERD, NotAllowed), (ADMIN, NotAllowed)])
def test_a_stranger_chooses_no_contact(db, by, refusal):
    service_user_id = make_service_user(db)
    with pytest.raises(refusal):
        set_caseworker(db, service_user_id, "berit", by=by)
