"""The screen in a service user's hands: nothing but the questions, and no way back without PIN or password."""

import pytest
from factories import AMINA, PASSWORD
from flask import Flask
from flask.testing import FlaskClient
from handing import answer_all, begin, todays
from test_routes import TABLE
from web import sign_in

from fitservice.actions.recording import answers_of
from fitservice.clock import today
from fitservice.model import Answers
from fitservice.store import hand_overs, sessions


@pytest.fixture
def amina(house: Flask) -> FlaskClient:
    """Amina's browser."""
    return sign_in(house, "amina")


def test_nine_answers_become_one_session(amina, house_db):
    place = begin(amina)
    answer_all(amina, place)
    (session,) = todays(house_db)
    eights = {name: 80 for name in vars(Answers()) if name.startswith(("outcome_", "alliance_")) and "ins" not in name}
    assert answers_of(session) == Answers(life_satisfaction=5, **eights)
    assert (session["mode"], session["recorded_by"]) == ("tablet", "amina")


def test_the_questions_are_in_the_persons_language_and_nothing_else_is_on_the_screen(amina):
    place = begin(amina)
    page = amina.get(f"{place}/1").text
    assert '<html lang="nn">' in page and "Kor nøgd er du" in page and "Eg vil ikkje svare" in page
    assert "AL-1" not in page and "Amina" not in page and "/service-users" not in page and "<nav" not in page


def test_a_handed_over_browser_reaches_nothing_but_the_questions(house, amina, house_db):
    place = begin(amina)
    before = list(house_db.conn.iterdump())
    for method, endpoint, path in TABLE:
        if endpoint.split(".")[0] in ("hand_over", "static", "bootstrap", "api", "watching"):
            continue
        answer = amina.open(path, method=method)
        assert (answer.status_code, answer.location) == (302, f"{place}/thanks"), path
    assert list(house_db.conn.iterdump()) == before
    # another tab of the same browser is the same sign-in; her own other computer is not
    assert amina.get(f"{place}/thanks").location == f"{place}/1"
    assert sign_in(house, "amina").get("/service-users").status_code == 200


def test_the_screen_goes_on_where_it_was_left(amina):
    place = begin(amina)
    amina.post(f"{place}/1", data={"answer": "5"})
    amina.post(f"{place}/2", data={"skip": "1"})
    assert amina.get(f"{place}/thanks").location == f"{place}/3"
    assert "aria-pressed" in amina.get(f"{place}/1").text


@pytest.mark.parametrize("data", [{}, {"answer": "11"}, {"answer": "x"}, {"answer": "declined"}])
def test_what_is_no_answer_stays_on_the_screen(amina, data):
    place = begin(amina, ("outcome",))
    answer = amina.post(f"{place}/1", data=data)
    assert answer.status_code == 400 and "Vel ein stad" in answer.text


def test_the_password_takes_the_screen_back_to_the_result(amina, house_db):
    place = begin(amina)
    answer_all(amina, place)
    page = amina.get(f"{place}/course").text
    assert "01.03.2022" in page and "Vis tala i ein tabell" in page and page.count("<caption") == 3
    assert amina.get(f"{place}/life_satisfaction.svg").mimetype == "image/svg+xml"
    answer = amina.post(f"{place}/back", data={"secret": PASSWORD})
    assert answer.location == f"/sessions/{todays(house_db)[0]['id']}"
    assert amina.get("/service-users").status_code == 200
    for end in ("1", "thanks", "course", "life_satisfaction.svg", "back"):
        assert amina.get(f"{place}/{end}").status_code == 404


def test_the_pin_takes_it_back_too_and_never_signs_in(house, amina):
    data = {"current": PASSWORD, "pin": "4711", "again": "4711"}
    assert amina.post("/pin", data=data).status_code == 302
    place = begin(amina)
    assert amina.post(f"{place}/back", data={"secret": "4711"}).status_code == 302
    wrong = house.test_client().post("/sign-in", data={"username": "amina", "password": "4711"})
    assert wrong.status_code == 400


@pytest.mark.parametrize("pin", ["123", "1234", "9876", "0000", "12345678", "4a11", "123456789", ""])
def test_an_easy_pin_is_refused(amina, pin):
    assert amina.post("/pin", data={"current": PASSWORD, "pin": pin, "again": pin}).status_code == 400


def test_a_pin_needs_the_password(amina):
    assert amina.post("/pin", data={"current": "no", "pin": "4711", "again": "4711"}).status_code == 400


def test_the_fifth_wrong_try_signs_out_and_the_answers_are_kept(house, amina, house_db):
    place = begin(amina)
    amina.post(f"{place}/1", data={"answer": "5"})
    for left in ("4", "3", "2", "1"):
        answer = amina.post(f"{place}/back", data={"secret": "4711"})
        assert answer.status_code == 400 and f"{left}." in answer.text
    assert amina.post(f"{place}/back", data={"secret": "4711"}).location == "/sign-in"
    assert "Fem forsøk var feil" in amina.get("/sign-in").text
    assert amina.get(f"{place}/1").location.startswith("/sign-in")
    again = sign_in(house, "amina")
    page = again.get("/service-users/1/sessions/new").text
    assert "ikke er registrert ennå" in page
    address = f"/service-users/1/sessions/new?hand_over={place.split('/')[-1]}"
    assert 'value="5" checked' in again.get(address).text
    recorded = again.post(address, data={"held_on": today().isoformat(), "life_satisfaction": "5"})
    assert recorded.status_code == 302
    assert "ikke er registrert ennå" not in again.get("/service-users/1/sessions/new").text


def test_taken_back_half_way_leads_to_the_form_with_the_answers(amina):
    place = begin(amina)
    amina.post(f"{place}/1", data={"answer": "6"})
    answer = amina.post(f"{place}/back", data={"secret": PASSWORD})
    assert answer.location.startswith("/service-users/1/sessions/new?hand_over=")
    assert 'value="6" checked' in amina.get(answer.location).text


def test_a_sign_in_that_ends_in_the_middle_loses_no_answer(house, amina, house_db):
    place = begin(amina)
    amina.post(f"{place}/1", data={"answer": "5"})
    house_db.execute("UPDATE sign_ins SET ended_at = '2022-01-01T00:00:00+00:00'")
    kept = amina.post(f"{place}/2", data={"answer": "8"})
    assert kept.status_code == 401 and 'name="kept:answer" value="8"' in kept.text
    again = sign_in(house, "amina")
    assert again.post(f"{place}/2", data={"answer": "8"}).location == f"{place}/3"
    # and the new sign-in is handed over, too
    assert again.get("/service-users").location == f"{place}/thanks"


def test_what_is_asked_later_the_same_day_joins_the_session(amina, house_db):
    place = begin(amina, ("life_satisfaction",))
    assert amina.post(f"{place}/1", data={"answer": "5"}).location == f"{place}/thanks"
    amina.post(f"{place}/back", data={"secret": PASSWORD})
    page = amina.get("/service-users/1/hand-over").text
    assert 'value="outcome"' in page and 'value="life_satisfaction"' not in page
    place = begin(amina, ("alliance",))
    for number in range(1, 5):
        amina.post(f"{place}/{number}", data={"answer": "9,5"})
    (session,) = todays(house_db)
    assert (session["life_satisfaction"], session["alliance_total"], session["reason"]) == (5, 380, "completed")
    assert [row["alliance_total"] for row in sessions.earlier_revisions(house_db, session["id"])] == [None]


def test_skipping_everything_records_nothing_and_still_says_thank_you(amina, house_db):
    place = begin(amina, ("outcome",))
    for number in range(1, 5):
        answer = amina.post(f"{place}/{number}", data={"skip": "1"})
    assert answer.location == f"{place}/thanks"
    assert todays(house_db) == []
    assert amina.post(f"{place}/back", data={"secret": PASSWORD}).location == "/service-users/1"


def test_a_double_tap_on_the_last_answer_records_once(amina, house_db):
    place = begin(amina, ("life_satisfaction",))
    for _ in range(2):
        assert amina.post(f"{place}/1", data={"answer": "5"}).location == f"{place}/thanks"
    assert len(todays(house_db)) == 1


def test_another_ones_hand_over_is_not_found(house, amina):
    place = begin(amina)
    for name in ("carl", "berit"):
        other = sign_in(house, name)
        assert other.get(f"{place}/1").status_code == 404
        assert other.post(f"{place}/back", data={"secret": PASSWORD}).status_code == 404


def test_the_draft_is_forgotten_once_it_is_recorded_or_its_day_is_over(amina, house_db):
    place = begin(amina)
    answer_all(amina, place)
    amina.post(f"{place}/back", data={"secret": PASSWORD})
    with_answers = "SELECT COUNT(*) FROM hand_overs WHERE answers <> '{}'"
    assert house_db.execute(with_answers).fetchone()[0] == 0
    old = hand_overs.add(house_db, AMINA.staff_id, 1, today().replace(year=2020), "nb", ["outcome"])
    hand_overs.keep_answers(house_db, old, {"outcome_personal": 5})
    assert house_db.execute(with_answers).fetchone()[0] == 1
    sessions_of_today = todays(house_db)
    amina.post(f"/sessions/{sessions_of_today[0]['id']}/withdraw", data={"revision": "1", "reason": "mistake"})
    begin(amina)
    assert house_db.execute(with_answers).fetchone()[0] == 0


def test_pages_before_and_after_are_forgotten_by_the_browser(amina):
    answer = amina.post("/service-users/1/hand-over", data={"kinds": ["outcome"], "language": "nb"})
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "fitservice=" in answer.headers["Set-Cookie"]
    assert amina.get(answer.location).headers["Cache-Control"] == "no-store"


def test_choosing_a_pin_leads_back_to_handing_over(amina):
    assert "/pin?next=/service-users/1/hand-over" in amina.get("/service-users/1/hand-over").text
    data = {"current": PASSWORD, "pin": "4711", "again": "4711"}
    assert amina.post("/pin?next=/service-users/1/hand-over", data=data).location == "/service-users/1/hand-over"
