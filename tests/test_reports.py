"""What is told: a person, a caseload, a district and the city; and that each look is logged."""

from datetime import date

import pytest
from factories import (
    ADMIN,
    ALNA,
    AMINA,
    BERIT,
    CARL,
    OPERATOR,
    VELFERD,
    enrolment_of,
    make_service_user,
    make_session,
)

from fitservice.actions.enrolling import add_enrolment, end_enrolment
from fitservice.actions.recording import correct_session, withdraw_session
from fitservice.actions.staffing import add_staff, close_staff
from fitservice.clock import set_to
from fitservice.instruments import SHIPPED
from fitservice.model import OUTCOME_ITEMS, Answers, Invalid, NotAllowed, NotFound, Role
from fitservice.reporting import Content, GapKind
from fitservice.reports.caseload import caseload
from fitservice.reports.figures import own_district, pull_figures, pull_internal_figures
from fitservice.reports.gaps import see_gaps
from fitservice.reports.person import see_enrolment, see_person, see_session
from fitservice.reports.staff import see_staff
from fitservice.rules.due import Due
from fitservice.rules.periods import parse_period

TODAY = date(2022, 6, 15)
H1 = parse_period("2022H1")


@pytest.mark.parametrize("typed", ["øs", "ØS-1", "Ø"])
def test_a_search_knows_norwegian_letters_whatever_their_case(db, typed):
    make_service_user(db, "ØS-1")
    assert [case.reference for case in caseload(db, typed, TODAY, by=AMINA)] == ["ØS-1"]


@pytest.mark.parametrize(
    "pull",
    [
        lambda db, to_come: pull_figures(db, [to_come], 5, by=VELFERD),
        lambda db, to_come: pull_internal_figures(db, [to_come], by=OPERATOR),
    ],
)
def test_there_are_no_figures_of_a_period_to_come(db, pull):
    with pytest.raises(Invalid, match="period_not_begun"):
        pull(db, parse_period("2199H1"))


def last_acts(db, number: int = 1) -> list[tuple]:
    """The newest rows of the audit table."""
    return db.execute(
        "SELECT actor, act, subject_kind, subject_id FROM audit ORDER BY id DESC LIMIT ?", (number,)
    ).fetchall()


def test_a_look_at_a_person_is_logged(db):
    service_user_id = make_service_user(db)
    assert see_person(db, service_user_id, by=CARL).service_user["reference"] == "A-1"
    assert last_acts(db) == [("carl", "see_service_user", "service_user", service_user_id)]


def test_a_session_shows_where_the_person_stood_on_that_day(db):
    service_user_id = make_service_user(db)
    ids = [
        make_session(db, service_user_id, date(2022, month, 1), life_satisfaction=score)
        for month, score in ((2, 2), (3, 6), (4, 7))
    ]
    page = see_session(db, ids[1], by=AMINA)
    ((instrument, course),) = page.courses
    assert instrument.key == "life_satisfaction"
    assert (course.first.value, course.previous, course.current.value, course.difference) == (2, None, 6, 4)
    assert last_acts(db) == [("amina", "see_session", "session", ids[1])]


def test_withdrawn_sessions_and_earlier_enrolments_are_no_part_of_a_course(db):
    service_user_id = make_service_user(db)
    make_session(db, service_user_id, date(2022, 2, 1), life_satisfaction=1)
    end_enrolment(db, enrolment_of(db, service_user_id), date(2022, 2, 28), by=AMINA)
    second = add_enrolment(db, service_user_id, date(2022, 3, 1), by=AMINA)
    mistake = make_session(db, service_user_id, date(2022, 3, 1), life_satisfaction=7)
    withdraw_session(db, mistake, "wrong person", by=AMINA, revision=1)
    make_session(db, service_user_id, date(2022, 4, 1), life_satisfaction=4)
    person = see_person(db, service_user_id, by=AMINA)
    assert [score.value for score in person.scores(SHIPPED["life_satisfaction"], second)] == [4]
    assert [course.first for _, course in person.courses(second, TODAY)] == [None]


def test_earlier_revisions_stay_visible(db):
    session_id = make_session(db, make_service_user(db))
    correct_session(db, session_id, date(2022, 3, 1), Answers(life_satisfaction=5), "mistyped", by=AMINA, revision=1)
    assert [row["life_satisfaction"] for row in see_session(db, session_id, by=AMINA).earlier] == [4]


@pytest.mark.parametrize(
    ("see", "kind"), [(see_person, "service_user"), (see_session, "session"), (see_enrolment, "enrolment")]
)
@pytest.mark.parametrize(("by", "refusal"), [(BERIT, NotFound), (VELFERD, NotAllowed), (ADMIN, NotAllowed)])
def test_a_stranger_sees_no_person(db, see, kind, by, refusal):
    service_user_id = make_service_user(db)
    session_id = make_session(db, service_user_id)
    ids = {"service_user": service_user_id, "session": session_id, "enrolment": enrolment_of(db, service_user_id)}
    with pytest.raises(refusal):
        see(db, ids[kind], by=by)


def test_references_come_in_norwegian_order_whatever_their_case(db):
    in_order = ["a-1", "B-1", "z-1", "Æ-1", "ø-1", "Å-1"]
    for reference in reversed(in_order):
        make_service_user(db, reference)
    for typed in ("", "-1"):
        assert [case.reference for case in caseload(db, typed, TODAY, by=AMINA)] == in_order


def test_accounts_come_by_name_in_norwegian_order_closed_ones_last(db):
    for number, name in enumerate(("Amina", "Åse", "øystein", "Ærlig", "berit", "Berit")):
        add_staff(db, f"someone-{number}", name, Role.ADMINISTRATOR, None, by=OPERATOR)
    close_staff(db, 1, by=ADMIN)
    assert [row["name"] for row in see_staff(db, by=ADMIN)] == ["Berit", "berit", "Ærlig", "øystein", "Åse", "Amina"]


def test_the_caseload_begins_with_who_has_waited_longest(db):
    ids = [
        make_service_user(db, reference, enrolled_from=date.fromisoformat(enrolled_from))
        for reference, enrolled_from in (("A-1", "2022-06-20"), ("A-2", "2022-06-14"), ("A-3", "2021-01-01"))
    ]
    make_session(db, ids[2], date(2022, 6, 1))
    cases = caseload(db, "", TODAY, by=AMINA)
    assert [(case.reference, case.status) for case in cases] == [
        ("A-2", Due.OVERDUE),
        ("A-1", Due.DUE),
        ("A-3", Due.LATER),
    ]


@pytest.mark.parametrize(
    ("missing_reason", "asked"), [("declined", True), ("not_able", True), ("no_time", False), ("not_asked", False)]
)
def test_asked_means_that_the_question_was_put(db, missing_reason, asked):
    make_session(db, make_service_user(db), date(2022, 6, 1), missing_reason=missing_reason)
    (case,) = caseload(db, "", TODAY, by=AMINA)
    assert (case.last_asked == date(2022, 6, 1)) is asked


@pytest.mark.parametrize(
    ("text", "found"),
    [("a-1", ["A-1", "A-10"]), ("10", ["A-10"]), ("%", ["50%"]), ("_", []), ("\\", []), ("B-1", [])],
)
def test_typing_part_of_a_reference_finds_it_and_ended_ones_last(db, text, found):
    ids = [make_service_user(db, reference) for reference in ("A-10", "A-1", "50%")]
    end_enrolment(db, enrolment_of(db, ids[0]), date(2022, 2, 1), by=AMINA)
    make_service_user(db, "B-1", by=BERIT)
    assert [case.reference for case in caseload(db, text, TODAY, by=AMINA)] == found


def test_a_team_lead_sees_the_own_district_by_half_year(db):
    make_session(db, make_service_user(db, enrolled_from=date(2021, 1, 1)), date(2021, 3, 1))
    make_session(db, make_service_user(db, by=BERIT), by=BERIT, life_satisfaction=7)
    own = own_district(db, TODAY, by=CARL)
    assert [period.code for period in own.periods] == ["2021H1", "2021H2", "2022H1"]
    measured = [own.figures[code]["measured_users"] for code in ("2021H1", "2021H2", "2022H1")]
    assert (own.district["name"], measured) == ("Alna", [1, 0, 0])
    with pytest.raises(NotAllowed):
        own_district(db, TODAY, by=AMINA)


def test_figures_leave_a_district_with_small_counts_hidden_and_logged(db):
    make_session(db, make_service_user(db))
    protected = pull_figures(db, [H1], 5, by=VELFERD).figures["030112", "2022H1"]
    internal = pull_internal_figures(db, [H1], by=OPERATOR).figures["030112", "2022H1"]
    assert (protected["active_users"].value, protected["active_users"].hidden) == (None, True)
    assert (internal["active_users"].value, internal["active_users"].hidden) == (1, False)
    assert [row[1] for row in last_acts(db, 2)] == ["pull_internal_figures", "pull_figures"]
    with pytest.raises(NotAllowed):
        pull_internal_figures(db, [H1], by=VELFERD)


def test_a_withdrawn_session_counts_nowhere(db):
    service_user_id = make_service_user(db)
    make_session(db, service_user_id, date(2022, 2, 1), life_satisfaction=2)
    for day, items in ((date(2022, 1, 15), {}), (date(2022, 4, 1), dict.fromkeys(OUTCOME_ITEMS, 50))):
        mistake = make_session(db, service_user_id, day, life_satisfaction=7, **items)
        with set_to(day):
            withdraw_session(db, mistake, "wrong person", by=AMINA, revision=1)
    figures = pull_internal_figures(db, [H1], by=OPERATOR).figures["030112", "2022H1"]
    counted = {name: figures[name].value for name in ("sessions", "sessions_with_feedback", "measured_users")}
    assert counted == {"sessions": 1, "sessions_with_feedback": 0, "measured_users": 1}
    assert (figures["life_satisfaction_mean"].value, figures["life_satisfaction_paired"].value) == (2, 0)
    assert (figures["outcome_users"].value, figures["outcome_mean"].value) == (0, None)
    (status,) = [s for s in see_gaps(db, [H1], TODAY, 1, by=VELFERD) if s.district["id"] == ALNA]
    assert (status.last_recorded, status.measured_users.value) == (date(2022, 2, 1), 1)


def test_days_after_the_one_judged_on_do_not_count(db):
    make_session(db, make_service_user(db), date(2022, 6, 1))
    for as_of, measured in ((date(2022, 5, 31), 0), (date(2022, 6, 1), 1)):
        (status,) = [s for s in see_gaps(db, [H1], as_of, 1, by=VELFERD) if s.district["id"] == ALNA]
        assert (status.measured_users.value, status.last_recorded) == (measured, date(2022, 6, 1) if measured else None)
        assert status.still_open


def test_every_district_has_a_status_also_where_nothing_happened(db):
    statuses = see_gaps(db, [H1, parse_period("2022")], TODAY, 5, by=VELFERD)
    assert len(statuses) == 30
    assert {status.content for status in statuses} == {Content.NO_ACTIVE_USERS}
    assert {gap.kind for status in statuses for gap in status.gaps} == {GapKind.NO_ACTIVE_USERS}


def test_of_a_few_it_is_not_said_whether_they_are_enough(db):
    make_session(db, make_service_user(db, "A-1"))
    for number in range(2, 11):
        make_service_user(db, f"A-{number}")
    for small_count, content, shares in ((5, Content.NOT_TOLD, []), (1, Content.PARTIAL, [0.1])):
        (alna,) = [
            one for one in see_gaps(db, [H1], date(2022, 7, 1), small_count, by=VELFERD) if one.district["id"] == ALNA
        ]
        assert alna.content is content
        assert [gap.number for gap in alna.gaps if gap.kind is GapKind.LOW_COVERAGE] == shares


def test_a_period_that_has_not_begun_is_not_judged(db):
    with pytest.raises(Invalid, match="period_not_begun"):
        see_gaps(db, [H1, parse_period("2022H2")], date(2022, 6, 30), 5, by=VELFERD)
