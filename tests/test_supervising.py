"""Supervision: what nobody has discussed yet, what was discussed, and that a discussion is about one session."""

import sqlite3
from datetime import date, timedelta

import pytest
from factories import (
    ADMIN,
    AMINA,
    BERIT,
    CARL,
    VELFERD,
    enrolment_of,
    make_cast,
    make_service_user,
    make_session,
)
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.actions.enrolling import end_enrolment, set_caseworker
from fitservice.actions.recording import withdraw_session
from fitservice.actions.supervising import discuss
from fitservice.clock import today
from fitservice.model import NotAllowed, NotFound
from fitservice.reports.person import see_person
from fitservice.reports.supervision import supervision
from fitservice.store import discussions
from fitservice.store.rows import value

FEBRUARY, MARCH = date(2022, 2, 1), date(2022, 3, 1)


def make_worse(db: Database, reference: str = "A-1", latest: date = MARCH) -> int:
    """A service user who is clearly worse since the first time; the latest session's id."""
    service_user_id = make_service_user(db, reference)
    make_session(db, service_user_id, latest - timedelta(days=20), life_satisfaction=6)
    return make_session(db, service_user_id, latest, life_satisfaction=2)


def waits(db: Database) -> list[str]:
    """The references that wait, in their order."""
    return [case.reference for case in supervision(db, today(), by=CARL).waiting]


def test_only_a_signal_of_an_open_enrolment_waits(db):
    make_worse(db, "WORSE")
    make_session(db, make_service_user(db, "FIRST"))
    make_service_user(db, "NEW")
    ended = make_worse(db, "ENDED")
    person = value(db, "SELECT enrolment_id FROM sessions WHERE id = :id", {"id": ended})
    end_enrolment(db, person, date(2022, 4, 1), by=AMINA)
    assert waits(db) == ["WORSE"]


def test_who_has_waited_longest_comes_first_whoever_the_contact_is(db):
    make_cast(db)
    for reference, latest in (("A", date(2022, 5, 1)), ("B", MARCH), ("C", date(2022, 4, 1))):
        make_worse(db, reference, latest)
    assert waits(db) == ["B", "C", "A"]
    for row in list(db.query("SELECT id, reference FROM service_users")):
        set_caseworker(db, row["id"], {"A": "amina", "B": "carl"}.get(row["reference"]), by=CARL)
    assert waits(db) == ["B", "C", "A"]


def test_what_is_discussed_moves_to_the_other_list(db):
    make_cast(db)
    session_id = make_worse(db)
    discuss(db, session_id, by=CARL)
    found = supervision(db, today(), by=CARL)
    assert found.waiting == []
    ((row),) = found.discussed
    assert (row["reference"], row["discussed_on"], row["discussed_by"], row["held_on"]) == (
        *("A-1", today().isoformat(), "Carl"),
        MARCH.isoformat(),
    )
    assert supervision(db, today() + timedelta(days=90), by=CARL).discussed == [row]
    assert supervision(db, today() + timedelta(days=91), by=CARL).discussed == []


def test_a_double_click_is_one_discussion(db):
    session_id = make_worse(db)
    for _ in range(2):
        assert discuss(db, session_id, by=CARL) == "A-1"
    assert value(db, "SELECT COUNT(*) FROM discussions") == 1
    assert value(db, "SELECT COUNT(*) FROM audit WHERE act = 'discuss'") == 2


def test_a_newer_session_in_between_is_not_lost(db):
    shown = make_worse(db)
    service_user_id = value(db, "SELECT id FROM service_users")
    newer = make_session(db, service_user_id, date(2022, 4, 1), life_satisfaction=2)
    discuss(db, shown, by=CARL)
    assert waits(db) == ["A-1"]
    assert [row["session_id"] for row in discussions.since(db, CARL, FEBRUARY)] == [shown]
    withdraw_session(db, newer, "wrong person", by=AMINA, revision=1)
    assert waits(db) == []


def test_a_new_session_brings_the_question_back(db):
    discuss(db, make_worse(db), by=CARL)
    make_session(db, value(db, "SELECT id FROM service_users"), date(2022, 4, 1), life_satisfaction=2)
    assert waits(db) == ["A-1"]


def test_a_persons_page_names_the_newest_discussion(db):
    first = make_worse(db)
    service_user_id = value(db, "SELECT id FROM service_users")
    assert see_person(db, service_user_id, by=AMINA).discussion is None
    second = make_session(db, service_user_id, date(2022, 4, 1), life_satisfaction=2)
    for session_id in (second, first):
        discuss(db, session_id, by=CARL)
    assert see_person(db, service_user_id, by=AMINA).discussion["session_id"] == second


@pytest.mark.parametrize(("by", "refusal"), [(AMINA, NotAllowed), (VELFERD, NotAllowed), (ADMIN, NotAllowed)])
def test_only_a_team_lead_supervises(db, by, refusal):
    session_id = make_worse(db)
    with pytest.raises(refusal):
        discuss(db, session_id, by=by)
    with pytest.raises(refusal):
        supervision(db, today(), by=by)


def test_another_districts_session_is_not_found_and_not_listed(db):
    service_user_id = make_service_user(db, "B-1", by=BERIT)
    for day, score in ((FEBRUARY, 6), (MARCH, 2)):
        session_id = make_session(db, service_user_id, day, by=BERIT, life_satisfaction=score)
    with pytest.raises(NotFound):
        discuss(db, session_id, by=CARL)
    assert waits(db) == [] and enrolment_of(db, service_user_id)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM discussions",
        "UPDATE discussions SET discussed_by = 'mallory'",
        "REPLACE INTO discussions SELECT * FROM discussions",
        "REPLACE INTO discussions SELECT 7, service_user_id, session_id, discussed_on, 'mallory', 'x' FROM discussions",
    ],
)
def test_a_discussion_stays_as_it_was_recorded(db, statement):
    discuss(db, make_worse(db), by=CARL)
    with pytest.raises(sqlite3.IntegrityError, match="stays"):
        db.execute(statement)
    assert value(db, "SELECT discussed_by FROM discussions") == "carl"


def test_the_page_says_why_and_what_was_discussed(house: Flask, house_db: Database) -> None:
    session_id = make_worse(house_db, "AL-2")
    carl = sign_in(house, "carl")
    page = carl.get("/district/supervision?lang=en").text
    for words in ("AL-2<", "is clearly worse than the first time (−4).", "Latest session: 1 Mar 2022", "No contact"):
        assert words in page
    assert carl.post(f"/district/supervision/{session_id}").status_code == 302
    page = carl.get("/district/supervision?lang=en").text
    assert "There is nothing to discuss just now." in page
    assert "by Carl." in page and "After the session on 1 Mar 2022." in page
    service_user_id = value(house_db, "SELECT id FROM service_users WHERE reference = 'AL-2'")
    assert "by Carl." in sign_in(house, "amina").get(f"/service-users/{service_user_id}?lang=en").text


def test_the_team_lead_finds_the_way(house: Flask) -> None:
    page = sign_in(house, "carl").get("/district").text
    assert page.count('href="/district/supervision"') == 2
    assert "/district/supervision" not in sign_in(house, "amina").get("/service-users").text
