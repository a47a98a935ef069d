"""A copy of one's own data holds everything that is kept of the person, and corrections keep what stood before."""

import io
import json
import sqlite3
from datetime import date

import pytest
from factories import AMINA, BERIT, CARL
from flask import Flask
from pypdf import PdfReader
from sqlite_utils import Database
from test_erasing import REFERENCE, whole  # noqa: F401 - the same person
from web import sign_in

from fitservice.actions.enrolling import correct_service_user, set_asked_in
from fitservice.actions.erasing import ask_erasure
from fitservice.model import Duplicate, Invalid, NotFound
from fitservice.reports.own_copy import own_copy
from fitservice.reports.person import see_person

DAY = date(2022, 8, 1)


def words(pdf: bytes) -> str:
    """The text of a PDF, lines joined."""
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_copy_holds_all_that_is_kept(house: Flask, house_db: Database, whole: int) -> None:  # noqa: F811
    correct_service_user(house_db, whole, REFERENCE, 1981, "feil år", by=AMINA, corrections=0)
    ask_erasure(house_db, whole, "vil ikke mer", by=CARL)
    client = sign_in(house, "amina")
    data = json.loads(client.get(f"/service-users/{whole}/copy.json").data)
    pdf = words(client.get(f"/service-users/{whole}/copy.pdf").data)
    assert data["service_user"][0] == {
        "reference": REFERENCE,
        "name": "Zebulon Kjøs",
        "birth_year": 1981,
        "asked_in": "nb",
        "contact": "Amina",
    }
    assert [row["reason"] for row in data["access_given"]] == ["flytter over"]
    assert [row["reason"] for row in data["blocks"]] == ["kjenner mange her"]
    assert [row["birth_year"] for row in data["corrections"]] == [1980]
    assert [len(row.get("earlier", ())) for row in data["enrolments"]] == [0, 1]
    first, second = data["sessions"]
    assert first["life_satisfaction"] == 2 and first["earlier"][0]["life_satisfaction"] == 5
    assert first["earlier"][0]["outcome_personal"] == 5.0 and first["reason"] == "mistyped"
    assert (second["note"], second["next_step"]) == ("sover bedre", "time hos lege")
    assert [row["kind"] for row in data["participation"]] == ["withdrawn", "given"]
    assert data["discussions"][0]["recorded_by"] == "Carl" and len(data["screens"]) == 1
    assert [row["reason"] for row in data["erasures"]] == ["en gang til", "vil ikke mer"]
    assert {"record_session", "discuss", "set_name", "copy_own_data"} <= {row["act"] for row in data["looked"]} | {
        "copy_own_data"
    }
    for said in ("Zebulon Kjøs", "1981", "sover bedre", "time hos lege", "mistyped", "Drøftet", "informert og deltar"):
        assert said in pdf, said
    for said in ("Carl, teamleder", "vil ikke mer", "feil år", "livskvalitet (1–7): 2", "Før: 01.03.2022"):
        assert said in pdf, said


def test_every_column_that_is_kept_of_a_session_is_in_the_copy(house_db: Database) -> None:
    kept = {row["name"] for row in house_db.query("PRAGMA table_xinfo(sessions)")}
    copied = set(own_copy(house_db, 1, DAY, by=AMINA).data["sessions"][0])
    assert kept - copied == {"id", "enrolment_id", "outcome_total", "alliance_total", "revision"}
    assert copied - kept == set()


def test_the_copy_is_in_the_persons_own_language_and_logged(house_db: Database) -> None:
    set_asked_in(house_db, 1, "nn", by=AMINA)
    copy = own_copy(house_db, 1, DAY, by=AMINA)
    assert copy.title == "Kopi av det som er lagra om deg" and copy.language == "nn"
    (row,) = house_db.query("SELECT act, service_user_id FROM audit ORDER BY id DESC LIMIT 1")
    assert (row["act"], row["service_user_id"]) == ("copy_own_data", 1)
    with pytest.raises(NotFound):
        own_copy(house_db, 1, DAY, by=BERIT)


def test_a_correction_keeps_what_stood_before(house_db: Database) -> None:
    db = house_db
    correct_service_user(db, 1, "AL-9", None, "skrevet feil", by=AMINA, corrections=0)
    person = see_person(db, 1, by=CARL)
    assert (person.service_user["reference"], person.service_user["birth_year"]) == ("AL-9", None)
    (old,) = person.corrections
    assert (old["reference"], old["birth_year"], old["corrected_by"], old["reason"]) == (
        *("AL-1", 1980, "Amina"),
        "skrevet feil",
    )
    for reference, corrections, code in (("AL-9", 1, "nothing_changed"), ("AL-8", 0, "changed_meanwhile")):
        with pytest.raises(Invalid) as refused:
            correct_service_user(db, 1, reference, None, "igjen", by=AMINA, corrections=corrections)
        assert refused.value.problems[0].code == code
    with pytest.raises(NotFound):
        correct_service_user(db, 1, "AL-7", None, "igjen", by=BERIT, corrections=1)
    # another district's reference is no clash: nobody learns who is known there
    correct_service_user(db, 1, "BJ-1", None, "igjen", by=AMINA, corrections=1)


def test_a_reference_that_is_taken_is_refused_on_the_page(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    amina.post("/language/en")
    amina.post("/service-users/new", data={"reference": "AL-2", "enrolled_from": "1.1.2022", "asked_in": "nb"})
    data = {"reference": "al-2", "birth_year": "", "reason": "skrevet feil", "corrections": "0"}
    taken = amina.post("/service-users/1/correct", data=data)
    assert taken.status_code == 400 and "already in use" in taken.text
    with pytest.raises(Duplicate):
        correct_service_user(house_db, 1, "AL-2", None, "skrevet feil", by=AMINA, corrections=0)
    assert amina.post("/service-users/1/correct", data=data | {"reference": "AL-3"}).status_code == 302
    page = amina.get("/service-users/1").text
    assert "AL-3" in page and "Before: AL-1" in page


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE service_users SET reference = 'X', reference_key = 'x' WHERE id = 1",
        "UPDATE service_users SET birth_year = 1999 WHERE id = 1",
        "UPDATE service_users SET district_id = 1 WHERE id = 1",
        "DELETE FROM service_users WHERE id = 1",
    ],
)
def test_the_tables_keep_who_somebody_was(house_db: Database, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        house_db.execute(statement)
