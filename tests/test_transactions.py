"""All or nothing: migrating, acting and auditing, and many writers at once."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from factories import ALNA, AMINA, BERIT, OPERATOR, VELFERD, make_service_user, make_session

from fitservice.access import Act
from fitservice.acting import acting, telling
from fitservice.actions.counting import bring_up_to_date
from fitservice.actions.recording import correct_session, record_session
from fitservice.db import connect, is_migrated, migrate, transaction
from fitservice.instruments import SHIPPED
from fitservice.model import Answers, Duplicate, NotAllowed, NotFound
from fitservice.resources import resource_folder
from fitservice.rules.periods import parse_period
from fitservice.store import counters, districts, sessions


def counted(db, table: str) -> int:
    """How many rows a table has."""
    return db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]


def test_migrating_makes_the_database_and_a_second_time_does_nothing(tmp_path):
    path = tmp_path / "new.db"
    assert migrate(path)[0].startswith("0001")
    before = path.read_bytes()
    assert migrate(path) == []
    assert path.read_bytes() == before


def test_a_database_knows_whether_it_is_migrated(tmp_path, db):
    (tmp_path / "new.db").touch()
    fresh = connect(tmp_path / "new.db")
    assert not is_migrated(fresh)
    assert is_migrated(db)
    fresh.close()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_good.sql").write_text("CREATE TABLE good (id INTEGER PRIMARY KEY) STRICT;")
    (folder / "0002_bad.sql").write_text("CREATE TABLE half (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr("fitservice.db.resource_folder", lambda _: folder)
    with pytest.raises(sqlite3.OperationalError):
        migrate(tmp_path / "new.db")
    db = connect(tmp_path / "new.db")
    assert not {"good", "half"} & set(db.table_names())
    assert not is_migrated(db)
    db.close()


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_migrate_at_once_all_succeed(tmp_path, attempt):
    path = tmp_path / "new.db"
    code = "import sys; from fitservice.db import migrate; sys.stdin.read(1); print(migrate(sys.argv[1]))"
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in running:
        process.stdin.write("x")
        process.stdin.flush()
    told = [process.communicate(timeout=30) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    assert sorted(out.strip() != "[]" for out, _ in told) == [False, False, True]
    assert migrate(path) == []


def test_an_act_that_fails_leaves_neither_data_nor_an_audit_row(db):
    before = counted(db, "audit")
    with pytest.raises(RuntimeError), acting(db, AMINA, Act.ADD_SERVICE_USER):
        districts.set_rhythm(db, ALNA, 1)
        raise RuntimeError
    assert districts.by_id(db, ALNA)["rhythm_months"] == 6
    assert counted(db, "audit") == before


def test_an_act_that_is_refused_leaves_nothing(db):
    service_user_id = make_service_user(db)
    make_session(db, service_user_id)
    before = list(db.conn.iterdump())
    for actor, refusal in ((AMINA, Duplicate), (BERIT, NotFound), (VELFERD, NotAllowed)):
        with pytest.raises(refusal):
            record_session(db, service_user_id, date(2022, 3, 1), Answers(life_satisfaction=7), by=actor)
    assert list(db.conn.iterdump()) == before


NO_AUDIT = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"


def test_an_act_that_cannot_be_audited_does_not_happen(db):
    service_user_id = make_service_user(db)
    db.execute(NO_AUDIT)
    with pytest.raises(sqlite3.IntegrityError, match="disk is full"):
        make_session(db, service_user_id)
    assert counted(db, "sessions") == 0
    assert not db.conn.in_transaction


def test_what_cannot_be_logged_is_not_told(db):
    db.execute(NO_AUDIT)
    told = []
    with pytest.raises(sqlite3.IntegrityError, match="disk is full"):
        told.append(read_the_city(db))
    assert told == []


def read_the_city(db) -> list:
    """A report as reports are written: read inside telling()."""
    with telling(db, VELFERD, Act.SEE_CITY):
        return districts.all_districts(db)


def test_every_act_says_who_what_whom_and_when(db):
    service_user_id = make_service_user(db)
    session_id = make_session(db, service_user_id)
    rows = db.execute("SELECT actor, role, act, district_id, subject_kind, subject_id, at FROM audit").fetchall()
    assert [row[:6] for row in rows] == [
        ("amina", "caseworker", "add_service_user", ALNA, "service_user", service_user_id),
        ("amina", "caseworker", "record_session", ALNA, "session", session_id),
    ]
    assert all(row[6].startswith("20") and row[6].endswith("+00:00") for row in rows)


def test_an_audit_row_holds_no_reference_and_no_score(db):
    make_session(db, make_service_user(db, "Very-Secret-1"), life_satisfaction=7)
    dumped = str(db.execute("SELECT * FROM audit").fetchall())
    assert "Secret" not in dumped
    assert "life_satisfaction" not in dumped


def count_up(path, times: int) -> None:
    """Read a number and write it back one higher, each in its own transaction, on an own connection."""
    db = connect(path)
    for _ in range(times):
        with transaction(db):
            count = db.execute("SELECT value FROM counter").fetchone()[0]
            db.execute("UPDATE counter SET value = ?", (count + 1,))
    db.close()


def test_writers_in_threads_wait_for_each_other(tmp_path):
    path = tmp_path / "counter.db"
    path.touch()
    db = connect(path)
    db.execute("CREATE TABLE counter (value INTEGER) STRICT")
    db.execute("INSERT INTO counter VALUES (0)")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: count_up(path, 25), range(4)))
    assert db.execute("SELECT value FROM counter").fetchone() == (100,)
    db.close()


def record_in_march(path, service_user_id: int, score: int) -> set[str]:
    """Record the whole of March with one score; what was said about days that someone else was first with."""
    db, said = connect(path), set()
    for day in range(1, 32):
        try:
            record_session(db, service_user_id, date(2022, 3, day), Answers(life_satisfaction=score), by=AMINA)
        except Duplicate as duplicate:
            said.add(duplicate.problems[0].code)
    db.close()
    return said


def test_caseworkers_who_record_the_same_days_at_once_get_one_session_a_day(db, instance):
    service_user_id = make_service_user(db)
    with ThreadPoolExecutor(3) as pool:
        path = instance / "fitservice.db"
        said = list(pool.map(lambda score: record_in_march(path, service_user_id, score), (4, 4, 7)))
    assert set().union(*said) == {"session_that_day"}
    assert counted(db, "sessions") == 31


def test_a_long_report_does_not_hold_up_a_caseworkers_save(db, instance):
    service_user_id = make_service_user(db)
    other = connect(instance / "fitservice.db")
    other.execute("PRAGMA busy_timeout = 0")
    with telling(db, OPERATOR, Act.SEE_CITY):
        districts.all_districts(db)
        make_session(other, service_user_id)
    assert counted(db, "sessions") == 1
    other.close()


def test_sessions_recorded_before_a_migration_are_kept_as_they_were(tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    folder.mkdir()
    known = sorted(resource_folder("migrations").glob("*.sql"))
    (folder / known[0].name).write_bytes(known[0].read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr("fitservice.db.resource_folder", lambda _: folder)
        migrate(tmp_path / "old.db")
    db = connect(tmp_path / "old.db")
    with transaction(db):
        db.execute(
            "INSERT INTO service_users (id, district_id, reference, reference_key, created_at)"
            " VALUES (1, 12, 'A-1', 'a-1', '2022-01-01T00:00:00+00:00')"
        )
        db.execute(
            "INSERT INTO enrolments (id, service_user_id, enrolled_from, recorded_by, recorded_at)"
            " VALUES (1, 1, '2022-01-01', 'amina', '2022-01-01T00:00:00+00:00')"
        )
        db.execute(
            "INSERT INTO sessions (id, enrolment_id, held_on, life_satisfaction, recorded_by, recorded_at)"
            " VALUES (1, 1, '2022-03-01', 4, 'amina', '2022-03-01T12:00:00+00:00')"
        )
    assert bring_up_to_date(tmp_path / "old.db", SHIPPED) == ([path.stem for path in known[1:]], True)
    assert counters.counts(db, [parse_period("2022")])[ALNA, "2022"]["life_satisfaction_4"] == 1
    correct_session(db, 1, date(2022, 3, 1), Answers(life_satisfaction=5), "mistyped", by=AMINA, revision=1)
    (before,) = sessions.earlier_revisions(db, 1)
    assert (before["life_satisfaction"], before["outcome_instrument"], before["mode"]) == (4, "outcome", None)
    with pytest.raises(sqlite3.IntegrityError, match="keep the old one first"):
        db.execute("UPDATE sessions SET note = 'other', revision = revision + 1, reason = 'none'")
    db.close()
