"""What an attack on the handed-over screen found, and what must go on holding."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from factories import AMINA, CARL, OPERATOR, PASSWORD, enrolment_of, make_courses, make_session, outcome_items
from flask import Flask
from flask.testing import FlaskClient
from handing import begin, todays
from web import sign_in

from fitservice import create_app
from fitservice.actions import handing_over
from fitservice.actions.enrolling import end_enrolment
from fitservice.actions.learning import fit_expected_courses
from fitservice.actions.recording import record_session
from fitservice.charts import PALE, PALE_LIGHT
from fitservice.clock import today
from fitservice.db import connect
from fitservice.instruments import SHIPPED
from fitservice.model import Answers, Invalid, NotFound
from fitservice.resources import PACKAGE
from fitservice.store import hand_overs, sessions


@pytest.fixture
def amina(house: Flask) -> FlaskClient:
    """Amina's browser."""
    return sign_in(house, "amina")


def test_a_screen_reaches_no_other_hand_over_of_the_same_caseworker(house, amina, house_db):
    first = begin(amina, ("life_satisfaction",))
    amina.post(f"{first}/1", data={"answer": "2"})
    house_db.execute("UPDATE sign_ins SET ended_at = '2022-01-01T00:00:00+00:00'")
    again = sign_in(house, "amina")
    second = begin(again, ("outcome",))
    for end in ("1", "thanks", "course", "life_satisfaction.svg", "back"):
        assert again.get(f"{first}/{end}").location == f"{second}/thanks"
    # nor can PINs be tried on it, each with five tries of its own
    for end in ("1", "back"):
        assert again.post(f"{first}/{end}", data={"secret": "4711", "answer": "3"}).location == f"{second}/thanks"
    assert house_db.execute("SELECT SUM(wrong) FROM hand_overs").fetchone()[0] == 0


def test_a_sign_in_made_anew_in_the_middle_is_handed_over_at_once(house, amina, house_db):
    place = begin(amina)
    house_db.execute("UPDATE sign_ins SET ended_at = '2022-01-01T00:00:00+00:00'")
    assert amina.get(f"{place}/1").location == f"/sign-in?next={place}/1"
    again = sign_in(house, "amina")
    page = again.get(f"{place}/1").text
    assert "<nav" not in page and "Amina" not in page
    assert again.get("/service-users").location == f"{place}/thanks"


def test_tries_at_once_are_no_more_tries(house, amina, house_db):
    place = begin(amina)
    number = int(place.split("/")[-1])

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda pin: taking_back(house, number, f"{pin:04}"), range(12)))
    assert sorted(told) == ["Invalid"] * 5 + ["NotFound"] * 7
    # that was all: neither the password nor a second browser with the same hand-over goes on
    assert taking_back(house, number, PASSWORD) == "NotFound"
    assert amina.get("/service-users").location.startswith("/sign-in")


def taking_back(house: Flask, hand_over_id: int, typed: str) -> str:
    """What taking back with this PIN or password comes to."""
    db = connect(house.config["DATABASE"])
    try:
        handing_over.take_back(db, hand_over_id, typed, SHIPPED, by=AMINA, sign_in_id=1)
    except (Invalid, NotFound) as refusal:
        return type(refusal).__name__
    finally:
        db.close()
    return "taken back"


def test_an_answer_that_comes_after_the_end_says_thank_you_and_changes_nothing(amina, house_db):
    place = begin(amina, ("life_satisfaction",))
    amina.post(f"{place}/1", data={"answer": "5"})
    # as the second of two taps at once finds it, which passed the page's own check before the first was done
    assert handing_over.answer(house_db, int(place.split("/")[-1]), 1, "2", SHIPPED, by=AMINA)
    assert [row["life_satisfaction"] for row in todays(house_db)] == [5]


def test_an_enrolment_that_ends_in_the_middle_loses_no_answer_and_troubles_nobody(amina, house_db):
    place = begin(amina, ("life_satisfaction",))
    end_enrolment(house_db, 1, date(2022, 3, 1), by=CARL)
    assert amina.post(f"{place}/1", data={"answer": "3"}).location == f"{place}/thanks"
    assert todays(house_db) == []
    answer = amina.post(f"{place}/back", data={"secret": PASSWORD})
    assert answer.location.startswith("/service-users/1/sessions/new?hand_over=")
    assert 'value="3" checked' in amina.get(answer.location).text


def test_an_answer_never_lands_at_another_question(amina, house_db):
    place = begin(amina, ("outcome", "alliance"))
    assert 'name="item" value="outcome_personal"' in amina.get(f"{place}/1").text
    # what was question 1 until an instrument's file was taken away
    answer = amina.post(f"{place}/1", data={"answer": "8", "item": "alliance_heard"})
    assert answer.location == f"{place}/thanks"
    assert house_db.execute("SELECT answers FROM hand_overs").fetchone()[0] == "{}"
    assert amina.post(f"{place}/1", data={"answer": "8", "item": "outcome_personal"}).location == f"{place}/2"


def test_what_is_answered_while_the_first_answers_are_brought_in_is_not_lost(house, amina, house_db):
    place = begin(amina)
    amina.post(f"{place}/1", data={"answer": "5"})
    amina.post(f"{place}/2", data={"answer": "3"})
    office = sign_in(house, "amina")
    address = f"/service-users/1/sessions/new?hand_over={place.split('/')[-1]}"
    assert 'value="3,0"' in office.get(address).text
    amina.post(f"{place}/3", data={"answer": "7"})
    kept = {"held_on": "i dag", "life_satisfaction": "5", "outcome_personal": "3"}
    assert office.post(address, data=kept).status_code == 302
    for number in range(4, 10):
        answer = amina.post(f"{place}/{number}", data={"answer": "9"})
    assert answer.location == f"{place}/thanks"
    (session,) = todays(house_db)
    assert (session["life_satisfaction"], session["outcome_total"]) == (5, 30 + 70 + 90 + 90)
    assert house_db.execute("SELECT answers FROM hand_overs").fetchone()[0] == "{}"


def test_answers_brought_in_from_the_screen_are_marked_as_such(amina, house_db):
    place = begin(amina, ("life_satisfaction", "outcome"))
    amina.post(f"{place}/1", data={"answer": "6"})
    form = amina.post(f"{place}/back", data={"secret": PASSWORD}).location
    amina.post(form, data={"held_on": "i dag", "life_satisfaction": "6"})
    assert [row["mode"] for row in todays(house_db)] == ["tablet"]


def test_a_session_that_lasts_past_midnight_keeps_its_answers_and_its_day(house, amina, house_db, monkeypatch):
    place = begin(amina, ("life_satisfaction", "outcome"))
    evening = today()
    amina.post(f"{place}/1", data={"answer": "6"})
    for module in ("actions.handing_over", "actions.recording", "web.sessions", "web.hand_over"):
        monkeypatch.setattr(f"fitservice.{module}.today", lambda: evening + timedelta(days=1))
    # somebody else hands a screen over on the new day
    assert sign_in(house, "carl").post("/service-users/1/hand-over", data={"kinds": ["outcome"], "language": "nb"})
    amina.post(f"{place}/2", data={"answer": "8"})
    form = amina.post(f"{place}/back", data={"secret": PASSWORD}).location
    page = amina.get(form).text
    assert 'value="6" checked' in page and 'value="8,0"' in page and f'value="{evening:%d.%m.%Y}"' in page


def test_a_draft_of_days_ago_is_forgotten_at_the_next_sign_in(house, house_db):
    old = hand_overs.add(house_db, AMINA.staff_id, 1, today() - timedelta(days=2), "nb", ["outcome"])
    hand_overs.keep_answers(house_db, old, {"outcome_personal": 5})
    sign_in(house, "velferd")
    assert house_db.execute("SELECT answers FROM hand_overs").fetchone()[0] == "{}"


def test_no_error_page_shows_a_menu_while_the_screen_is_handed_over(house, amina):
    place = begin(amina)
    house.config["WTF_CSRF_ENABLED"] = True
    failed = {
        "unknown": amina.get("/nope"),
        "slash": amina.get("/service-users/"),
        "static": amina.get("/static/nope"),
        "method": amina.get("/sign-out"),
        "outdated": amina.post(f"{place}/1", data={"answer": "5"}),
        "large": amina.post(f"{place}/1", data={"answer": "5" * 300_000}),
        "question": amina.get(f"{place}/99"),
    }
    for name, answer in failed.items():
        assert answer.status_code >= 400, name
        assert "topbar" not in answer.text and "Amina" not in answer.text, name
        assert f'href="{place}/thanks"' in answer.text, name


def test_a_score_of_another_day_is_not_called_todays(amina, house_db):
    make_session(house_db, 1, date(2022, 4, 1), life_satisfaction=6)
    place = begin(amina, ("outcome",))
    for number in range(1, 5):
        amina.post(f"{place}/{number}", data={"skip": "1"})
    page = amina.get(f"{place}/course").text
    assert "Livskvalitet: 4 første gongen, 6 sist." in page and "i dag" not in page


def test_the_own_chart_says_nothing_about_others(amina, house_db):
    make_courses(house_db, 200)
    fit_expected_courses(house_db, SHIPPED, by=OPERATOR)
    for number in range(2):
        make_session(house_db, 1, date(2022, 5, 1 + number), **outcome_items(20))
    beside = amina.get(f"/service-users/1/enrolments/{enrolment_of(house_db, 1)}/outcome.svg").text
    place = begin(amina, ("life_satisfaction",))
    amina.post(f"{place}/1", data={"answer": "5"})
    alone = amina.get(f"{place}/outcome.svg").text
    assert PALE_LIGHT in beside and PALE in beside
    assert PALE_LIGHT not in alone and PALE not in alone
    assert "20,0" in beside and "20,0" in alone


def test_no_password_manager_keeps_a_pin_as_the_password(amina):
    page = amina.get("/pin").text
    assert "new-password" not in page and page.count('autocomplete="off"') == 2
    assert "new-password" in amina.get("/password").text


def test_wrong_tries_are_told_to_whoever_takes_the_screen_back(amina):
    place = begin(amina)
    amina.post(f"{place}/back", data={"secret": "4711"})
    back = amina.post(f"{place}/back", data={"secret": PASSWORD}).location
    assert "Det var 1 feil forsøk" in amina.get(back).text


def test_taking_back_elsewhere_does_not_free_the_screen_in_the_service_users_hands(house, amina):
    place = begin(amina)
    office = sign_in(house, "amina")
    assert office.get(f"{place}/1").status_code == 200
    assert office.post(f"{place}/back", data={"secret": PASSWORD}).status_code == 302
    assert office.get("/service-users").status_code == 200
    assert amina.get("/service-users").location.startswith("/sign-in")


def test_another_answer_on_the_screen_is_kept_as_such(amina, house_db):
    place = begin(amina, ("life_satisfaction",))
    record_session(house_db, 1, today(), Answers(life_satisfaction=2), by=CARL)
    amina.post(f"{place}/1", data={"answer": "5"})
    (session,) = todays(house_db)
    assert (session["life_satisfaction"], session["reason"]) == (5, "answered_again")
    assert [row["life_satisfaction"] for row in sessions.earlier_revisions(house_db, session["id"])] == [2]


def test_a_draft_of_skipped_questions_is_nothing_to_bring_in(amina):
    place = begin(amina, ("outcome",))
    amina.post(f"{place}/1", data={"skip": "1"})
    amina.post(f"{place}/back", data={"secret": PASSWORD})
    assert "ikke er registrert ennå" not in amina.get("/service-users/1/sessions/new").text


def test_a_new_password_ends_the_pin(amina):
    amina.post("/pin", data={"current": PASSWORD, "pin": "4711", "again": "4711"})
    other = "en annen lang setning"
    changed = amina.post("/password", data={"current": PASSWORD, "password": other, "again": other})
    assert changed.status_code == 302
    assert "Du har ikke valgt PIN ennå." in amina.get("/service-users/1/hand-over").text


def test_eleven_buttons_say_what_their_ends_mean(house, tmp_path):
    folder = tmp_path / "instruments"
    folder.mkdir()
    shipped = (PACKAGE / "instruments" / "outcome.toml").read_text(encoding="utf-8")
    whole = shipped.replace('key = "outcome"', 'key = "whole_numbers"').replace("step = 0.1", "step = 1")
    (folder / "whole.toml").write_text(whole, encoding="utf-8")
    again = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False}, tmp_path)
    amina = sign_in(again, "amina")
    place = begin(amina, ("outcome",))
    page = amina.get(f"{place}/1").text
    assert page.count('class="btn btn-score"') == 11 and "0 er «Dårleg», 10 er «Bra»" in page
    assert amina.post(f"{place}/1", data={"answer": "10"}).location == f"{place}/2"
