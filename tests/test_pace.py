"""The running half-year: its forecast, who has no score yet, what the agency sees, and how forecasts did before."""

import json
from datetime import date, timedelta

import pytest
from factories import ADMIN, ALNA, AMINA, BERIT, CARL, OPERATOR, VELFERD, enrolment_of, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.demo import make_demo
from fitservice.actions.enrolling import end_enrolment
from fitservice.clock import set_to, today
from fitservice.model import Invalid, NotAllowed
from fitservice.reports.pace import back_test, city_pace, own_pace
from fitservice.rules.due import Due
from fitservice.rules.pace import forecast
from fitservice.rules.periods import half, half_of, previous
from fitservice.store import counters

DAY = date(2022, 5, 20)
PASSED = 140
NEW_YEAR = date(2022, 1, 1)


def record(db: Database, active: int, measured: int, *, by=AMINA, name: str = "A", first: date = NEW_YEAR) -> list[int]:
    """So many service users, enrolled from the first day on, and the first of them measured, one a day."""
    people = [make_service_user(db, f"{name}-{number:02}", enrolled_from=first, by=by) for number in range(active)]
    for number, service_user_id in enumerate(people[:measured]):
        make_session(db, service_user_id, first + timedelta(days=number), by=by)
    return people


def test_the_team_lead_sees_the_own_districts_pace_and_who_has_no_score_yet(db):
    people = record(db, 12, 7)
    record(db, 8, 1, by=BERIT, name="B")
    # was asked, and is on the list until there is a score, but not to be asked again now
    make_session(db, people[7], date(2022, 5, 2), missing_reason="declined")
    # a score of last half-year is none of this
    last = make_service_user(db, "A-last", enrolled_from=date(2021, 7, 1))
    make_session(db, last, date(2021, 11, 25))
    # gone without a score; gone before the half-year began
    gone = make_service_user(db, "A-gone", enrolled_from=date(2021, 7, 1))
    end_enrolment(db, enrolment_of(db, gone), date(2022, 2, 1), by=AMINA)
    before = make_service_user(db, "A-before", enrolled_from=date(2021, 7, 1))
    end_enrolment(db, enrolment_of(db, before), date(2021, 12, 31), by=AMINA)
    # on another scale is not measured
    make_session(db, people[8], date(2022, 5, 2), life_satisfaction_1_10=6)
    own = own_pace(db, DAY, by=CARL)
    assert (own.pace.active, own.pace.measured, own.pace.needed, own.pace.more) == (14, 7, 12, 5)
    assert own.pace.forecast == forecast(14, 7, PASSED, 181) and own.pace.behind
    assert (own.ended, own.pace.reachable) == (1, 13)
    without = {case.reference: case.status for case in own.without_score}
    assert without == {
        **dict.fromkeys(["A-08", "A-09", "A-10", "A-11"], Due.OVERDUE),
        "A-last": Due.DUE,
        "A-07": Due.LATER,
    }
    assert [case.due_on for case in own.without_score] == sorted(case.due_on for case in own.without_score)
    assert len(own.without_score) + own.ended == own.pace.active - own.pace.measured
    act, role, detail = db.execute("SELECT act, role, detail FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert (act, role, json.loads(detail)) == ("see_district", "team_lead", {"without_score": 7, "period": "2022H1"})


@pytest.mark.parametrize("by", [AMINA, VELFERD, ADMIN, OPERATOR])
def test_only_a_team_lead_sees_who_has_no_score_yet(db, by):
    with pytest.raises(NotAllowed):
        own_pace(db, DAY, by=by)


def test_in_the_demo_city_whoever_has_no_score_is_active_less_measured(db):
    until = date(2022, 11, 22)
    make_demo(db, until, 17, by=OPERATOR)
    period = half_of(until)
    for district_id in range(1, 16):
        lead = type(CARL)("lead", CARL.role, district_id)
        own = own_pace(db, until, by=lead)
        known = counters.counts(db, [period], district_id)[district_id, period.code]
        assert (own.pace.active, own.pace.measured) == (known["active_users"], known["measured_users"])
        assert len(own.without_score) + own.ended == own.pace.active - own.pace.measured
        assert 0 <= own.held <= own.tried <= 16


@pytest.mark.parametrize(
    ("active", "measured", "hidden"),
    [
        (0, 0, False),
        (4, 0, True),
        (5, 0, False),
        (10, 4, True),
        (10, 5, False),
        # one of them could be told by whom it is not about
        (10, 6, True),
        (10, 9, True),
        (10, 10, False),
    ],
)
def test_the_agency_sees_no_pace_that_rests_on_a_few(db, active, measured, hidden):
    record(db, active, measured)
    [alna] = [one for one in city_pace(db, DAY, 5, by=VELFERD) if one.district["id"] == ALNA]
    assert alna.hidden is hidden
    assert (alna.pace is None) is hidden
    if alna.pace:
        assert (alna.pace.active, alna.pace.measured) == (active, measured)
        assert alna.pace.forecast == forecast(active, measured, PASSED, 181)


def test_the_agency_sees_every_district(db):
    assert [one.district["code"] for one in city_pace(db, DAY, 5, by=VELFERD)] == [
        f"0301{number:02}" for number in range(1, 16)
    ]
    with pytest.raises(NotAllowed):
        city_pace(db, DAY, 5, by=CARL)


def test_forecasts_are_tried_on_half_years_that_are_over(db):
    record(db, 10, 8, first=date(2021, 7, 1))
    [early, *rest] = back_test(db, [half(2021, 2)], DAY, by=OPERATOR)
    # eight in eight days, and then no more: all ten were expected
    assert (early.point, early.forecasts, early.held, early.mean_surplus) == (61, 1, 0, -2)
    assert forecast(10, 8, 61, 184).low == 10
    assert [score.forecasts for score in rest] == [1, 1, 1]
    # all that are over, from the first session on
    assert [score.forecasts for score in back_test(db, [], DAY, by=OPERATOR)] == [1] * 4
    details = [json.loads(row[0]) for row in db.execute("SELECT detail FROM audit WHERE act = 'back_test'")]
    assert details == [{"periods": ["2021H2"]}] * 2
    own = own_pace(db, DAY, by=CARL)
    assert (own.held, own.tried) == (sum(score.held for score in (early, *rest)), 4)


def test_a_half_year_that_is_running_is_not_tried(db):
    with pytest.raises(Invalid) as refused:
        back_test(db, [half(2021, 2), half(2022, 1)], DAY, by=OPERATOR)
    assert refused.value.problems[0].code == "not_over"
    assert not db.execute("SELECT 1 FROM audit").fetchone()
    with pytest.raises(NotAllowed):
        back_test(db, [], DAY, by=VELFERD)


def test_the_command_line_says_how_often_forecasts_held(house: Flask, house_db: Database):
    cli: FlaskCliRunner = house.test_cli_runner()
    before = previous(half_of(today()))
    told = cli.invoke(args=["back-test", "--period", "2022H1"])
    lines = told.stdout.splitlines()
    # one of one was measured in Alna and in Bjerke on day 60
    assert lines[0] == (
        "Day 61: 2 of 2 held (100%). Mean miss: 0.0 service users; the end less the forecast: ±0.0 on average."
    )
    assert lines[4].startswith("The forecast assumes") and "harder" in lines[5]
    assert told.exit_code == 0
    # both are still enrolled, and were never measured again
    told = cli.invoke(args=["back-test", "--period", before.code])
    assert told.stdout.splitlines()[:5] == [
        *(f"Day {point}: no forecast." for point in (61, 92, 123, 153)),
        "No forecast where nobody was measured yet: 8.",
    ]
    assert cli.invoke(args=["back-test"]).exit_code == 0
    for code, said in (("2022", "half-year"), ("soon", "not a period"), (half_of(today()).code, "not over yet")):
        refused = cli.invoke(args=["back-test", "--period", code])
        assert (refused.exit_code, refused.stdout, said in refused.stderr) == (1, "", True), refused.stderr


def page(house: Flask) -> str:
    """The part about the running half-year, on Carl's page in English."""
    carl = sign_in(house, "carl")
    carl.post("/language/en")
    text = carl.get("/district").get_data(as_text=True)
    return text[text.index('id="so-far"') : text.index("</section>")]


def test_the_page_lists_who_has_no_score_and_never_somebody_elses(house: Flask, house_db: Database):
    told = page(house)
    assert "0 of 1 service users have a score so far." in told
    assert 'href="/service-users/1"' in told and 'href="/service-users/2"' not in told
    assert "1 service user without a score this half-year" in told
    make_session(house_db, 1, today())
    told = page(house)
    assert "1 of 1 service users have a score so far. That is enough: 1 were needed by" in told
    assert "without a score" not in told and "/service-users/" not in told


def test_both_pages_say_that_only_the_own_district_knows_who_has_ended(house: Flask, house_db: Database) -> None:
    people = record(house_db, 30, 10)
    end_enrolment(house_db, enrolment_of(house_db, people[-1]), date(2022, 2, 1), by=AMINA)
    carl, velferd = sign_in(house, "carl"), sign_in(house, "velferd")
    with set_to(DAY):
        own, alna = own_pace(house_db, DAY, by=CARL), city_pace(house_db, DAY, 5, by=VELFERD)[11].pace
        assert (own.pace.reachable, alna.reachable) == (30, 31)
        text = "The agency's forecast does not know who has ended, and can be higher."
        assert text in carl.get("/district?lang=en").text
        assert "This forecast does not know who has ended" in velferd.get("/city/030112?lang=en").text
