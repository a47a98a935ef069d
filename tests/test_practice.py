"""How the districts use feedback: the word, what the agency is told of it, and the page."""

import json
from datetime import date

import pytest
from factories import ALNA, CARL, OPERATOR, VELFERD, make_service_user, make_session, outcome_items
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.demo import make_demo
from fitservice.model import Invalid, NotAllowed
from fitservice.reports.practice import DistrictPractice, see_practice
from fitservice.rules.periods import half, half_of
from fitservice.rules.practice import Practice, practice

H1 = half(2022, 1)
DAY = date(2022, 3, 1)


@pytest.mark.parametrize(
    ("active", "with_feedback", "word"),
    [
        (0, 0, None),
        (1, 0, Practice.NONE),
        (100, 0, Practice.NONE),
        (100, 1, Practice.SOME),
        (100, 89, Practice.SOME),
        (100, 90, Practice.SYSTEMATIC),
        (10, 9, Practice.SYSTEMATIC),
        (19, 17, Practice.SOME),
        (1, 1, Practice.SYSTEMATIC),
    ],
)
def test_the_word_follows_from_who_gave_feedback(active, with_feedback, word):
    assert practice(active, with_feedback, 0.9) is word


def test_from_which_share_it_is_systematic_is_an_argument():
    assert practice(10, 7, 0.7) is Practice.SYSTEMATIC
    assert practice(10, 7, 0.71) is Practice.SOME


def record(db: Database, active: int, giving: int) -> None:
    """So many service users in Alna with a session each, and the first of them with an outcome total."""
    for number in range(active):
        said = outcome_items(20) if number < giving else {"life_satisfaction": 4}
        make_session(db, make_service_user(db, f"A-{number}"), DAY, **said)


def alna(db: Database) -> DistrictPractice:
    """What the agency is told of Alna."""
    [found] = [one for one in see_practice(db, H1, 5, by=VELFERD) if one.district["id"] == ALNA]
    return found


@pytest.mark.parametrize(
    ("active", "giving", "word", "hidden"),
    [
        (0, 0, None, False),
        # nought points at nobody, also where few are active
        (3, 0, Practice.NONE, False),
        (3, 3, None, True),
        (6, 4, None, True),
        (9, 0, Practice.NONE, False),
        (9, 5, Practice.SOME, False),
        (9, 9, Practice.SYSTEMATIC, False),
    ],
)
def test_a_word_that_rests_on_a_few_is_not_told(db, active, giving, word, hidden):
    record(db, active, giving)
    told = alna(db)
    assert (told.word, told.word_hidden) == (word, hidden)
    assert told.of_sessions.hidden is told.of_service_users.hidden is hidden
    expected = None if hidden or not active else giving / active
    assert told.of_sessions.value == told.of_service_users.value == expected


def test_the_shares_are_of_sessions_and_of_service_users(db):
    record(db, 8, 6)
    [somebody] = db.execute("SELECT id FROM service_users LIMIT 1").fetchone()
    for day in (date(2022, 4, 1), date(2022, 5, 1)):
        make_session(db, somebody, day)
    told = alna(db)
    assert (told.of_sessions.value, told.of_service_users.value) == (0.6, 0.75)


def test_of_what_has_not_begun_nothing_is_told_and_only_the_agency_asks(db):
    with pytest.raises(Invalid):
        see_practice(db, half(2199, 1), 5, by=VELFERD)
    with pytest.raises(NotAllowed):
        see_practice(db, H1, 5, by=CARL)
    assert not db.execute("SELECT 1 FROM audit").fetchone()
    see_practice(db, H1, 5, by=VELFERD)
    act, detail = db.execute("SELECT act, detail FROM audit").fetchone()
    assert (act, json.loads(detail)) == ("see_city", {"practice": "2022H1"})


def test_the_demo_city_has_the_audits_pattern(db):
    until = date(2022, 12, 31)
    make_demo(db, until, 17, by=OPERATOR)
    for period in (half(2021, 1), half(2021, 2), half(2022, 1), half_of(until)):
        words = {one.district["name"]: one.word for one in see_practice(db, period, 5, by=VELFERD)}
        assert words.pop("St. Hanshaugen") is Practice.SYSTEMATIC
        assert words.pop("Grünerløkka") is Practice.SOME
        assert set(words.values()) == {Practice.NONE}


@pytest.fixture
def velferd(house: Flask) -> FlaskClient:
    """Velferd, who reads English."""
    client = sign_in(house, "velferd")
    client.post("/language/en")
    return client


def cells(page: str, district: str) -> list[str]:
    """The text of a district's cells."""
    row = page.split(f'<th scope="row">{district}</th>')[1].split("</tr>")[0]
    return [cell.split(">", 1)[1].split("</td>")[0] for cell in row.split("<td")[1:]]


def test_the_page_tells_words_and_shares(velferd: FlaskClient, house_db: Database):
    record(house_db, 9, 6)
    page = velferd.get("/city/practice?period=2022H1").text
    # with the one of the cast
    assert cells(page, "Alna") == ["Some", "60%", "60%"]
    assert cells(page, "Bjerke") == ["None", "0%", "0%"]
    assert cells(page, "Frogner") == ["No service users", "–", "–"]
    assert "still running" not in page
    board = velferd.get("/city").text
    assert 'href="/city/practice"' in board


def test_the_page_hides_what_rests_on_a_few(velferd: FlaskClient, house_db: Database):
    record(house_db, 9, 4)
    assert cells(velferd.get("/city/practice?period=2022H1").text, "Alna") == [":", ":", ":"]


def test_the_page_begins_with_the_last_half_year_that_is_over_and_refuses_others(velferd: FlaskClient):
    page = velferd.get("/city/practice").text
    chosen = page.split(" selected>")[1].split("<")[0]
    codes = [part.split('"')[0] for part in page.split('<option value="')[1:]]
    assert chosen == codes[1] and codes[-1] == "2022H1"
    assert "still running" in velferd.get(f"/city/practice?period={codes[0]}").text
    for wrong in ("2022", "2021H2", "soon", ""):
        answer = velferd.get(f"/city/practice?period={wrong}")
        assert answer.status_code == 400 and "Traceback" not in answer.text
