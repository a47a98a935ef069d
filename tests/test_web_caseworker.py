"""Amina's pages: finding, adding, recording, correcting, ending; and nothing of Berit's anywhere."""

from datetime import date, timedelta

import pytest
from factories import AMINA, BERIT, make_service_user, make_session
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.clock import today
from fitservice.store.rows import value

ALL_ITEMS = {
    f"{kind}_{item}": "7,5"
    for kind, items in (
        ("outcome", ("personal", "close", "social", "overall")),
        ("alliance", ("heard", "topics", "approach", "overall")),
    )
    for item in items
}


def test_the_caseload_shows_the_own_district_only(house: Flask) -> None:
    page = sign_in(house, "amina").get("/service-users").text
    assert "AL-1" in page and "BJ-1" not in page


@pytest.mark.parametrize("typed", ["BJ", "bj-1", "%", "_", "1"])
def test_a_search_never_finds_another_districts_service_user(house: Flask, typed: str) -> None:
    assert "BJ-1<" not in sign_in(house, "amina").post("/service-users", data={"q": typed}, follow_redirects=True).text


@pytest.mark.parametrize(
    ("typed", "found"), [("al", True), ("L-1", True), ("AL-1", True), ("%", False), ("AL-2", False)]
)
def test_a_search_finds_part_of_a_reference(house: Flask, typed: str, found: bool) -> None:
    page = sign_in(house, "amina").post("/service-users", data={"q": typed}, follow_redirects=True).text
    assert (">AL-1<" in page) is found


def test_the_longest_overdue_come_first(house: Flask, house_db: Database) -> None:
    for reference, days in (("NEW", 10), ("OLD", 400), ("MIDDLE", 250)):
        day = today() - timedelta(days=days)
        make_session(house_db, make_service_user(house_db, reference, enrolled_from=day), day)
    page = sign_in(house, "amina").get("/service-users").text
    assert page.index(">OLD<") < page.index(">MIDDLE<") < page.index(">NEW<")


def test_a_reference_that_is_taken_elsewhere_tells_nothing(house: Flask) -> None:
    form = {"reference": "BJ-1", "birth_year": "", "enrolled_from": "2022-01-01", "asked_in": "nb"}
    answer = sign_in(house, "amina").post("/service-users/new", data=form)
    assert answer.status_code == 302


def test_a_reference_that_is_taken_here_leads_to_its_owner(house: Flask) -> None:
    form = {"reference": "al-1", "birth_year": "", "enrolled_from": "2022-01-01", "asked_in": "nb"}
    answer = sign_in(house, "amina").post("/service-users/new", data=form)
    assert answer.status_code == 400
    assert 'href="/service-users/1"' in answer.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("reference", ""), ("reference", "x" * 41), ("birth_year", "84"), ("enrolled_from", "31.02.2022")],
)
def test_bad_input_stays_in_its_field_beside_its_error(house: Flask, field: str, typed: str) -> None:
    form = {"reference": "AL-9", "birth_year": "1984", "enrolled_from": "01.03.2022", "asked_in": "nb", field: typed}
    answer = sign_in(house, "amina").post("/service-users/new", data=form)
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text and f'aria-describedby="{field}' in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_session_is_recorded_on_one_page_and_the_result_appears(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    form = {"held_on": "02.03.2022", "life_satisfaction": "7", **ALL_ITEMS}
    answer = amina.post("/service-users/1/sessions/new", data=form)
    page = amina.get(answer.location).text
    assert "Klart bedre enn første gang" in page
    assert "30,0" in page and "life_satisfaction.svg" in page
    assert value(house_db, "SELECT outcome_total FROM sessions WHERE life_satisfaction = 7") == 300


@pytest.mark.parametrize("reason", ["declined", "not_able", "no_time", "not_asked"])
def test_a_reason_is_an_answer(house: Flask, house_db: Database, reason: str) -> None:
    form = {"held_on": "2022-03-02", "life_satisfaction": reason}
    assert sign_in(house, "amina").post("/service-users/1/sessions/new", data=form).status_code == 302
    assert value(house_db, "SELECT missing_reason FROM sessions ORDER BY id DESC") == reason


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"life_satisfaction": "8"},
        {"life_satisfaction": "rubbish"},
        {"outcome_close": "10,1"},
        {"outcome_close": "7,55"},
        {"life_satisfaction": "5", "held_on": "2099-01-01"},
        {"life_satisfaction": "5", "held_on": "2021-12-31"},
        {"life_satisfaction": "5", "held_on": "2022-03-01"},
    ],
)
def test_what_cannot_be_recorded_is_explained_and_nothing_is_stored(
    house: Flask, house_db: Database, form: dict[str, str]
) -> None:
    answer = sign_in(house, "amina").post("/service-users/1/sessions/new", data={"held_on": "2022-04-01"} | form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert value(house_db, "SELECT COUNT(*) FROM sessions") == 2


def test_a_mistake_in_one_answer_loses_none_of_the_others(house: Flask) -> None:
    form = {"held_on": "2022-04-01", "life_satisfaction": "5", **ALL_ITEMS, "alliance_heard": "99"}
    page = sign_in(house, "amina").post("/service-users/1/sessions/new", data=form).text
    assert page.count('value="7,5"') == 7 and 'value="99"' in page
    assert 'value="5" checked' in page


def test_a_double_click_records_once(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    form = {"held_on": "2022-04-01", "life_satisfaction": "5"}
    first, second = (amina.post("/service-users/1/sessions/new", data=form) for _ in range(2))
    assert first.location == second.location
    assert value(house_db, "SELECT COUNT(*) FROM sessions") == 3


def test_some_of_four_items_are_kept_without_a_total(house: Flask) -> None:
    amina = sign_in(house, "amina")
    form = {"held_on": "2022-04-01", "outcome_close": "6", "outcome_social": "0"}
    page = amina.get(amina.post("/service-users/1/sessions/new", data=form).location).text
    assert "ingen sum" in page and "6,0" in page


def test_a_correction_keeps_what_stood_before_with_the_reason(house: Flask) -> None:
    amina = sign_in(house, "amina")
    form = {"held_on": "2022-03-01", "life_satisfaction": "6", "reason": "Trykket feil", "revision": "1"}
    assert amina.post("/sessions/1/correct", data=form).status_code == 302
    page = amina.get("/sessions/1").text
    assert "Trykket feil" in page and "Dette sto her før" in page


def test_the_correction_form_starts_with_what_is_recorded(house: Flask) -> None:
    page = sign_in(house, "amina").get("/sessions/1/correct").text
    assert 'value="4" checked' in page and 'value="01.03.2022"' in page


def test_a_correction_needs_a_reason_without_identity_numbers(house: Flask) -> None:
    form = {"held_on": "2022-03-01", "life_satisfaction": "6", "revision": "1"}
    amina = sign_in(house, "amina")
    assert amina.post("/sessions/1/correct", data=form).status_code == 400
    assert amina.post("/sessions/1/correct", data={**form, "reason": "gjaldt 15108695088"}).status_code == 400


def test_two_tabs_correcting_at_once_do_not_overwrite_each_other(house: Flask) -> None:
    amina = sign_in(house, "amina")
    form = {"held_on": "2022-03-01", "reason": "feil", "revision": "1"}
    assert amina.post("/sessions/1/correct", data={**form, "life_satisfaction": "6"}).status_code == 302
    assert amina.post("/sessions/1/correct", data={**form, "life_satisfaction": "2"}).status_code == 400


def test_a_session_recorded_by_mistake_is_withdrawn_and_no_longer_counts(house: Flask) -> None:
    amina = sign_in(house, "amina")
    amina.post("/sessions/1/withdraw", data={"reason": "Feil person", "revision": "1"})
    assert "Feil person" in amina.get("/sessions/1").text
    assert "Det er ikke registrert noe svar" in amina.get("/service-users/1").text


def test_an_enrolment_ends_and_someone_comes_back(house: Flask) -> None:
    amina = sign_in(house, "amina")
    assert amina.post("/enrolments/1/end", data={"enrolled_to": "2022-02-01"}).status_code == 400
    assert amina.post("/enrolments/1/end", data={"enrolled_to": "2022-06-01"}).status_code == 302
    assert amina.get("/service-users/1/sessions/new").status_code == 200
    assert amina.post("/service-users/1/enrolments/new", data={"enrolled_from": "2022-06-01"}).status_code == 400
    assert amina.post("/service-users/1/enrolments/new", data={"enrolled_from": "2022-06-02"}).status_code == 302


def test_a_wrong_last_day_is_corrected_with_a_reason(house: Flask) -> None:
    amina = sign_in(house, "amina")
    amina.post("/enrolments/1/end", data={"enrolled_to": "2022-06-01"})
    form = {"enrolled_from": "2022-01-01", "enrolled_to": "", "reason": "Fortsatte likevel", "revision": "2"}
    assert amina.post("/enrolments/1/correct", data=form).status_code == 302
    assert amina.post("/enrolments/1/correct", data={**form, "enrolled_from": "2021-01-01"}).status_code == 400
    page = amina.get("/service-users/1").text
    assert "pågår" in page and "Fortsatte likevel" in page and "01.06.2022" in page


def test_looking_at_a_person_is_logged(house: Flask, house_db: Database) -> None:
    sign_in(house, "amina").get("/service-users/1")
    logged = list(house_db.query("SELECT actor, subject_kind, subject_id FROM audit WHERE act = 'see_service_user'"))
    assert logged == [{"actor": "amina", "subject_kind": "service_user", "subject_id": 1}]


def test_text_from_a_person_is_shown_as_text(house: Flask, house_db: Database) -> None:
    make_service_user(house_db, "<script>alert(1)</script>")
    page = sign_in(house, "amina").get("/service-users").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_same_reference_in_two_districts_stays_two_persons(house_db: Database) -> None:
    own, other = make_service_user(house_db, "X-1", by=AMINA), make_service_user(house_db, "X-1", by=BERIT)
    assert own != other


def test_what_is_worth_talking_about_is_said_with_its_reason(house: Flask) -> None:
    amina = sign_in(house, "amina")
    form = {"held_on": "2022-04-01", "life_satisfaction": "1", **dict.fromkeys(ALL_ITEMS, "8")}
    page = amina.get(amina.post("/service-users/1/sessions/new", data=form).location).text
    assert "Livskvalitet er klart dårligere enn første gang (−3)." in page
    assert "Samtalevurdering er under 36." in page


def test_a_chart_shows_the_band_in_which_a_change_may_be_chance(house: Flask) -> None:
    page = sign_in(house, "amina").get("/service-users/1").text
    assert "Innenfor det grå båndet" in page
    svg = sign_in(house, "amina").get("/service-users/1/enrolments/1/life_satisfaction.svg").text
    assert "#eeeef5" in svg


def test_the_questions_are_asked_in_the_persons_own_language(house: Flask) -> None:
    amina = sign_in(house, "amina")
    assert amina.post("/service-users/1/asked-in", data={"asked_in": "nn"}).status_code == 302
    page = amina.get("/service-users/1/sessions/new").text
    assert "Kor nøgd er du med livet ditt" in page and "Korleis har du det" in page and "Lagre" in page


def test_switching_the_language_keeps_what_was_answered_and_saves_nothing(house: Flask, house_db: Database) -> None:
    form = {"held_on": "2022-04-01", "life_satisfaction": "5", "outcome_close": "7,5", "switch_to": "en"}
    page = sign_in(house, "amina").post("/service-users/1/sessions/new", data=form).text
    assert "How satisfied are you with your life" in page and "Lagre" in page
    assert 'value="5" checked' in page and 'value="7,5"' in page and 'role="alert"' not in page
    assert value(house_db, "SELECT COUNT(*) FROM sessions") == 2


def test_nobody_sets_the_language_of_another_districts_service_user(house: Flask, house_db: Database) -> None:
    assert sign_in(house, "berit").post("/service-users/1/asked-in", data={"asked_in": "nn"}).status_code == 404
    assert value(house_db, "SELECT asked_in FROM service_users WHERE id = 1") == "nb"


def test_a_new_service_user_is_asked_in_the_chosen_language(house: Flask) -> None:
    amina = sign_in(house, "amina")
    form = {"reference": "AL-7", "enrolled_from": "2022-01-01", "asked_in": "nn"}
    place = amina.post("/service-users/new", data=form).location
    assert "Kor nøgd" in amina.get(f"{place}/sessions/new").text


def test_answers_from_paper_are_typed_in_with_the_day_of_the_session(house: Flask) -> None:
    amina = sign_in(house, "amina")
    address = "/service-users/1/sessions/new?mode=paper"
    assert 'name="held_on" placeholder="dd.mm.åååå" type="text" value=""' in amina.get(address).text
    missing = amina.post(address, data={"life_satisfaction": "5"})
    assert missing.status_code == 400 and "Fyll ut dette" in missing.text
    recorded = amina.post(address, data={"life_satisfaction": "5", "held_on": "3.5.22"})
    page = amina.get(recorded.location).text
    assert "03.05.2022" in page and "Fylt ut på papir." in page


def test_a_note_and_the_next_step_are_kept_with_the_session(house: Flask) -> None:
    amina = sign_in(house, "amina")
    data = {"held_on": "3.5.22", "life_satisfaction": "5", "note": "Sover bedre", "next_step": "Time hos NAV"}
    place = amina.post("/service-users/1/sessions/new", data=data).location
    assert 'value="Sover bedre"' in amina.get(place).text and 'value="Time hos NAV"' in amina.get(place).text
    changed = amina.post(f"{place}/note", data={"revision": "1", "note": "Sover godt", "next_step": ""})
    assert changed.location == place
    page = amina.get(place).text
    assert 'value="Sover godt"' in page and "Bare notatet eller neste steg ble endret." in page


@pytest.mark.parametrize("field", ["note", "next_step"])
def test_a_note_that_names_somebody_is_refused_and_nothing_is_lost(house: Flask, field: str) -> None:
    data = {"held_on": "3.5.22", "life_satisfaction": "5", field: "Ring Kari"}
    answer = sign_in(house, "amina").post("/service-users/1/sessions/new", data=data)
    assert answer.status_code == 400
    assert "ser ut som et navn" in answer.text and 'value="Ring Kari"' in answer.text
    assert 'value="5" checked' in answer.text and "<details" in answer.text and " open>" in answer.text


def test_the_next_step_of_last_time_stands_on_the_persons_page_and_over_the_next_form(house: Flask) -> None:
    amina = sign_in(house, "amina")
    data = {"held_on": "3.5.22", "life_satisfaction": "5", "next_step": "Time hos NAV"}
    amina.post("/service-users/1/sessions/new", data=data)
    for path in ("/service-users/1", "/service-users/1/sessions/new"):
        page = amina.get(path).text
        assert "Avtalt neste steg (03.05.2022): <strong>Time hos NAV</strong>" in page
        assert "Det er registrert en samtale i dag." not in page


def test_whoever_was_asked_today_already_is_said_to_be(house: Flask) -> None:
    amina = sign_in(house, "amina")
    place = amina.post("/service-users/1/sessions/new", data={"held_on": "i dag", "life_satisfaction": "5"}).location
    page = amina.get("/service-users/1/sessions/new").text
    assert "Det er registrert en samtale i dag." in page and f'href="{place}"' in page


def test_a_form_that_comes_back_is_marked_as_not_saved(house: Flask) -> None:
    amina = sign_in(house, "amina")
    address = "/service-users/1/sessions/new"
    assert "data-unsaved" not in amina.get(address).text
    for data in ({"life_satisfaction": "5", "switch_to": "nn"}, {"life_satisfaction": "5", "held_on": "x"}):
        assert "data-unsaved" in amina.post(address, data=data).text


def test_an_earlier_note_stays_visible(house: Flask) -> None:
    amina = sign_in(house, "amina")
    data = {"held_on": "3.5.22", "life_satisfaction": "5", "note": "Sover bedre"}
    place = amina.post("/service-users/1/sessions/new", data=data).location
    amina.post(f"{place}/note", data={"revision": "1", "note": "Sover godt", "next_step": ""})
    assert "<td>Sover bedre</td>" in amina.get(place).text


def test_what_was_never_answered_has_no_column(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")

    def columns() -> list[bool]:
        page = amina.get("/service-users/1").text
        return [f'class="text-end">{name}</th>' in page for name in ("Utbytte", "Samtalevurdering")]

    assert columns() == [False, False]
    outcome = {f"outcome_{item}": 70 for item in ("personal", "close", "social", "overall")}
    make_session(house_db, 1, date(2022, 3, 8), **outcome)
    assert columns() == [True, False]
