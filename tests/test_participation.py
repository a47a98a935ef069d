"""Informed participation: what is kept, when it is renewed, and that a withdrawal stops recording at once."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from factories import AMINA, BERIT, CARL, OPERATOR, VELFERD, enrolment_of, make_service_user, make_session
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.actions import handing_over, importing
from fitservice.actions.enrolling import add_enrolment, end_enrolment
from fitservice.actions.participating import give_participation, withdraw_participation
from fitservice.actions.recording import correct_session, note_session, record_session
from fitservice.clock import set_to
from fitservice.instruments import SHIPPED
from fitservice.model import Answers, Invalid, Kind, NotAllowed, NotFound
from fitservice.reports.participation import see_participation, to_renew
from fitservice.rules.participation import How, State, last_day, months_after, state_on
from fitservice.store import enrolments, participations
from fitservice.wording.participation import TEXTS, text_today

TODAY, FIVE = date(2022, 6, 1), Answers(life_satisfaction=5)
FILE = "district,reference,held_on,life_satisfaction\nAlna,AL-1,{},{}\n"


@pytest.mark.parametrize(
    ("kind", "valid_to", "state"),
    [
        (None, None, State.NONE),
        ("given", date(2022, 5, 31), State.EXPIRED),
        ("given", date(2022, 6, 1), State.ENDS_SOON),
        ("given", date(2022, 7, 1), State.ENDS_SOON),
        ("given", date(2022, 7, 2), State.VALID),
        ("withdrawn", None, State.WITHDRAWN),
    ],
)
def test_how_it_stands(kind, valid_to, state):
    assert state_on(kind, valid_to, TODAY) is state


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2022, 6, 1), 12, date(2023, 6, 1)),
        (date(2022, 12, 5), 1, date(2023, 1, 5)),
    ],
)
def test_months_after_a_day(day, months, last):
    assert months_after(day, months) == last


@pytest.mark.parametrize(
    ("given_on", "chosen", "code"),
    [
        (date(2022, 6, 2), None, "future_day"),
        (date(2022, 5, 1), date(2022, 5, 31), "until_has_passed"),
        (date(2022, 5, 1), date(2025, 5, 2), "too_far_ahead"),
    ],
)
def test_days_that_cannot_be(given_on, chosen, code):
    with pytest.raises(Invalid) as refused:
        last_day(given_on, chosen, 12, TODAY)
    assert refused.value.problems[0].code == code


def test_each_version_says_the_same_parts_in_three_languages():
    assert len({text.key for text in TEXTS}) == len(TEXTS)
    assert [text.valid_from for text in TEXTS] == sorted(text.valid_from for text in TEXTS)
    for text in TEXTS:
        assert {len(parts) for parts in text.parts.values()} == {5} and set(text.parts) == {"nb", "nn", "en"}
        assert all(title and words for parts in text.parts.values() for title, words in parts)
    assert text_today(date(2020, 1, 1)) is TEXTS[0] and text_today(date(2199, 1, 1)) is TEXTS[-1]


def give(db: Database, by=AMINA, day: date = TODAY, service_user_id: int = 1) -> None:
    """AL-1 was informed on a day and takes part for a year."""
    with set_to(day):
        give_participation(db, service_user_id, day, How.ORALLY, None, by=by, months=12)


def test_what_was_told_when_and_how_is_kept(house_db: Database) -> None:
    give(house_db)
    with set_to(TODAY):
        stands = see_participation(house_db, 1, by=CARL)
        assert stands.state is State.VALID
    (row,) = stands.rows
    assert (row["text_version"], row["language"], row["given_how"]) == ("2026-1", "nb", "orally")
    assert (row["on_day"], row["valid_to"], row["recorder"]) == ("2022-06-01", "2023-06-01", "Amina")


def test_it_is_for_staff_of_the_district_alone(house_db: Database) -> None:
    for act in (lambda by: give(house_db, by), lambda by: withdraw_participation(house_db, 1, by=by)):
        with pytest.raises(NotFound):
            act(BERIT)
        with pytest.raises(NotAllowed):
            act(VELFERD)
    assert house_db.execute("SELECT COUNT(*) FROM participations").fetchone() == (0,)


def refused(act) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Invalid) as error:
        act()
    return error.value.problems[0].code


def test_a_withdrawal_stops_recording_at_once_and_everywhere(house_db: Database) -> None:
    db = house_db
    give(db)
    with set_to(TODAY):
        withdraw_participation(db, 1, by=AMINA)
        withdraw_participation(db, 1, by=AMINA)
        before = db.execute("SELECT COUNT(*) FROM sessions").fetchone()
        codes = [
            refused(lambda: record_session(db, 1, TODAY, FIVE, by=AMINA)),
            refused(lambda: record_session(db, 1, date(2022, 4, 1), FIVE, by=AMINA)),
            refused(lambda: note_session(db, 1, "sover bedre", None, by=AMINA, revision=1)),
            refused(lambda: handing_over.to_ask(db, 1, SHIPPED, by=AMINA)),
            refused(lambda: handing_over.hand_over(db, 1, [Kind.OUTCOME], "nb", SHIPPED, by=AMINA, sign_in_id=1)),
        ]
        assert set(codes) == {"participation_withdrawn"}
        file = FILE.format("2022-05-05", 6).encode()
        outcome = importing.import_file(db, importing.SESSIONS, file, TODAY, by=OPERATOR)
        assert (outcome.problems, outcome.added) == ([], 0)
        assert [(one.code, one.line) for one in outcome.left_out] == [("participation_withdrawn", 2)]
        # what is there already is no news, and a mistake in it can be corrected
        same = FILE.format("2022-03-01", 4).encode()
        assert importing.import_file(db, importing.SESSIONS, same, TODAY, by=OPERATOR).already == 1
        assert db.execute("SELECT COUNT(*) FROM sessions").fetchone() == before
        correct_session(db, 1, date(2022, 3, 1), FIVE, "mistyped", by=AMINA, revision=1)
        assert [row["kind"] for row in see_participation(db, 1, by=AMINA).rows] == ["withdrawn", "given"]
        give(db)
        assert record_session(db, 1, TODAY, FIVE, by=AMINA)


def test_an_import_leaves_out_whoever_has_withdrawn_and_stores_the_others(
    house_db: Database, house: Flask, tmp_path: Path
) -> None:
    db, cli, file = house_db, house.test_cli_runner(), tmp_path / "file.csv"
    with set_to(date(2022, 2, 1)):
        end_enrolment(db, enrolment_of(db, make_service_user(db, "AL-2")), date(2022, 2, 1), by=AMINA)
    with set_to(TODAY):
        (gone,) = db.execute("SELECT id FROM service_users WHERE reference = 'AL-2'").fetchone()
        withdraw_participation(db, gone, by=AMINA)
        assert refused(lambda: add_enrolment(db, gone, date(2022, 5, 1), by=AMINA)) == "participation_withdrawn"
    file.write_text("district,reference,enrolled_from\nAlna,al-2,2022-05-01\nAlna,AL-3,2022-05-01\n")
    result = cli.invoke(args=["import", "service-users", str(file)])
    assert result.exit_code == 0, result.output
    assert "Left out: line 2, column reference: The service user has withdrawn." in result.output
    assert "Stored: 1 new, 0 ended, 0 there already, 0 bad." in result.output
    assert "1 row is left out, because the service user has withdrawn." in result.output
    file.write_text("district,reference,held_on,life_satisfaction\nAlna,AL-2,2022-05-05,6\nAlna,AL-3,2022-05-05,5\n")
    result = cli.invoke(args=["import", "sessions", str(file)])
    assert result.exit_code == 0 and "1 row is left out" in result.output, result.output
    assert len(enrolments.of_service_user(db, gone)) == 1
    assert db.execute("SELECT life_satisfaction FROM sessions WHERE held_on = '2022-05-05'").fetchall() == [(5,)]
    assert participations.is_withdrawn(db, gone)
    assert not list(tmp_path.glob("*.rejected*"))


def test_answers_on_a_screen_go_with_a_withdrawal(house_db: Database) -> None:
    db = house_db
    db.execute(
        "INSERT INTO sign_ins (id, staff_id, token_hash, created_at, last_seen_at)"
        " VALUES (1, 1, 'x', '2022-06-01T10:00:00+00:00', '2022-06-01T10:00:00+00:00')"
    )
    with set_to(TODAY):
        kinds = [Kind.LIFE_SATISFACTION, Kind.OUTCOME]
        screen = handing_over.hand_over(db, 1, kinds, "nb", SHIPPED, by=AMINA, sign_in_id=1)
        assert not handing_over.answer(db, screen, 1, "6", SHIPPED, by=AMINA)
        withdraw_participation(db, 1, by=CARL)
        assert handing_over.left_over(db, 1, SHIPPED, by=AMINA) is None
        assert handing_over.answer(db, screen, 2, "3", SHIPPED, by=AMINA)
    assert db.execute("SELECT answers, session_id FROM hand_overs").fetchall() == [("{}", None)]
    assert db.execute("SELECT COUNT(*) FROM sessions WHERE held_on = '2022-06-01'").fetchone() == (0,)


def test_missing_and_ended_remind_and_do_not_stop(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    assert "not recorded that the service user was informed" in english(amina, "/service-users/1")
    give(house_db, day=date(2022, 1, 2))
    assert "The participation ended on 2 Jan 2023" in english(amina, "/service-users/1")
    assert make_session(house_db, 1, date(2024, 1, 1))


def english(client, path: str) -> str:
    """The page in English."""
    client.post("/language/en")
    return client.get(path).text


def test_the_list_holds_those_to_talk_with_again(house_db: Database) -> None:
    db = house_db
    ids = {name: make_service_user(db, name) for name in ("NONE", "SOON", "OVER", "FINE", "GONE")}
    give(db, day=date(2021, 6, 15), service_user_id=ids["SOON"])
    give(db, day=date(2021, 5, 1), service_user_id=ids["OVER"])
    give(db, service_user_id=ids["FINE"])
    with set_to(TODAY):
        withdraw_participation(db, ids["GONE"], by=AMINA)
        found = {state: [row["reference"] for row in rows] for state, rows in to_renew(db, by=AMINA).items()}
        assert found == {State.NONE: ["AL-1", "NONE"], State.EXPIRED: ["OVER"], State.ENDS_SOON: ["SOON"]}
        assert all("A" not in row["reference"] for rows in to_renew(db, by=BERIT).values() for row in rows)


def test_the_pages_say_it_in_plain_words(house: Flask, house_db: Database) -> None:
    amina = sign_in(house, "amina")
    page = english(amina, "/service-users/1/participation")
    assert "Hvem som ser det" in page and "Version 2026-1" in page
    data = {"given_on": "1.6.22", "given_how": "", "valid_to": ""}
    assert amina.post("/service-users/1/participation", data=data).status_code == 400
    far = amina.post("/service-users/1/participation", data=data | {"given_how": "orally", "valid_to": "1.1.2199"})
    assert far.status_code == 400 and "too far ahead" in far.text
    assert house_db.execute("SELECT COUNT(*) FROM participations").fetchone() == (0,)
    data["given_on"] = "i dag"
    assert amina.post("/service-users/1/participation", data=data | {"given_how": "in_writing"}).status_code == 302
    assert "takes part, until" in english(amina, "/service-users/1/participation")
    assert amina.post("/service-users/1/participation/withdraw").status_code == 302
    for path in ("/service-users/1/sessions/new", "/service-users/1/sessions/new?mode=paper"):
        stopped = amina.get(path)
        assert stopped.status_code == 409 and "Nothing new is recorded" in stopped.text
        sent = amina.post(path, data={"held_on": "3.5.22", "life_satisfaction": "5"})
        assert sent.status_code == 409
    assert amina.get("/service-users/1/hand-over").status_code == 409
    page = amina.get("/service-users/1").text
    assert "has withdrawn" in page and "Record a session" not in page
    assert "AL-1" not in amina.get("/service-users/participation").text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE participations SET valid_to = '2199-01-01'",
        "DELETE FROM participations",
        "INSERT OR REPLACE INTO participations SELECT * FROM participations",
        "INSERT INTO participations (service_user_id, kind, on_day, recorded_by, recorded_at)"
        " VALUES (1, 'given', '2022-01-01', 'x', 'x')",
    ],
)
def test_what_was_recorded_stays(house_db: Database, statement: str) -> None:
    give(house_db)
    with pytest.raises(sqlite3.IntegrityError):
        house_db.execute(statement)
