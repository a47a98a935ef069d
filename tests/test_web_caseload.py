"""The caseload: its filters, what a line tells, and who is the contact of a service user."""

from datetime import date, timedelta

import pytest
from factories import ADMIN, AMINA, CARL, make_service_user, make_session
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.enrolling import set_caseworker
from fitservice.actions.recording import record_session
from fitservice.actions.staffing import close_staff
from fitservice.clock import today
from fitservice.model import Answers, Remarks
from fitservice.reports.caseload import caseload
from fitservice.store.rows import value


def references(page: str) -> list[str]:
    """The references on a caseload, in their order."""
    return [link.partition(">")[2].partition("<")[0] for link in page.split('class="case-name"')[1:]]


def found_in_english(client: FlaskClient, typed: str) -> str:
    """The page of what a search finds."""
    answer = client.post("/service-users", data={"q": typed})
    return client.get(f"{answer.location}&lang=en").text


@pytest.fixture
def four(house_db: Database) -> None:
    """AL-2 and AL-3 are Amina's, AL-4 is Carl's; AL-3 and AL-4 have a signal, AL-3 was asked lately."""
    for reference, contact, scores in (("AL-2", "amina", []), ("AL-3", "amina", [6, 2]), ("AL-4", "carl", [2, 6])):
        number = make_service_user(house_db, reference)
        set_caseworker(house_db, number, contact, by=CARL)
        for place, score in enumerate(scores):
            held_on = today() - timedelta(days=20 - place) if contact == "amina" else date(2022, 2, 1 + place)
            remarks = Remarks(next_step=f"Step {reference} {place}")
            record_session(house_db, number, held_on, Answers(life_satisfaction=score), by=AMINA, remarks=remarks)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["AL-2", "AL-3"]),
        ("whose=mine", ["AL-2", "AL-3"]),
        ("whose=team", ["AL-2", "AL-4", "AL-1", "AL-3"]),
        ("whose=team&what=due", ["AL-2", "AL-4", "AL-1"]),
        ("whose=team&what=signal", ["AL-4", "AL-3"]),
        ("what=signal", ["AL-3"]),
        ("whose=mine&what=due", ["AL-2"]),
        ("whose=rubbish&what=rubbish", ["AL-2", "AL-3"]),
    ],
)
def test_the_filters_combine(house: Flask, four: None, query: str, expected: list[str]) -> None:
    assert references(sign_in(house, "amina").get(f"/service-users?{query}").text) == expected


@pytest.mark.parametrize(("typed", "expected"), [("al-", ["AL-2", "AL-4", "AL-1", "AL-3"]), (" Al-4 ", ["AL-4"])])
def test_a_search_covers_the_team(house: Flask, four: None, typed: str, expected: list[str]) -> None:
    answer = sign_in(house, "amina").post("/service-users", data={"q": typed}, follow_redirects=True)
    assert references(answer.text) == expected


def test_whoever_is_nobodys_contact_begins_with_the_team(house: Flask, house_db: Database, four: None) -> None:
    assert len(references(sign_in(house, "carl").get("/service-users").text)) == 4
    for number in house_db.query("SELECT id FROM service_users WHERE caseworker_id = 1"):
        set_caseworker(house_db, number["id"], None, by=CARL)
    amina = sign_in(house, "amina")
    assert len(references(amina.get("/service-users").text)) == 4
    assert references(amina.get("/service-users?whose=mine").text) == []


def test_each_filter_says_how_many_it_holds_and_which_is_chosen(house: Flask, four: None) -> None:
    page = sign_in(house, "amina").get("/service-users?what=signal&lang=en").text
    chosen = [part.partition("</a>")[0].partition(">")[2] for part in page.split('aria-current="true"')[1:]]
    assert chosen == ["Mine: 1", "With a signal: 1"]
    for words in ("The team&#39;s: 2", "All: 2", "To be asked now or soon: 1"):
        assert words in page


def test_a_line_tells_signal_reason_last_contact_next_step_and_contact(house: Flask, four: None) -> None:
    page = found_in_english(sign_in(house, "amina"), "al-4")
    reason = "Life satisfaction is clearly better than the first time (+4)."
    for words in ("Clearly better<", reason, "2 Feb 2022", "Step AL-4 1", "Carl"):
        assert words in page
    assert "1 Feb 2022" not in page and "Step AL-4 0" not in page


def test_the_caseload_takes_as_many_queries_for_ten_times_the_service_users(house: Flask, house_db: Database) -> None:
    def queries() -> int:
        statements: list[str] = []
        house_db.conn.set_trace_callback(statements.append)
        caseload(house_db, "", today(), by=AMINA)
        house_db.conn.set_trace_callback(None)
        return sum(text.lstrip().upper().startswith("SELECT") for text in statements)

    before = queries()
    for number in range(10):
        make_session(house_db, make_service_user(house_db, f"N-{number}"), life_satisfaction=5)
    assert queries() == before <= 5


def test_the_order_does_not_depend_on_the_contact(house: Flask, house_db: Database, four: None) -> None:
    amina = sign_in(house, "amina")
    before = references(amina.get("/service-users?whose=team").text)
    for number in house_db.query("SELECT id FROM service_users WHERE district_id = 12 ORDER BY reference"):
        set_caseworker(house_db, number["id"], "carl", by=CARL)
    assert references(amina.get("/service-users?whose=team").text) == before


def test_whoever_adds_a_service_user_is_the_contact(house: Flask) -> None:
    form = {"enrolled_from": "2022-01-01", "asked_in": "nb"}
    for name, reference, contact in (("amina", "AL-7", "Amina"), ("carl", "AL-8", None)):
        client = sign_in(house, name)
        page = client.get(client.post("/service-users/new", data={**form, "reference": reference}).location).text
        assert selected_contact(page) == contact


def selected_contact(page: str) -> str | None:
    """The name that is chosen in the form on a person's page; None for nobody."""
    options = page.partition('<select class="form-select" id="contact"')[2].partition("</select>")[0]
    chosen = [option for option in options.split("<option")[1:] if "selected" in option]
    return chosen[0].partition('">')[2].partition("<")[0] if chosen and 'value=""' not in chosen[0] else None


def test_a_contact_is_chosen_among_the_open_accounts_of_the_district(house: Flask) -> None:
    amina = sign_in(house, "amina")
    page = amina.get("/service-users/1").text
    assert [name in page for name in ("Amina</option>", "Carl</option>", "Berit</option>")] == [True, True, False]
    for username, contact in (("carl", "Carl"), ("", None), ("amina", "Amina")):
        assert amina.post("/service-users/1/contact", data={"contact": username}).status_code == 302
        assert selected_contact(amina.get("/service-users/1").text) == contact


@pytest.mark.parametrize("username", ["berit", "velferd", "nobody", None])
def test_nobody_else_can_be_made_a_contact(house: Flask, house_db: Database, username: str | None) -> None:
    form = {"contact": username} if username else {}
    assert sign_in(house, "amina").post("/service-users/1/contact", data=form).status_code == 400
    assert value(house_db, "SELECT caseworker_id FROM service_users WHERE id = 1") is None


def test_nobody_chooses_the_contact_of_another_districts_service_user(house: Flask, house_db: Database) -> None:
    assert sign_in(house, "berit").post("/service-users/1/contact", data={"contact": "berit"}).status_code == 404
    assert value(house_db, "SELECT caseworker_id FROM service_users WHERE id = 1") is None


def test_a_contact_whose_account_is_closed_is_still_named(house: Flask, house_db: Database) -> None:
    set_caseworker(house_db, 1, "amina", by=CARL)
    close_staff(house_db, 1, by=ADMIN)
    assert "Amina" in sign_in(house, "carl").get("/service-users/1").text
