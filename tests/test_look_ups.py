"""Who looked: the team lead's page, and the service user's own list as a page and as a PDF."""

import base64
import io
import os
from datetime import date
from pathlib import Path

import pytest
from factories import AMINA, BERIT, CARL, make_service_user, make_session
from flask import Flask
from pypdf import PdfReader
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.enrolling import set_asked_in, set_caseworker, set_name
from fitservice.clock import set_to
from fitservice.db import transaction
from fitservice.formats.looked import looked_pdf
from fitservice.keys import VARIABLE, load_keys
from fitservice.model import Actor, NotAllowed, NotFound, Role
from fitservice.reports import look_ups as report
from fitservice.reports.look_ups import see_look_ups
from fitservice.reports.looked import who_looked
from fitservice.reports.person import see_person
from fitservice.rules.look_ups import Why
from fitservice.store import audit, look_ups

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
PAST = date(2026, 11, 17)


def look(db: Database, service_user_id: int = 1, *, by: Actor = AMINA, day: date = TUESDAY, hour: int = 12) -> None:
    """Somebody opens the page of a service user on a day."""
    with set_to(day, hour):
        see_person(db, service_user_id, by=by)


def outsider(db: Database, service_user_id: int = 1) -> None:
    """Somebody of another district, as a grant would let them in."""
    with set_to(TUESDAY), transaction(db):
        audit.write(db, BERIT, "see_service_user", ("service_user", service_user_id))


def test_the_list_says_day_name_role_and_what_once_a_day_newest_first(house_db):
    look(house_db)
    look(house_db)
    look(house_db, by=CARL, day=WEDNESDAY)
    make_session(house_db, 1, TUESDAY)
    look(house_db, day=date(2025, 11, 1))
    found = who_looked(house_db, 1, WEDNESDAY, by=AMINA)
    assert found.rows == [
        ("25.11.2026", "Carl", "teamleder", "åpnet siden"),
        ("24.11.2026", "Amina", "saksbehandler", "åpnet siden, registrerte en samtale"),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Amina, saksbehandler: åpnet siden"),
        ("nn", "Amina, saksbehandlar: opna sida"),
        ("en", "Amina, caseworker: opened the page"),
    ],
)
def test_the_list_speaks_the_persons_own_language_also_as_a_pdf(house_db, language, words):
    set_asked_in(house_db, 1, language, by=CARL)
    look(house_db)
    reader = PdfReader(io.BytesIO(looked_pdf(who_looked(house_db, 1, WEDNESDAY, by=CARL))))
    assert words in " ".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/Lang"].startswith(language)


def test_a_long_list_goes_on_over_pages(house_db):
    for number in range(60):
        look(house_db, day=date(2026, 1, 1 + number % 28), hour=number % 24, by=AMINA if number % 2 else CARL)
    for month in range(2, 8):
        for number in range(1, 15):
            look(house_db, day=date(2026, month, number))
    found = who_looked(house_db, 1, WEDNESDAY, by=AMINA)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(looked_pdf(found))).pages]
    assert len(pages) > 1 and f"Side 1 av {len(pages)}" in pages[0]
    assert sum(page.count("åpnet siden") for page in pages) == len(found.rows)


def test_an_operator_is_not_taken_for_the_account_of_the_same_name(house_db):
    with set_to(TUESDAY), transaction(house_db):
        audit.write(house_db, Actor("amina", Role.OPERATOR), "see_service_user", ("service_user", 1))
    (row,) = who_looked(house_db, 1, WEDNESDAY, by=CARL).rows
    assert row[1:3] == ("amina", "drift av systemet")


def test_a_list_is_for_the_own_district_and_looking_at_it_is_logged(house_db):
    with pytest.raises(NotFound):
        who_looked(house_db, 2, WEDNESDAY, by=AMINA)
    with pytest.raises(NotAllowed):
        see_look_ups(house_db, TUESDAY, WEDNESDAY, by=AMINA)
    with pytest.raises(NotFound):
        see_look_ups(house_db, TUESDAY, WEDNESDAY, service_user_id=2, by=CARL)
    who_looked(house_db, 1, WEDNESDAY, by=AMINA)
    see_look_ups(house_db, TUESDAY, WEDNESDAY, service_user_id=1, by=CARL)
    rows = house_db.execute("SELECT actor, act, service_user_id FROM audit ORDER BY id DESC LIMIT 2").fetchall()
    assert rows == [("carl", "see_look_ups", 1), ("amina", "see_who_looked", 1)]


def test_the_page_is_about_the_districts_service_users_whoever_looked(house_db):
    look(house_db)
    look(house_db, 2, by=BERIT)
    outsider(house_db)
    found = see_look_ups(house_db, TUESDAY, WEDNESDAY, by=CARL)
    assert [(row.actor, row.service_user_id) for row in found.rows] == [("berit", 1), ("amina", 1)]
    assert [(one.why, one.actor) for one in found.unusual] == [(Why.OUTSIDE, "berit")]
    assert found.references == {1: "AL-1"}


def test_what_is_unusual_is_found_by_oslos_clock_and_the_contact(house_db):
    look(house_db, hour=23)
    set_caseworker(house_db, 1, "carl", by=CARL)
    look(house_db, day=WEDNESDAY)
    found = see_look_ups(house_db, TUESDAY, WEDNESDAY, by=CARL)
    assert {(one.why, one.actor) for one in found.unusual} >= {(Why.ODD_HOURS, "amina"), (Why.NOT_OWN, "amina")}


def test_an_operator_on_the_page_is_not_taken_for_the_account_of_the_same_name(house: Flask, house_db: Database):
    look(house_db, day=PAST, hour=23)
    with set_to(PAST, 23), transaction(house_db):
        audit.write(house_db, Actor("amina", Role.OPERATOR), "see_service_user", ("service_user", 1))
    found = see_look_ups(house_db, PAST, PAST, by=CARL)
    assert [found.name(row) for row in found.rows] == ["amina", "Amina"]
    told = {(one.why, found.names[one.actor]) for one in found.unusual}
    assert told == {(Why.ODD_HOURS, "Amina"), (Why.ODD_HOURS, "amina"), (Why.OUTSIDE, "amina")}
    page = sign_in(house, "carl").get("/district/look-ups?first=17.11.2026&last=17.11.2026").text
    assert "<td>Amina</td>" in page and "<td>amina</td>" in page


def called(db: Database, **names: str) -> None:
    """Accounts by username get these names."""
    for username, name in names.items():
        db.execute("UPDATE staff SET name = ? WHERE username = ?", (name, username))


def test_somebody_of_the_own_name_is_worth_asking_about(house: Flask, house_db: Database):
    db = house_db
    other, third = make_service_user(db, "AL-2", by=CARL), make_service_user(db, "AL-3", by=CARL)
    called(db, amina="Amina Zakariassen", carl="Lie, Carl (vikar)", berit="Berit Zakariassen")
    for person, name in ((1, "Ola Zakariassen"), (other, "Amina Zakariassen"), (third, "Zakariassen Lie")):
        set_name(db, person, name, by=CARL)
    for person in (1, other, third):
        look(db, person, day=PAST)
    look(db, third, by=CARL, day=PAST)
    with set_to(PAST), transaction(db):  # an operator may be called as an account is, and is somebody else
        audit.write(db, Actor("amina", Role.OPERATOR), "see_service_user", ("service_user", 1))
        audit.write(db, BERIT, "see_service_user", ("service_user", 1))
    found = see_look_ups(db, PAST, PAST, by=CARL).unusual
    alike = {(one.why, one.actor, one.service_users) for one in found if one.why in (Why.OWN_NAME, Why.FAMILY_NAME)}
    assert alike == {
        (Why.FAMILY_NAME, "amina", (1,)),
        (Why.OWN_NAME, "amina", (other,)),
        (Why.FAMILY_NAME, "carl", (third,)),
        (Why.FAMILY_NAME, "berit", (1,)),
    }
    client = sign_in(house, "carl")
    client.post("/language/en")
    page = client.get("/district/look-ups?first=17.11.2026&last=17.11.2026").text
    assert "The same family name" in page and "The record has the same full name" in page and "which many do" in page
    assert "Ola" not in page and "Zakariassen Lie" not in page
    log = str(db.execute("SELECT * FROM audit").fetchall())
    assert "Zakariassen" not in log and "own_name" not in log and "family" not in log


def test_names_are_compared_also_by_an_older_key_and_no_other_name_is_opened(house_db: Database, monkeypatch):
    db = house_db
    called(db, amina="Amina Zakariassen")
    set_name(db, 1, "Ola Zakariassen", by=AMINA)
    other = make_service_user(db, "AL-2", by=CARL)
    set_name(db, other, "Kari Nordmann", by=AMINA)
    newer = f"newer:{base64.b64encode(b'n' * 32).decode()}"
    monkeypatch.setenv(VARIABLE, f"{os.environ[VARIABLE]} {newer}")
    look(db)
    look(db, other)
    opened: list[tuple[str, str]] = []
    keys = load_keys(Path())
    db.conn.create_function(
        "opened", 2, lambda sealed, place: opened.append((sealed, place)) or keys.opened(sealed, place)
    )
    found = see_look_ups(db, TUESDAY, TUESDAY, by=CARL).unusual
    assert [(one.why, one.service_users) for one in found] == [(Why.FAMILY_NAME, (1,))]
    assert {place for _, place in opened} == {"service_users.name:1"}


def test_only_so_many_are_gone_through_and_the_page_says_how_far_back(house: Flask, house_db: Database, monkeypatch):
    monkeypatch.setattr(report, "MOST_READ", 3)
    for hour in (8, 9, 10, 23):
        look(house_db, day=PAST, hour=hour)
    client = sign_in(house, "carl")
    client.post("/language/en")
    page = client.get("/district/look-ups?first=17.11.2026&last=17.11.2026").text
    assert "more than 3 look-ups in these days" in page and "back to 17 Nov 2026 09:00" in page
    assert "17 Nov 2026 23:00" in page and "17 Nov 2026 08:00" not in page
    look(house_db, day=date(2026, 11, 18))
    page = client.get("/district/look-ups?first=18.11.2026&last=18.11.2026").text
    assert "look-ups in these days" not in page
    # whoever the list is about gets all of it
    assert len(look_ups.of_service_user(house_db, 1, "2026-11-17", "2026-11-19")) >= 5


def test_the_filters_narrow_it_to_days_an_account_and_a_service_user(house_db):
    other = make_service_user(house_db, "AL-2", by=CARL)
    look(house_db)
    look(house_db, by=CARL, day=WEDNESDAY)
    look(house_db, other, day=WEDNESDAY)

    def asked(first: date, last: date, *ids: int | None) -> list[tuple[str, int]]:
        rows = see_look_ups(house_db, first, last, *ids, by=CARL).rows
        return [(row.actor, row.service_user_id) for row in rows if row.act == "see_service_user"]

    assert asked(TUESDAY, TUESDAY) == [("amina", 1)]
    assert asked(TUESDAY, WEDNESDAY, 1) == [("amina", other), ("amina", 1)]
    assert asked(TUESDAY, WEDNESDAY, None, 1) == [("carl", 1), ("amina", 1)]
    assert asked(TUESDAY, WEDNESDAY, 1, 1) == [("amina", 1)]
    with pytest.raises(NotFound):
        see_look_ups(house_db, TUESDAY, WEDNESDAY, 999, by=CARL)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("first=2.1.2020&last=1.1.2020", "The last day is before the first."),
        ("first=1.1.2020&last=1.3.2020", "Choose at most 31 days."),
        ("first=1.1.2020&last=1.3.2021&staff=1", "Choose at most 366 days."),
        ("first=nonsense", "Something needs another look"),
    ],
)
def test_days_that_cannot_be_shown_are_said_at_the_form(house: Flask, asked: str, words: str):
    client = sign_in(house, "carl")
    client.post("/language/en")
    answer = client.get(f"/district/look-ups?{asked}")
    assert answer.status_code == 400 and words in answer.text and "AL-1" not in answer.text


def test_the_page_shows_what_is_worth_asking_about_first(house: Flask, house_db: Database):
    look(house_db, day=date(2026, 11, 17), hour=23)
    client = sign_in(house, "carl")
    client.post("/language/en")
    page = client.get("/district/look-ups?first=17.11.2026&last=17.11.2026").text
    worth, every = page.index("At night or in a weekend"), page.index("<h2>All look-ups</h2>")
    assert worth < page.index("17 Nov 2026 23:00") < every < page.rindex("17 Nov 2026 23:00")
    assert "more than 20 different service users in one hour" in page and "between 22 and 06" in page
    empty = client.get("/district/look-ups?first=1.1.2020&last=2.1.2020").text
    assert "Nothing in these days." in empty and "Nobody opened anything in these days." in empty


def test_a_persons_page_leads_to_the_list_which_can_be_saved(house: Flask, house_db: Database):
    client = sign_in(house, "amina")
    assert '"/service-users/1/looked"' in client.get("/service-users/1").text
    page = client.get("/service-users/1/looked").text
    assert "Amina" in page and '"/service-users/1/looked.pdf"' in page
    saved = client.get("/service-users/1/looked.pdf")
    assert saved.mimetype == "application/pdf"
    assert saved.headers["Content-Disposition"] == 'attachment; filename="hvem-har-sett-AL-1.pdf"'


COLUMNS = ("service_user_id", "service_user_district_id", "actor")


@pytest.mark.parametrize("column", COLUMNS)
def test_each_query_of_the_pages_is_answered_by_an_index(house_db, column):
    look(house_db)
    asked: list[str] = []
    house_db.conn.set_trace_callback(asked.append)
    see_look_ups(house_db, TUESDAY, WEDNESDAY, by=CARL)
    see_look_ups(house_db, TUESDAY, WEDNESDAY, 1, by=CARL)
    see_look_ups(house_db, TUESDAY, WEDNESDAY, None, 1, by=CARL)
    house_db.conn.set_trace_callback(None)
    queries = [text for text in asked if "FROM audit" in text and f"WHERE {column} =" in text]
    plans = [step for text in queries for *_, step in house_db.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()]
    of_the_log = [plan for plan in plans if " audit" in plan]
    assert of_the_log and all(f"({column}=? AND at>? AND at<?)" in plan for plan in of_the_log)
    # what is asked beside it, row by row, is answered by an index too
    assert not [plan for plan in plans if plan.startswith("SCAN") and "AUTOMATIC" not in plan]
