"""Names and notes: sealed in the file, found by whole words in the own district, and nowhere else."""

import base64
import sqlite3
from datetime import date

import pytest
from factories import ALNA, AMINA, BERIT, CARL, OPERATOR, VELFERD, make_session
from flask import Flask
from sqlite_utils import Database
from web import sign_in

from fitservice.actions import sealing
from fitservice.actions.counting import bring_up_to_date
from fitservice.actions.enrolling import set_name
from fitservice.actions.recording import note_session
from fitservice.db import connect, migrate, transaction
from fitservice.instruments import SHIPPED
from fitservice.keys import VARIABLE
from fitservice.model import NotAllowed, NotFound
from fitservice.reports.caseload import caseload
from fitservice.reports.person import see_person, see_session
from fitservice.resources import resource_folder
from fitservice.store import sealing as stored
from fitservice.store import second_steps

DAY = date(2022, 4, 1)
NAME, NOTE, STEP = "Zebulon-Ödegaard Kjøs", "sover zvadbedre nå", "xylofontime på torsdag"
BYTES = [text.encode() for text in ("Zebulon", "zebulon", "Ödegaard", "Kjøs", "zvadbedre", "xylofontime")]


def line(key_id: str, byte: bytes) -> str:
    """A key of 32 equal bytes."""
    return f"{key_id}:{base64.b64encode(byte * 32).decode()}"


def in_files(folder) -> set[bytes]:
    """Which of the words stand in any file of the folder."""
    return {word for path in folder.iterdir() if path.is_file() for word in BYTES if word in path.read_bytes()}


def found(db: Database, text: str, by=AMINA) -> list[str]:
    """The references that a search by name finds."""
    return [case.reference for case in caseload(db, text, DAY, by=by)]


@pytest.fixture
def named(house_db: Database) -> Database:
    """AL-1 with a name, a note and a next step."""
    set_name(house_db, 1, NAME, by=AMINA)
    note_session(house_db, 1, NOTE, STEP, by=AMINA, revision=1)
    return house_db


def test_neither_name_nor_note_stands_in_the_file(named: Database, tmp_path) -> None:
    person = see_person(named, 1, by=CARL)
    assert person.service_user["name"] == NAME
    assert (person.sessions[0]["note"], person.sessions[0]["next_step"]) == (NOTE, STEP)
    note_session(named, 1, None, None, by=AMINA, revision=2)
    earlier = see_session(named, 1, by=AMINA).earlier
    assert [(row["note"], row["next_step"]) for row in earlier] == [(NOTE, STEP), (None, None)]
    assert in_files(tmp_path) == set()
    assert named.execute("SELECT COUNT(*) FROM name_words").fetchone() == (3,)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (NAME, True),
        ("zebulon", True),
        ("KJØS zebulon", True),
        ("ödegaard", True),
        ("zebulo", False),
        ("zebulon hansen", False),
        ("zebulon ødegård", False),
        ("+", False),
        ("%", False),
    ],
)
def test_a_name_is_found_by_whole_words(named: Database, text: str, fits: bool) -> None:
    assert found(named, text) == (["AL-1"] if fits else [])


def test_a_name_is_found_in_the_own_district_alone(named: Database) -> None:
    set_name(named, 2, NAME, by=BERIT)
    assert found(named, "zebulon") == ["AL-1"] and found(named, "zebulon", by=BERIT) == ["BJ-1"]
    # nobody who holds the file can tell that the two are called alike
    hashes = named.execute("SELECT COUNT(*), COUNT(DISTINCT hash) FROM name_words").fetchone()
    assert hashes == (6, 6)
    with pytest.raises(NotFound):
        set_name(named, 2, "Kari", by=AMINA)
    with pytest.raises(NotAllowed):
        set_name(named, 1, "Kari", by=VELFERD)
    assert see_person(named, 1, by=AMINA).service_user["name"] == NAME


def test_a_removed_name_is_gone_and_not_found(named: Database, tmp_path) -> None:
    set_name(named, 1, None, by=AMINA)
    assert found(named, "zebulon") == [] and see_person(named, 1, by=AMINA).service_user["name"] is None
    assert named.execute("SELECT COUNT(*) FROM name_words").fetchone() == (0,)


def test_the_name_stands_on_the_districts_pages_and_in_no_address_log_or_file(house: Flask, house_db: Database, caplog):
    amina = sign_in(house, "amina")
    assert amina.post("/service-users/1/name", data={"name": NAME}).location == "/service-users/1"
    for page in (amina.get("/service-users/1"), amina.get("/service-users?whose=team")):
        assert NAME in page.text
    asked = amina.post("/service-users", data={"q": "Zebulon"})
    assert "ebulon" not in asked.location
    answer = amina.get(asked.location)
    assert answer.status_code == 200 and ">AL-1</a>" in answer.text and NAME in answer.text
    assert 'method="post" action="/service-users"' in answer.text
    nobody = amina.post("/service-users", data={"q": "Zebuloni"}, follow_redirects=True)
    assert ("AL-1" not in nobody.text and "Ingen" in nobody.text) or "No service user" in nobody.text
    for path in ("/service-users/1/sheet", "/service-users/1/looked", "/service-users/1/sheet.pdf"):
        assert b"Zebulon" not in amina.get(path).data
    assert (
        "Zebulon" not in sign_in(house, "berit").post("/service-users", data={"q": "Kjøs"}, follow_redirects=True).text
    )
    assert "Zebulon" not in str(house_db.execute("SELECT * FROM audit").fetchall()) and "Zebulon" not in caplog.text
    assert (
        "AL-1" not in sign_in(house, "berit").post("/service-users", data={"q": "Zebulon"}, follow_redirects=True).text
    )


def test_notes_from_before_are_sealed_in_the_migration_and_leave_nothing_behind(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    known = sorted(resource_folder("migrations").glob("*.sql"))
    before = [path for path in known if path.name < "0018"]
    for path in before:
        (folder / path.name).write_bytes(path.read_bytes())
    instance = tmp_path / "instance"
    instance.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("fitservice.db.resource_folder", lambda _: folder)
        migrate(instance / "old.db")
    raw = sqlite3.connect(instance / "old.db")
    said = "'amina', '2022-03-01T12:00:00+00:00'"
    raw.executescript(
        f"""
        INSERT INTO service_users (id, district_id, reference, reference_key, created_at)
        VALUES (1, {ALNA}, 'A-1', 'a-1', '2022-01-01T00:00:00+00:00');
        INSERT INTO enrolments (id, service_user_id, enrolled_from, recorded_by, recorded_at)
        VALUES (1, 1, '2022-01-01', {said});
        INSERT INTO sessions (id, enrolment_id, held_on, life_satisfaction, note, next_step, revision, reason,
                              recorded_by, recorded_at)
        VALUES (7, 1, '2022-03-01', 4, '{NOTE}', '{STEP}', 2, 'noted', {said});
        INSERT INTO session_revisions (session_id, revision, enrolment_id, held_on, life_satisfaction, note, withdrawn,
                                       recorded_by, recorded_at)
        VALUES (7, 1, 1, '2022-03-01', 4, '{NOTE} kanskje', 0, {said});
        """
    )
    raw.close()
    assert in_files(instance) == {b"zvadbedre", b"xylofontime"}
    assert "0018_rights" in bring_up_to_date(instance / "old.db", SHIPPED)[0]
    db = connect(instance / "old.db")
    page = see_session(db, 7, by=AMINA)
    assert (page.session["note"], page.session["next_step"]) == (NOTE, STEP)
    assert [row["note"] for row in page.earlier] == [f"{NOTE} kanskje"]
    db.close()
    assert in_files(instance) == set()


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE sessions SET note = sealed('other', 'sessions.note:1')", "says the same"),
        ("UPDATE sessions SET next_step = NULL", "says the same"),
        (
            "UPDATE sessions SET note = sealed(opened(note, 'sessions.note:1'), 'sessions.note:1'), mode = 'paper'",
            "keep the old one",
        ),
        ("UPDATE sessions SET life_satisfaction = 7, note = note", "keep the old one"),
        ("UPDATE session_revisions SET note = sealed('other', 'sessions.note:1')", "says the same"),
        ("UPDATE session_revisions SET life_satisfaction = 7", "stays"),
        ("UPDATE sessions SET note = 'plain words'", "."),
        ("UPDATE service_users SET name = 'Zebulon'", "CHECK"),
    ],
)
def test_the_tables_take_the_same_words_sealed_anew_and_nothing_else(named, statement, why) -> None:
    with pytest.raises(sqlite3.Error, match=why):
        named.execute(statement)


def test_whatever_is_sealed_is_sealed_anew_by_a_new_key(named: Database, tmp_path, monkeypatch) -> None:
    note_session(named, 1, "nytt", STEP, by=AMINA, revision=2)
    with transaction(named):
        second_steps.wait_for(named, 1, "SECRET")
        second_steps.turn_on(named, 1, 5)
        second_steps.wait_for(named, 1, "ANOTHER")
    monkeypatch.setenv(VARIABLE, f"{line_of_tests()} {line('new', b'n')}")
    assert found(named, "zebulon") == ["AL-1"]
    assert sum(sealing.reseal(named, by=OPERATOR)) == 5
    assert sum(sealing.reseal(named, by=OPERATOR)) == 0
    assert sealing.old_keys(named, tmp_path, by=OPERATOR) == {"tests": True}
    sealed = [
        row[0]
        for kind in stored.SEALED
        for name in kind.columns
        for row in named.execute(f"SELECT {name} FROM {kind.table} WHERE {name} IS NOT NULL")
    ]
    assert len(sealed) == 7 and all(text.startswith("new:") for text in sealed)
    # the old key is not needed for anything that is told
    monkeypatch.setenv(VARIABLE, line("new", b"n"))
    assert found(named, "zebulon") == ["AL-1"]
    page = see_session(named, 1, by=AMINA)
    assert [row["note"] for row in (page.session, *page.earlier)] == ["nytt", NOTE, None]
    assert page.person.service_user["name"] == NAME
    assert (second_steps.secret_of(named, 1) or {})["secret"] == "SECRET"


def line_of_tests() -> str:
    """The key of the tests as conftest writes it."""
    return "tests:" + base64.b64encode(b"the key of the tests, 32 bytes..").decode()


def test_sealing_anew_goes_on_where_it_was_broken_off(house_db: Database, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(stored, "BATCH", 3)
    for month in range(4, 12):
        session = make_session(house_db, 1, date(2022, month, 1))
        note_session(house_db, session, f"{NOTE} {month}", None, by=AMINA, revision=1)
    monkeypatch.setenv(VARIABLE, f"{line_of_tests()} {line('new', b'n')}")
    steps = sealing.reseal(house_db, by=OPERATOR)
    while next(steps) != 3:
        pass
    steps.close()
    key = "SELECT substr(note, 1, 4), COUNT(*) FROM sessions WHERE note IS NOT NULL GROUP BY 1"
    assert dict(house_db.execute(key).fetchall()) == {"new:": 3, "test": 5}
    assert sealing.old_keys(house_db, tmp_path, by=OPERATOR) == {"tests": False}
    assert sum(sealing.reseal(house_db, by=OPERATOR)) == 5
    assert dict(house_db.execute(key).fetchall()) == {"new:": 8}
    assert {row["note"] for row in see_person(house_db, 1, by=AMINA).sessions[1:]} == {
        f"{NOTE} {month}" for month in range(4, 12)
    }


def test_every_sealed_column_of_the_schema_is_sealed_anew(db: Database) -> None:
    known = {(kind.table, name) for kind in stored.SEALED for name in kind.columns}
    checked = {
        (table["name"], column)
        for table in db.query("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
        for column in [row["name"] for row in db.query(f"PRAGMA table_info({table['name']})")]
        if f"({column} GLOB '?*:*'" in table["sql"] or f'("{column}" GLOB' in table["sql"]
    }
    assert checked | {("second_steps", "secret"), ("second_steps", "pending")} == known


def test_the_commands_add_a_key_and_say_what_the_old_one_is_for(run, db, instance, monkeypatch) -> None:
    monkeypatch.delenv(VARIABLE)
    (instance / "keys").write_text(line_of_tests() + "\n")
    (instance / "keys").chmod(0o600)
    first = run("keys", "reseal").output
    assert "0 rows" in first
    assert "seals from now on" in run("keys", "add").output
    assert "Only the log's seals need the key tests" in run("keys", "reseal").output
    assert len((instance / "keys").read_text().split()) == 2
    assert run("audit", "verify").exit_code == 0
