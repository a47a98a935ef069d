"""The audit table as a chain: whatever is done to its rows without the key is found, and named."""

import base64
import os
import shutil
import sqlite3
from datetime import date

import pytest
from factories import ALNA, AMINA, OPERATOR, make_service_user, make_session
from flask.testing import FlaskCliRunner
from sqlite_utils import Database

from fitservice.actions.counting import bring_up_to_date
from fitservice.actions.trimming import count_old, trim
from fitservice.clock import set_to
from fitservice.db import connect, migrate, transaction
from fitservice.instruments import SHIPPED
from fitservice.keys import VARIABLE, make_keys
from fitservice.reports.chain import newest_head, verify
from fitservice.reports.person import see_person
from fitservice.resources import resource_folder
from fitservice.rules.chain import Fault
from fitservice.rules.heads import read_heads
from fitservice.settings import SettingsError
from fitservice.store import audit
from fitservice.store.rows import value

TRIGGERS = ("audit_no_update", "audit_no_delete", "audit_no_replace", "audit_is_sealed")
COLUMNS = (
    "at, actor, role, act, district_id, subject_kind, subject_id, detail, address, "
    "service_user_id, service_user_district_id, key_id, seal"
)


@pytest.fixture
def logged(db: Database) -> Database:
    """A log of twelve rows."""
    service_user_id = make_service_user(db)
    for _ in range(11):
        see_person(db, service_user_id, by=AMINA)
    return db


def found(db: Database, heads: str = "") -> list[tuple[int, Fault, int | None]]:
    """What is wrong: row, fault, number."""
    told = verify(db, read_heads(heads.splitlines()), by=OPERATOR)
    assert told.count == len(told.broken)
    return [(one.id, one.fault, one.number) for one in told.broken]


def tamper(db: Database, *statements: str) -> None:
    """What somebody does who may write to the file, knows SQLite, and has no key."""
    for name in TRIGGERS:
        db.execute(f"DROP TRIGGER IF EXISTS {name}")
    for statement in statements:
        db.execute(statement)


def test_a_log_that_nobody_touched_is_whole(logged):
    assert found(logged) == []
    assert found(logged, newest_head(logged, by=OPERATOR) or "") == []


SEAL = "'" + "0" * 64 + "'"
COPY = f"INSERT INTO audit (id, {COLUMNS}) SELECT :id, {COLUMNS} FROM audit WHERE id = :of"


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["UPDATE audit SET actor = 'berit' WHERE id = 5"], [(5, Fault.CHANGED, None)]),
        (["UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE id = 1"], [(1, Fault.CHANGED, None)]),
        (["UPDATE audit SET service_user_id = NULL WHERE id = 12"], [(12, Fault.CHANGED, None)]),
        ([f"UPDATE audit SET seal = {SEAL} WHERE id = 5"], [(5, Fault.CHANGED, None), (6, Fault.FOLLOWS, None)]),
        (["UPDATE audit SET seal = NULL WHERE id = 12"], [(12, Fault.UNSEALED, None)]),
        (["UPDATE audit SET key_id = 'gone' WHERE id = 5"], [(5, Fault.NO_KEY, None)]),
        (["DELETE FROM audit WHERE id = 5"], [(5, Fault.MISSING, 5)]),
        (["DELETE FROM audit WHERE id <= 3"], [(1, Fault.MISSING, 3)]),
        (
            ["UPDATE audit SET id = 99 WHERE id = 5", "UPDATE audit SET id = 5 WHERE id = 7",
             "UPDATE audit SET id = 7 WHERE id = 99"],
            [(5, Fault.MOVED, 7), (7, Fault.MOVED, 5)],
        ),
        (
            ["UPDATE audit SET id = -id", "UPDATE audit SET id = -id + (id < -10)",
             COPY.replace(":id", "11").replace(":of", "3")],
            [(11, Fault.CHANGED, None), (12, Fault.MOVED, 11), (13, Fault.MOVED, 12)],
        ),
        (["UPDATE audit SET id = -id WHERE id > 5", "DELETE FROM audit WHERE id = 5",
          "UPDATE audit SET id = -id - 1 WHERE id < 0"], [(5, Fault.CHANGED, None)]),
        ([COPY.replace(":id", "13").replace(":of", "12")], [(13, Fault.CHANGED, None)]),
        ([COPY.replace(":id", "0").replace(":of", "3")], [(0, Fault.OLDER, None)]),
        ([COPY.replace(":id", "15").replace(":of", "3")], [(13, Fault.MISSING, 14)]),
    ],
)  # fmt: skip
def test_what_is_done_without_the_key_is_found_and_named(logged, statements, told):
    tamper(logged, *statements)
    # rows that stand where the log was written anew follow each other, and are no news
    assert [one for one in found(logged) if one[1] is not Fault.FOLLOWS or one in told] == told


def test_the_last_rows_are_missed_by_a_head_that_was_kept_elsewhere(logged):
    head = newest_head(logged, by=OPERATOR) or ""
    tamper(logged, "DELETE FROM audit WHERE id > 9")
    # from one snapshot: verifying writes row 10 after it
    assert found(logged, head) == [(12, Fault.CUT_OFF, None)]
    assert found(logged) == []
    for _ in range(2):
        see_person(logged, value(logged, "SELECT id FROM service_users"), by=AMINA)
    assert found(logged, f"Nov 22 host fitservice: {head}\n") == [(12, Fault.OTHER_HEAD, None)]


def test_a_row_can_only_be_put_in_with_a_seal(logged):
    with pytest.raises(sqlite3.IntegrityError, match="is sealed"):
        logged.execute("INSERT INTO audit (id, at, actor, role, act) VALUES (13, 'x', 'forged', 'x', 'x')")
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        logged.execute(f"UPDATE audit SET seal = {SEAL} WHERE id = 3")


def test_another_program_cannot_make_a_seal(logged, instance):
    stranger = sqlite3.connect(instance / "fitservice.db")
    with pytest.raises(sqlite3.OperationalError, match="no such function"):
        stranger.execute("SELECT keyed_hash('audit', '', NULL)")
    stranger.close()


def test_every_column_is_under_the_seal(logged):
    columns = {row[1] for row in logged.execute("PRAGMA table_info(audit)")}
    assert columns == {*audit.SAID, *audit.WHOM, "key_id", "seal"}
    row = next(logged.query("SELECT * FROM audit WHERE id = 5"))
    for column in columns - {"seal"}:
        assert audit.canonical({**row, column: "other"}, "x") != audit.canonical(row, "x"), column


def test_a_row_says_whom_it_is_about_whatever_its_subject_is(db):
    service_user_id = make_service_user(db)
    make_session(db, service_user_id)
    rows = db.execute("SELECT subject_kind, service_user_id, service_user_district_id FROM audit").fetchall()
    assert rows == [("service_user", service_user_id, ALNA), ("session", service_user_id, ALNA)]


def test_a_new_key_seals_and_the_old_rows_still_fit(logged, monkeypatch):
    new = f"{os.environ[VARIABLE]} new:{base64.b64encode(b'n' * 32).decode()}"
    monkeypatch.setenv(VARIABLE, new)
    see_person(logged, value(logged, "SELECT id FROM service_users"), by=AMINA)
    assert value(logged, "SELECT key_id FROM audit WHERE id = 13") == "new"
    assert found(logged) == []
    monkeypatch.setenv(VARIABLE, new.split()[1])
    assert [one[:2] for one in found(logged)] == [(id_, Fault.NO_KEY) for id_ in range(1, 13)]


def old_database(folder, monkeypatch):
    """A database from before the chain, with three rows in its log."""
    before = folder / "migrations"
    before.mkdir()
    for path in sorted(resource_folder("migrations").glob("*.sql")):
        if path.name < "0015":
            shutil.copy(path, before)
    with monkeypatch.context() as patch:
        patch.setattr("fitservice.db.resource_folder", lambda _: before)
        migrate(folder / "fitservice.db")
    db = connect(folder / "fitservice.db")
    with transaction(db):
        db.execute(
            "INSERT INTO service_users (id, district_id, reference, reference_key, created_at)"
            " VALUES (1, 12, 'A-1', 'a-1', '2022-01-01T00:00:00+00:00')"
        )
        for number in range(3):
            db.execute(
                "INSERT INTO audit (at, actor, role, act, subject_kind, subject_id)"
                " VALUES ('2022-03-01T12:00:00+00:00', 'amina', 'caseworker', 'see_service_user', 'service_user', ?)",
                (1 if number else 999,),
            )
    db.close()
    return folder / "fitservice.db"


def test_rows_from_before_the_chain_are_sealed_in_their_order_and_keys_are_made(tmp_path, monkeypatch):
    path = old_database(tmp_path, monkeypatch)
    monkeypatch.delenv(VARIABLE)
    bring_up_to_date(path, SHIPPED)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    db = connect(path)
    assert found(db) == []
    assert value(db, "SELECT COUNT(*) FROM audit WHERE service_user_district_id = 12") == 2
    keys = (tmp_path / "keys").read_text()
    assert bring_up_to_date(path, SHIPPED) == ([], False)
    assert (tmp_path / "keys").read_text() == keys
    db.close()


def test_a_row_that_lost_its_seal_gets_none_at_the_next_start(logged, instance):
    tamper(logged, "UPDATE audit SET actor = 'berit', seal = NULL WHERE id = 12")
    bring_up_to_date(instance / "fitservice.db", SHIPPED)
    assert found(logged) == [(12, Fault.UNSEALED, None)]
    # and the service goes on
    assert found(logged) == [(12, Fault.UNSEALED, None)]


def test_lost_keys_are_never_made_anew(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    bring_up_to_date(tmp_path / "fitservice.db", SHIPPED)
    (tmp_path / "keys").unlink()
    with pytest.raises(SettingsError, match="put it back"):
        bring_up_to_date(tmp_path / "fitservice.db", SHIPPED)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("command", [["audit", "verify"], ["serve", "--no-demo"], ["migrate"]])
def test_a_command_without_its_keys_says_so(cli, monkeypatch, command):
    monkeypatch.delenv(VARIABLE)
    result = cli.invoke(args=command)
    assert result.exit_code == 1
    assert "keys is missing: put it back" in result.output


def test_keys_that_are_there_already_are_kept(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    make_keys(tmp_path)
    before = (tmp_path / "keys").read_text()
    bring_up_to_date(tmp_path / "fitservice.db", SHIPPED)
    assert (tmp_path / "keys").read_text() == before


@pytest.fixture
def aged(db: Database) -> Database:
    """Three rows of 2020 and three of 2022."""
    with set_to(date(2020, 3, 1)):
        service_user_id = make_service_user(db, enrolled_from=date(2020, 3, 1))
        for _ in range(2):
            see_person(db, service_user_id, by=AMINA)
    with set_to(date(2022, 3, 1)):
        for _ in range(3):
            see_person(db, service_user_id, by=AMINA)
    return db


LAST = date(2021, 1, 1)


def test_a_trim_removes_what_is_old_and_the_chain_goes_on(aged, monkeypatch):
    head = newest_head(aged, by=OPERATOR) or ""
    assert count_old(aged, LAST, by=OPERATOR) == 3
    assert value(aged, "SELECT COUNT(*) FROM audit WHERE id < 4") == 3
    monkeypatch.setattr("fitservice.store.chain.STEP", 2)
    assert trim(aged, LAST, by=OPERATOR) == 3
    assert value(aged, "SELECT MIN(id) FROM audit") == 4
    assert found(aged, head) == []
    details = [row[0] for row in aged.execute("SELECT detail FROM audit WHERE act = 'trim_audit' ORDER BY id")]
    assert details == [
        '{"dry_run": true, "rows": 3}', '{"rows": 2, "last": 2}', '{"rows": 1, "last": 3}', '{"rows": 0}',
    ]  # fmt: skip
    assert trim(aged, LAST, by=OPERATOR) == 0


def test_only_what_lies_behind_a_checkpoint_can_be_removed(aged):
    trim(aged, LAST, by=OPERATOR)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        aged.execute("DELETE FROM audit WHERE id = 4")
    for statement in ("DELETE FROM audit_checkpoints", "UPDATE audit_checkpoints SET last_id = 5"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            aged.execute(statement)


def test_a_checkpoint_that_somebody_made_up_is_found(aged):
    trim(aged, LAST, by=OPERATOR)
    aged.execute(f"INSERT INTO audit_checkpoints SELECT 5, seal, at, key_id, {SEAL} FROM audit WHERE id = 5")
    aged.execute("DELETE FROM audit WHERE id <= 5")
    assert found(aged) == [(4, Fault.MISSING, 5), (5, Fault.CHECKPOINT, None)]


def test_rows_that_are_put_back_after_a_trim_are_found(aged):
    row = aged.execute(f"SELECT {COLUMNS} FROM audit WHERE id = 2").fetchone()
    trim(aged, LAST, by=OPERATOR)
    aged.execute(f"INSERT INTO audit (id, {COLUMNS}) VALUES (2, {', '.join('?' * len(row))})", row)
    assert found(aged) == [(2, Fault.OLDER, None)]


def test_ids_go_on_where_everything_went(db):
    with set_to(date(2020, 3, 1)):
        make_service_user(db, enrolled_from=date(2020, 3, 1))
        make_service_user(db, "A-2", enrolled_from=date(2020, 3, 1))
    assert trim(db, LAST, by=OPERATOR) == 2
    assert value(db, "SELECT MIN(id) FROM audit") == 3
    assert found(db) == []


def test_a_log_with_a_gap_is_not_trimmed(aged):
    tamper(aged, "DELETE FROM audit WHERE id = 3")
    with pytest.raises(ValueError, match="verify"):
        trim(aged, date(2022, 2, 1), by=OPERATOR)


def test_the_commands_say_what_they_found(cli: FlaskCliRunner, logged, app, tmp_path):
    heads = tmp_path / "heads"
    app.config["AUDIT_HEADS"] = str(heads)
    printed = cli.invoke(args=["audit", "head", "--keep"])
    assert heads.read_text() == printed.output and heads.stat().st_mode & 0o777 == 0o600
    whole = cli.invoke(args=["audit", "verify"])
    assert whole.exit_code == 0 and "1 heads kept elsewhere fit" in whole.output and "a second" in whole.output
    tamper(logged, "UPDATE audit SET actor = 'berit' WHERE id = 5", "DELETE FROM audit WHERE id = 9")
    broken = cli.invoke(args=["audit", "verify", "--heads", str(heads)])
    assert broken.exit_code == 1
    assert "Row 5 does not fit its seal" in broken.output and "Row 9 is missing." in broken.output


def test_the_commands_refuse_in_plain_words(cli, db, tmp_path):
    assert "The log is empty." in cli.invoke(args=["audit", "head"]).output
    make_service_user(db)
    assert "AUDIT_HEADS says no file" in cli.invoke(args=["audit", "head", "--keep"]).output
    (tmp_path / "empty").write_text("nothing\n")
    result = cli.invoke(args=["audit", "verify", "--heads", str(tmp_path / "empty")])
    assert (result.exit_code, "holds no head" in result.output) == (1, True)


def test_trimming_begins_with_a_dry_run(cli, aged):
    said = cli.invoke(args=["audit", "trim"]).output
    assert said.startswith("3 rows up to 2021-") and "--remove" in said
    assert value(aged, "SELECT COUNT(*) FROM audit WHERE id <= 3") == 3
    assert "3 rows up to 2021-" in cli.invoke(args=["audit", "trim", "--remove"]).output
    assert value(aged, "SELECT COUNT(*) FROM audit WHERE id <= 3") == 0
