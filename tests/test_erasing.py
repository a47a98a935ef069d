"""Erasure by two: all that is one person's goes, and nothing else; releases stay, counters are exact."""

import sqlite3
from datetime import date

import pytest
from factories import (
    ADMIN,
    AMINA,
    BERIT,
    CARL,
    OPERATOR,
    VELFERD,
    make_service_user,
    make_session,
    outcome_items,
)
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.access import Act
from fitservice.actions.blocking import block_record
from fitservice.actions.checking import dismiss_finding
from fitservice.actions.enrolling import (
    add_enrolment,
    correct_service_user,
    end_enrolment,
    set_caseworker,
    set_name,
)
from fitservice.actions.erasing import ask_erasure, drop_erasure, erase
from fitservice.actions.giving_access import give_access
from fitservice.actions.participating import give_participation, withdraw_participation
from fitservice.actions.recording import correct_session, note_session
from fitservice.actions.staffing import add_staff
from fitservice.actions.supervising import discuss
from fitservice.clock import set_to
from fitservice.db import PRAGMAS, connect
from fitservice.model import Actor, Answers, Invalid, NotAllowed, NotFound, Role
from fitservice.reporting import Check
from fitservice.reports.chain import verify
from fitservice.reports.erasures import review
from fitservice.rules.participation import How
from fitservice.rules.periods import parse_period
from fitservice.rules.quality.answers import all_equal
from fitservice.store import counters, quality

REFERENCE = "ZEBRA-77-QX"
DORA = Actor("dora", Role.TEAM_LEAD, 12, staff_id=6)
PERSONS = (
    *("service_users", "enrolments", "enrolment_revisions", "sessions", "session_revisions", "discussions"),
    *("participations", "name_words", "service_user_revisions", "hand_overs", "check_dismissals"),
    *("grants", "blocks"),
)


def counted(db: Database) -> dict[str, int]:
    """Rows of each table that holds something of a person."""
    return {table: db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in PERSONS}


@pytest.fixture
def whole(house_db: Database) -> int:
    """The id of somebody in Alna of whom everything that can be is recorded; Dora leads there too."""
    db = house_db
    add_staff(db, "dora", "Dora", Role.TEAM_LEAD, 12, by=OPERATOR)
    someone = make_service_user(db, REFERENCE)
    session = make_session(db, someone, life_satisfaction=5, **outcome_items(20))
    same = {name: 50 for name in Answers.__dataclass_fields__ if name.startswith(("outcome_", "alliance_"))}
    same = {name: value for name, value in same.items() if not name.endswith("instrument")}
    again = make_session(db, someone, date(2022, 4, 1), life_satisfaction=5, **same)
    note_session(db, again, "sover bedre", "time hos lege", by=AMINA, revision=1)
    correct_session(db, session, date(2022, 3, 1), Answers(life_satisfaction=2), "mistyped", by=AMINA, revision=1)
    discuss(db, again, by=CARL)
    give_access(db, someone, BERIT.staff_id, None, "flytter over", by=CARL)
    block_record(db, someone, [], True, "kjenner mange her", by=CARL)
    set_caseworker(db, someone, "amina", by=CARL)
    set_name(db, someone, "Zebulon Kjøs", by=AMINA)
    (enrolment,) = db.execute("SELECT id FROM enrolments WHERE service_user_id = ?", [someone]).fetchone()
    end_enrolment(db, enrolment, date(2022, 5, 1), by=AMINA)
    add_enrolment(db, someone, date(2022, 5, 2), by=AMINA)
    with set_to(date(2022, 6, 1)):
        give_participation(db, someone, date(2022, 6, 1), How.ORALLY, None, by=AMINA, months=12)
        withdraw_participation(db, someone, by=AMINA)
    with set_to(date(2022, 7, 1)):
        ask_erasure(db, someone, "en gang til", by=AMINA)
        drop_erasure(db, someone, by=AMINA)
        half = parse_period("2022H1")
        evidence = quality.evidence(db, 12, half, date(2022, 7, 1))
        (equal,) = all_equal(evidence.held)
        dismiss_finding(db, half, Check.ALL_EQUAL, equal.key, "det stemmer", by=CARL)
    db.execute(
        "INSERT INTO hand_overs (id, staff_id, service_user_id, held_on, language, instruments, started_at, session_id)"
        " VALUES (1, 1, :id, '2022-04-01', 'nb', '[]', 'x', :session)",
        {"id": someone, "session": again},
    )
    return someone


def erased(db: Database, someone: int, by: Actor = DORA) -> bool:
    """Carl asks, Dora carries it out."""
    ask_erasure(db, someone, "vil ikke mer", by=CARL)
    return erase(db, someone, by=by)


def test_everything_of_the_person_goes_and_nothing_else(house_db: Database, whole: int, tmp_path) -> None:
    db = house_db
    correct_reference(db, whole)
    held = counted(db)
    assert all(held.values()), held
    log = db.execute("SELECT COUNT(*) FROM audit").fetchone()[0]
    assert erased(db, whole)
    assert counted(db) == dict.fromkeys(PERSONS, 0) | {"service_users": 2, "enrolments": 2, "sessions": 2}
    assert counters.differences(db) == {}
    assert db.execute("SELECT COUNT(*) FROM audit").fetchone()[0] == log + 2
    assert verify(db, [], by=OPERATOR).count == 0
    rows = db.execute("SELECT outcome, reason, asked_by, closed_by FROM erasures ORDER BY asked_at").fetchall()
    assert rows == [("dropped", None, "amina", "amina"), ("erased", None, "carl", "dora")]
    with pytest.raises(NotFound):
        erase(db, whole, by=DORA)


def correct_reference(db: Database, someone: int) -> None:
    """The reference was another one before."""
    correct_service_user(db, someone, REFERENCE, 1981, "feil år", by=AMINA, corrections=0)


def test_no_byte_of_it_stays_in_the_files(house_db: Database, whole: int, tmp_path) -> None:
    words = [
        REFERENCE.encode(),
        REFERENCE.lower().encode(),
        b"vil ikke mer",
        b"en gang til",
        b"mistyped",
        b"det stemmer",
    ]
    (name,) = house_db.execute("SELECT name FROM service_users WHERE id = ?", [whole]).fetchone()
    (note,) = house_db.execute("SELECT note FROM sessions WHERE note IS NOT NULL").fetchone()
    words += [name.encode(), note.encode()]

    def found() -> set[bytes]:
        return {word for path in tmp_path.iterdir() if path.is_file() for word in words if word in path.read_bytes()}

    ask_erasure(house_db, whole, "vil ikke mer", by=CARL)
    assert found() == set(words)
    assert erase(house_db, whole, by=DORA)
    assert found() == set()


def test_no_table_that_knows_a_person_is_forgotten(db: Database) -> None:
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    known = {
        table
        for table in tables
        for key in db.query(f"PRAGMA foreign_key_list({table})")
        if key["table"] in ("service_users", "enrolments", "sessions", "hand_overs")
    } | {
        table
        for table in tables
        for column in db.query(f"PRAGMA table_info({table})")
        if column["name"] == "service_user_id"
    }
    # a sign-in is staff's and lets go of the screen; the log and the erasure itself outlive the person
    assert known - {"sign_ins", "audit", "erasures"} == set(PERSONS) - {"service_users", "check_dismissals"}


def test_that_bytes_go_is_asked_for_and_not_left_to_how_sqlite_was_built(house_db: Database) -> None:
    assert "PRAGMA secure_delete = ON" in PRAGMAS
    assert house_db.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_whoever_reads_meanwhile_is_told_of(house_db: Database, whole: int) -> None:
    other = connect(house_db.conn.execute("PRAGMA database_list").fetchone()[2])
    other.execute("BEGIN")
    other.execute("SELECT COUNT(*) FROM sessions").fetchone()
    house_db.execute("PRAGMA busy_timeout = 10").close()
    assert not erased(house_db, whole)
    other.close()


def test_nobody_erases_alone_nor_without_being_asked(house_db: Database, whole: int) -> None:
    db = house_db

    def code(act) -> str:
        with pytest.raises(Invalid) as refused:
            act()
        return refused.value.problems[0].code

    before = counted(db)
    assert code(lambda: erase(db, whole, by=CARL)) == "erasure_not_asked"
    ask_erasure(db, whole, "vil ikke mer", by=CARL)
    assert code(lambda: ask_erasure(db, whole, "en gang til", by=AMINA)) == "erasure_asked"
    assert code(lambda: erase(db, whole, by=CARL)) == "erasure_own"
    for by in (AMINA, VELFERD, ADMIN, OPERATOR):
        with pytest.raises(NotAllowed):
            erase(db, whole, by=by)
    for act in (erase, drop_erasure):
        with pytest.raises((NotFound, NotAllowed)):
            act(db, whole, by=BERIT)
    with pytest.raises(NotFound):
        ask_erasure(db, whole, "vil ikke mer", by=BERIT)
    drop_erasure(db, whole, by=AMINA)
    assert code(lambda: erase(db, whole, by=DORA)) == "erasure_not_asked"
    assert code(lambda: ask_erasure(db, whole, "Kari Nordmann", by=CARL)) == "note_name"
    assert counted(db) == before


@pytest.mark.parametrize("table", PERSONS)
def test_the_tables_let_nobodys_rows_go_without_it(house_db: Database, whole: int, table: str) -> None:
    correct_reference(house_db, whole)
    ask_erasure(house_db, 1, "vil ikke mer", by=CARL)
    erase(house_db, 1, by=DORA)
    if table in ("hand_overs", "name_words"):
        return  # what was on a screen, and how a name is found, is no history
    with pytest.raises(sqlite3.IntegrityError):
        house_db.execute(f"DELETE FROM {table}")
    with pytest.raises(sqlite3.IntegrityError):
        house_db.execute("UPDATE erasures SET outcome = 'erased', closed_by = 'carl', closed_at = 'x', reason = NULL")


@pytest.mark.parametrize("table", sorted(set(PERSONS) - {"hand_overs", "name_words"}))
def test_an_erasure_lets_one_persons_rows_go_alone(house_db: Database, whole: int, table: str) -> None:
    db = house_db
    correct_reference(db, whole)
    ask_erasure(db, 1, "vil ikke mer", by=CARL)
    db.execute(
        "UPDATE erasures SET outcome = 'erased', closed_by = 'dora', closed_at = 'x', reason = NULL"
        " WHERE outcome IS NULL"
    )
    # AL-1 may go, and each of these is about the other one, of whom every table holds something
    of_the_other = {
        "service_users": "id <> 1",
        "enrolments": "service_user_id <> 1",
        "enrolment_revisions": "enrolment_id <> 1",
        "sessions": "enrolment_id <> 1",
        "session_revisions": "session_id <> 1",
        "check_dismissals": "TRUE",
    }
    with pytest.raises(sqlite3.IntegrityError, match="what was recorded stays"):
        db.execute(f"DELETE FROM {table} WHERE {of_the_other.get(table, 'service_user_id <> 1')}")


def test_one_alone_cannot_erase_by_sql_either(house_db: Database, whole: int) -> None:
    ask_erasure(house_db, whole, "vil ikke mer", by=CARL)
    for name in ("carl", "CARL"):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            house_db.execute(
                "UPDATE erasures SET outcome = 'erased', reason = NULL, closed_at = 'x', closed_by = ?"
                " WHERE outcome IS NULL",
                [name],
            )


def test_releases_stay_and_figures_of_today_change(published: Flask, published_db: Database) -> None:
    db = published_db
    add_staff(db, "dora", "Dora", Role.TEAM_LEAD, 12, by=OPERATOR)
    tables = [
        name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'release%'")
    ]
    before = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    assert any(before.values())
    year = [parse_period("2022")]
    was = counters.counts(db, year)[12, "2022"]
    erased(db, 1)
    assert {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in tables} == before
    now = counters.counts(db, year)[12, "2022"]
    assert (now["active_users"], now["measured_users"]) == (was["active_users"] - 1, was["measured_users"] - 1)


def test_the_list_holds_those_whose_enrolments_ended_long_ago(house_db: Database) -> None:
    db = house_db
    ids = {
        name: make_service_user(db, name, enrolled_from=date(2000, 1, 1)) for name in ("OLD", "LATE", "OPEN", "BACK")
    }
    for name, last in (("OLD", date(2012, 5, 31)), ("LATE", date(2012, 6, 1)), ("BACK", date(2005, 1, 1))):
        (enrolment,) = db.execute("SELECT id FROM enrolments WHERE service_user_id = ?", [ids[name]]).fetchone()
        end_enrolment(db, enrolment, last, by=AMINA)
    add_enrolment(db, ids["BACK"], date(2020, 1, 1), by=AMINA)
    with set_to(date(2022, 6, 1)):
        assert [row["reference"] for row in review(db, 10, by=CARL).ended] == ["OLD"]
        assert review(db, 10, by=BERIT).ended == []
        ask_erasure(db, ids["OLD"], "over ti år", by=AMINA)
        found = review(db, 10, by=CARL)
    assert [row["reference"] for row in found.asked] == ["OLD"] and found.ended[0]["asked"] == 1


def test_the_pages_say_what_goes_and_what_stays_before(house: Flask, house_db: Database, whole: int) -> None:
    amina, carl = sign_in(house, "amina"), sign_in(house, "carl")
    for client in (amina, carl):
        client.post("/language/en")
    path = f"/service-users/{whole}/erasure"
    page = amina.get(path).text
    assert "2 sessions" in page and "2 enrolments" in page and "released or signed off stays as it is" in page
    assert amina.post(path, data={"reason": "vil ikke mer"}).status_code == 302
    assert "Erase for good" not in amina.get(path).text
    assert "Erase for good" in carl.get(path).text and REFERENCE in carl.get("/service-users/erasures").text
    wrong = carl.post(f"{path}/carry-out", data={"reference": "AL-1"})
    assert wrong.status_code == 400 and "not the reference" in wrong.text
    assert amina.post(f"{path}/carry-out", data={"reference": REFERENCE}).status_code == 403
    assert carl.post(f"{path}/carry-out", data={"reference": REFERENCE.lower()}).status_code == 302
    assert carl.get(f"/service-users/{whole}").status_code == 404
    assert REFERENCE not in carl.get("/service-users?whose=team").text
    rows = [row["act"] for row in house_db.query("SELECT act FROM audit ORDER BY id")]
    assert Act.ERASE in rows and Act.ASK_ERASURE in rows
    assert REFERENCE not in str(house_db.execute("SELECT * FROM audit").fetchall())
