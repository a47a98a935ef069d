"""The expected course on a person's page: where others lay, in the chart, in the table and in words."""

from datetime import timedelta
from pathlib import Path

import pytest
from factories import (
    AMINA,
    FIRST_DAY,
    OPERATOR,
    enrolment_of,
    make_cast,
    make_courses,
    make_service_user,
    make_session,
    outcome_items,
    session_row,
)
from sqlite_utils import Database
from web import sign_in

from fitservice import charts, create_app
from fitservice.actions.learning import fit_expected_courses
from fitservice.actions.recording import withdraw_session
from fitservice.clock import today
from fitservice.db import transaction
from fitservice.instruments import SHIPPED
from fitservice.reports.person import see_person, see_session
from fitservice.rules.expected_course import Fit, Place, Ranges, band
from fitservice.store import bulk, expected_courses

OUTCOME = SHIPPED["outcome"]


def learn(db: Database) -> Fit | None:
    """What the operator's command learns of the shipped outcome."""
    (learned,) = fit_expected_courses(db, SHIPPED, by=OPERATOR)
    return learned.fit


def scored(db: Database, *totals: float, reference: str = "A-1", **known: object) -> tuple[int, list[int]]:
    """A service user with these totals, a week apart; the ids of the person and of the sessions."""
    service_user_id = make_service_user(db, reference, enrolled_from=FIRST_DAY, **known)
    days = (FIRST_DAY + timedelta(weeks=number) for number in range(len(totals)))
    return service_user_id, [
        make_session(db, service_user_id, day, **outcome_items(points))
        for day, points in zip(days, totals, strict=True)
    ]


def test_the_ranges_of_a_person_are_those_of_the_newest_fit(db):
    service_user_id, (first, *later) = scored(db, 20, 24, 12)
    make_courses(db, 200)
    found = learn(db)
    person = see_person(db, service_user_id, by=AMINA)
    expected = person.expected(OUTCOME, enrolment_of(db, service_user_id))
    assert (expected.fitted_on, expected.fit) == (today(), found)
    limits = {
        share: [tuple(round(limit, 1) for limit in band(found, 20, k, share, 0, 40)) for k in (2, 3)]
        for share in (0.5, 0.8)
    }
    assert expected.ranges == dict(zip(later, map(Ranges, limits[0.5], limits[0.8]), strict=True))
    scores = person.scores(OUTCOME, enrolment_of(db, service_user_id))
    assert expected.place(scores[0]) is None
    assert scores[0].session_id == first and expected.place(scores[1]) in Place


def test_only_scored_sessions_of_that_instrument_are_numbered(db):
    service_user_id, _ = scored(db, 20)
    make_session(db, service_user_id, FIRST_DAY + timedelta(weeks=1), life_satisfaction=4)
    mistake = make_session(db, service_user_id, FIRST_DAY + timedelta(weeks=2), **outcome_items(40))
    withdraw_session(db, mistake, "wrong person", by=AMINA, revision=1)
    second = make_session(db, service_user_id, FIRST_DAY + timedelta(weeks=3), **outcome_items(20))
    make_courses(db, 200)
    found = learn(db)
    expected = see_session(db, second, by=AMINA).person.expected(OUTCOME, enrolment_of(db, service_user_id))
    low, high = band(found, 20, 2, 0.8, 0, 40)
    assert {key: ranges.most for key, ranges in expected.ranges.items()} == {second: (round(low, 1), round(high, 1))}


def test_nothing_is_expected_at_a_first_score_nor_on_an_instrument_that_does_not_ask_for_it(db):
    (alone, _), (other, _) = scored(db, 20), scored(db, 20, 22, reference="A-2")
    make_session(db, other, FIRST_DAY + timedelta(weeks=5), life_satisfaction=4)
    make_session(db, other, FIRST_DAY + timedelta(weeks=6), life_satisfaction=4)
    make_courses(db, 200)
    found = learn(db)
    with transaction(db):
        expected_courses.add(db, "life_satisfaction", today(), found)
    assert see_person(db, alone, by=AMINA).expected(OUTCOME, enrolment_of(db, alone)) is None
    person, enrolment_id = see_person(db, other, by=AMINA), enrolment_of(db, other)
    assert person.expected(OUTCOME, enrolment_id) is not None
    assert person.expected(SHIPPED["life_satisfaction"], enrolment_id) is None


@pytest.fixture
def amina(app, db):
    """A client in which Amina is signed in and reads English."""
    make_cast(db)
    client = sign_in(app, "amina")
    client.post("/language/en", data={"next": "/"})
    return client


def test_before_enough_was_learned_the_page_says_nothing_of_others(amina, db):
    service_user_id, (*_, latest) = scored(db, 20, 24, 12)
    make_courses(db, 198)
    assert learn(db) is None
    for address in (f"/service-users/{service_user_id}", f"/sessions/{latest}"):
        page = amina.get(address).text
        assert "Inside the grey band" in page
        assert "blue band" not in page and "of others" not in page and "of the others" not in page
    svg = amina.get(f"/service-users/{service_user_id}/enrolments/{enrolment_of(db, service_user_id)}/outcome.svg").text
    assert charts.PALE in svg and charts.PALE_LIGHT not in svg


def test_the_page_says_where_others_lay_from_how_many_and_since_when(amina, db):
    service_user_id, (_, middle, latest) = scored(db, 20, 24, 0)
    make_courses(db, 199)
    found = learn(db)
    address = f"/service-users/{service_user_id}"
    page = amina.get(address).text
    assert f"learned on {today().day} " in page and "from 400 scores of 200 service users" in page
    assert f"within {found.spread:.1f} points of the middle" in page
    assert "The latest score lies below the range where four in five of the others lay." in page
    for k in (2, 3):
        for share in (0.5, 0.8):
            low, high = band(found, 20, k, share, 0, 40)
            assert f"{low:.1f}–{high:.1f}</td>" in page
    svg = amina.get(f"{address}/enrolments/{enrolment_of(db, service_user_id)}/outcome.svg").text
    assert charts.PALE in svg and charts.PALE_LIGHT in svg
    assert "lies below the range where four in five" in amina.get(f"/sessions/{latest}").text
    assert "lies below the range where four in five" not in amina.get(f"/sessions/{middle}").text


def test_every_place_has_its_own_words(app):
    with app.test_request_context("/?lang=en"):
        place_of = app.jinja_env.get_template("courses.html").module.place_of
        assert len({str(place_of(place)) for place in Place}) == len(Place)


CUT_OFFS = """
[[cut_offs]]
from_age = 18
to_age = 49
total = 25
"""


@pytest.mark.parametrize(("birth_year", "shown"), [(1990, True), (1950, False), (None, False)])
def test_the_cut_off_of_the_persons_age_is_a_dashed_line_with_its_words(instance, db, birth_year, shown):
    shipped = (Path(charts.__file__).parents[1] / "instruments" / "outcome.toml").read_text(encoding="utf-8")
    own = shipped.replace('key = "outcome"', 'key = "own_outcome"').replace("[title]", f"{CUT_OFFS}[title]", 1)
    (instance / "instruments").mkdir()
    (instance / "instruments" / "own.toml").write_text(own, encoding="utf-8")
    make_cast(db)
    service_user_id, _ = scored(db, 20, birth_year=birth_year)
    enrolment_id = enrolment_of(db, service_user_id)
    with transaction(db):
        bulk.add_sessions(db, [session_row(enrolment_id, number, 22, "own_outcome") for number in (3, 4)])
    client = sign_in(create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, instance), "amina")
    client.post("/language/en", data={"next": "/"})
    page = client.get(f"/service-users/{service_user_id}").text
    assert ("Dashed line: the cut-off, 25.0." in page) is shown
    for key, here in (("own_outcome", shown), ("outcome", False)):
        svg = client.get(f"/service-users/{service_user_id}/enrolments/{enrolment_id}/{key}.svg").text
        assert ("Cut-off 25.0" in svg) is here
