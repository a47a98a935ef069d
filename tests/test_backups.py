"""Backups: encrypted, checked, let go by rule; made before a migration; restored whole or not at all."""

import fcntl
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from applications import application
from click.testing import Result
from factories import OPERATOR, make_cast, make_service_user, make_session
from flask import Flask
from pyrage import decrypt
from pyrage.x25519 import Identity
from sqlite_utils import Database

from fitservice.actions.backing_up import back_up
from fitservice.backup_keys import backup_key, read_identity
from fitservice.clock import set_to
from fitservice.db import connect, migrate
from fitservice.reports.chain import verify
from fitservice.resources import resource_folder
from fitservice.store import counters


def ask(app: Flask, *arguments: str) -> Result:
    """One command."""
    return app.test_cli_runner().invoke(args=arguments)


def made(app: Flask, *arguments: str) -> Path:
    """A backup that must succeed: its file."""
    result = ask(app, "backup", *arguments)
    assert result.exit_code == 0, result.output
    return Path(result.stdout.split(": ")[0])


def restored(app: Flask, file: Path, folder: Path, *arguments: str) -> Result:
    """What a restore into that folder says; the keys are in the environment."""
    folder.mkdir(exist_ok=True)
    return ask(app, "restore", str(file), "--to", str(folder), *arguments)


@pytest.fixture
def folder(house: Flask) -> Path:
    """The instance folder of the house."""
    return Path(house.instance_path)


def names(folder: Path) -> set[str]:
    """What lies in a folder, but for the locks."""
    return {path.name for path in folder.iterdir()} - {".backup.lock", ".fitservice.db.line"}


def test_what_was_backed_up_comes_back_whole_while_the_service_writes(house: Flask, house_db: Database, tmp_path: Path):
    make_session(house_db, 1, date(2022, 3, 5))
    stop, days = Event(), iter(range(1, 3000))

    def write() -> int:
        """Sessions on one connection, one after another until told to stop; how many."""
        other, count = connect(house.config["DATABASE"]), 0
        while not stop.is_set():
            make_session(other, 1, date(2022, 4, 1) + timedelta(days=next(days)))
            count += 1
        other.close()
        return count

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        file = made(house)
        stop.set()
        assert writing.result(timeout=30) > 3
    result = restored(house, file, tmp_path / "new")
    assert result.exit_code == 0, result.output
    db = connect(tmp_path / "new" / "fitservice.db")
    kept = db.execute("SELECT COUNT(*), MAX(held_on), MIN(held_on) FROM sessions WHERE enrolment_id = 1").fetchone()
    # every session up to some moment, and none after it
    first = date(2022, 4, 1)
    assert kept[0] == 2 + max((date.fromisoformat(kept[1]) - first).days, 0)
    assert counters.differences(db) == {}
    (act,) = db.execute("SELECT act FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    assert act == "restore"
    assert verify(db, by=OPERATOR).count == 0
    db.close()
    assert names(tmp_path / "new") == {"fitservice.db"}


def test_a_backup_is_for_its_owner_and_encrypted_and_holds_no_key(house: Flask, house_db: Database, folder: Path):
    file = made(house)
    kept = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert kept.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert b"SQLite format 3" not in kept and b"amina" not in kept
    plain = decrypt(kept, [read_identity(folder / "backup_key")])
    assert plain.startswith(b"SQLite format 3") and b"amina" in plain
    for secret in (
        (folder / "secret_key").read_bytes(),
        (folder / "backup_key").read_bytes().split()[-1],
        os.environ["FITSERVICE_KEYS"].partition(":")[2].encode(),
    ):
        assert len(secret) > 20 and secret not in plain


def test_nothing_that_is_not_encrypted_stays_behind(house: Flask, folder: Path):
    made(house)
    assert names(folder) == {"fitservice.db", "secret_key", "backup_key", "backup_recipient", "backups"}
    assert (folder / "backup_key").stat().st_mode & 0o777 == 0o600


def test_a_copy_that_a_killed_backup_left_is_removed_by_the_next(house: Flask, folder: Path):
    for name in (".backup.copy", ".backup.copy-wal", ".backup.check"):
        (folder / name).write_bytes(b"left")
    made(house)
    assert not {name for name in names(folder) if name.startswith(".backup")}


def test_a_backup_is_logged_and_without_the_log_there_is_none(house: Flask, house_db: Database, folder: Path):
    file = made(house)
    row = house_db.execute("SELECT role, detail FROM audit WHERE act = 'back_up'").fetchone()
    assert row[0] == "operator" and file.name in row[1]
    house_db.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    with set_to(date(2026, 1, 1)):
        result = ask(house, "backup")
    assert result.exit_code == 1 and "disk is full" in result.output
    assert names(folder / "backups") == {file.name}
    house_db.execute("DROP TRIGGER full")


def test_the_key_may_be_taken_away_and_the_public_half_is_enough(house: Flask, folder: Path, tmp_path: Path):
    assert "Opened again" in ask(house, "backup").output
    kept = tmp_path / "elsewhere"
    (folder / "backup_key").rename(kept)
    with set_to(date(2026, 1, 1)):
        result = ask(house, "backup")
    assert result.exit_code == 0 and "the key that opens it is not here" in result.output
    assert not (folder / "backup_key").exists()
    file = Path(result.stdout.split(": ")[0])
    assert "is missing" in restored(house, file, tmp_path / "new").output
    assert restored(house, file, tmp_path / "new", "--key", str(kept)).exit_code == 0


def test_the_setting_names_another_public_key(house: Flask, folder: Path, tmp_path: Path):
    theirs = Identity.generate()
    house.config["BACKUP_RECIPIENT"] = str(theirs.to_public())
    assert decrypt(made(house).read_bytes(), [theirs]).startswith(b"SQLite format 3")
    assert not (folder / "backup_key").exists()
    house.config["BACKUP_RECIPIENT"] = "age1nonsense"
    assert "BACKUP_RECIPIENT" in ask(house, "backup").output


def test_old_backups_go_and_nothing_else_does(house: Flask, folder: Path):
    for number in range(1, 12):
        with set_to(date(2026, 3, number)):
            made(house)
    (folder / "backups" / "fitservice-2020-01-01T000000Z.age.kept").write_text("another's")
    with set_to(date(2026, 3, 12)):
        result = ask(house, "backup")
    days = sorted(name[19:21] for name in names(folder / "backups") if name.endswith(".age"))
    # Monday 2 to Sunday 8 March, and the week before, are told by their Sundays; all of the last seven days
    assert days == ["01", "06", "07", "08", "09", "10", "11", "12"]
    assert (folder / "backups" / "fitservice-2020-01-01T000000Z.age.kept").exists()
    assert "Old backups removed: 1." in result.output


@pytest.mark.parametrize("with_key", [True, False])
def test_a_database_that_is_not_whole_is_not_backed_up_as_if_it_were(
    instance: Path, app: Flask, db: Database, with_key: bool
):
    make_cast(db)
    user = make_service_user(db)
    for day in range(1, 29):
        make_session(db, user, date(2022, 3, day))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = made(app)
    if not with_key:
        (instance / "backup_key").unlink()
    # rows of an index point nowhere: read as ever, found by the check alone
    db.execute("PRAGMA writable_schema = ON")
    db.execute("DELETE FROM sqlite_schema WHERE name = 'audit_of_actor'")
    db.close()
    result = ask(app, "backup")
    assert result.exit_code == 1 and "not whole" in result.output
    assert "Traceback" not in result.output
    assert names(instance / "backups") == {before.name}


REFUSED = {
    "cut short": lambda kept: kept[:-100],
    "cut within its beginning": lambda kept: kept[:150],
    "a bit changed": lambda kept: kept[:5000] + bytes([kept[5000] ^ 1]) + kept[5001:],
    "no backup": lambda kept: b"something else",
    "empty": lambda kept: b"",
}


@pytest.mark.parametrize("spoil", REFUSED.values(), ids=REFUSED)
def test_what_is_spoilt_is_not_restored_and_leaves_nothing(house: Flask, tmp_path: Path, spoil) -> None:
    file = made(house)
    spoilt = tmp_path / "spoilt.age"
    spoilt.write_bytes(spoil(file.read_bytes()))
    result = restored(house, spoilt, tmp_path / "new")
    assert result.exit_code == 1 and "cannot be opened" in result.output and "Traceback" not in result.output
    assert names(tmp_path / "new") == set()


def test_a_restore_never_overwrites(house: Flask, folder: Path, tmp_path: Path):
    file, before = made(house), (folder / "fitservice.db").read_bytes()
    result = ask(house, "restore", str(file))
    assert result.exit_code == 1 and "is there already" in result.output
    assert (folder / "fitservice.db").read_bytes() == before
    # what SQLite left of a database that is gone would be read into the new one
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "fitservice.db-wal").write_bytes(b"left")
    assert "is there already" in restored(house, file, tmp_path / "new").output
    assert names(tmp_path / "new") == {"fitservice.db-wal"}


def test_a_restore_needs_the_keys_by_which_something_is_sealed(house: Flask, tmp_path: Path, monkeypatch):
    file = made(house)
    monkeypatch.delenv("FITSERVICE_KEYS")
    (tmp_path / "new").mkdir()
    other = "other:" + "A" * 43 + "="
    (tmp_path / "new" / "keys").write_text(other)
    (tmp_path / "new" / "keys").chmod(0o600)
    result = restored(house, file, tmp_path / "new")
    assert result.exit_code == 1 and "Keys are missing" in result.output and "tests" in result.output
    assert names(tmp_path / "new") == {"keys"}


def test_a_backup_of_a_later_version_is_not_restored(house: Flask, house_db: Database, tmp_path: Path):
    house_db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('fitservice', '9999_later', 'then')"
    )
    # as that version makes it: this one's command refuses such a database
    instance = Path(house.instance_path)
    with house.app_context():
        file = back_up(house_db, instance, tmp_path, backup_key(instance), by=OPERATOR).path
    result = restored(house, file, tmp_path / "new")
    assert result.exit_code == 1 and "It was made by a later version" in result.output
    assert "9999_later" in result.output
    assert names(tmp_path / "new") == set()


KILLED_IN_RESTORE = """
import os, signal, sys
from pathlib import Path
from fitservice import create_app
from fitservice.actions import restoring
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(restoring, sys.argv[1], killed)
create_app({}, sys.argv[2]).test_cli_runner().invoke(args=["restore", sys.argv[3], "--to", sys.argv[4]])
"""


@pytest.mark.parametrize("step", ["decrypt", "examine_for_use", "bring_up_to_date", "sync_folder"])
def test_a_restore_that_is_killed_leaves_nothing_that_looks_whole(
    house: Flask, folder: Path, tmp_path: Path, step: str
) -> None:
    file, new = made(house), tmp_path / "new"
    new.mkdir()
    run = [sys.executable, "-c", KILLED_IN_RESTORE, step, str(folder), str(file), str(new)]
    assert subprocess.run(run, check=False, timeout=60).returncode == -9
    if step == "sync_folder":  # all that comes after its name has been given
        assert (new / "fitservice.db").exists()
        return
    assert "fitservice.db" not in names(new)
    assert restored(house, file, new).exit_code == 0
    assert names(new) == {"fitservice.db"}


def test_only_one_backup_at_a_time(house: Flask, folder: Path):
    with (folder / ".backup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        result = ask(house, "backup")
    assert result.exit_code == 1 and "Another backup" in result.output
    assert ask(house, "backup").exit_code == 0


def test_a_folder_that_is_not_there_is_not_made(house: Flask, tmp_path: Path):
    house.config["BACKUPS"] = str(tmp_path / "disk-that-is-not-there")
    result = ask(house, "backup")
    assert result.exit_code == 1 and "There is no folder" in result.output


def older(path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database that has been through the first 14 migrations."""
    known = sorted(resource_folder("migrations").glob("*.sql"))
    folder = path.parent / "migrations"
    folder.mkdir()
    for file in known[:14]:
        (folder / file.name).write_bytes(file.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr("fitservice.db.resource_folder", lambda _: folder)
        migrate(path)
    return connect(path)


def test_a_backup_is_made_before_a_database_with_data_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    instance = tmp_path / "instance"
    instance.mkdir()
    db = older(instance / "fitservice.db", monkeypatch)
    db.execute(
        "INSERT INTO staff (id, username, name, role, district_id, created_at)"
        " VALUES (1, 'amina', 'Amina', 'caseworker', 12, '2022-01-01T00:00:00+00:00')"
    )
    db.close()
    app = application(instance)
    result = ask(app, "migrate")
    assert result.exit_code == 0, result.output
    assert "Before the database is changed" in result.output
    (file,) = (instance / "backups").iterdir()
    db = connect(instance / "fitservice.db")
    assert db.execute("SELECT COUNT(*) FROM audit WHERE act = 'back_up'").fetchone() == (1,)
    db.close()
    # and it comes back, brought up to date
    assert restored(app, file, tmp_path / "new").exit_code == 0
    # a second time there is nothing to do
    assert "Before" not in ask(app, "migrate").output
    assert len(list((instance / "backups").iterdir())) == 1


def test_without_that_backup_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    db = older(tmp_path / "fitservice.db", monkeypatch)
    db.execute(
        "INSERT INTO staff (id, username, name, role, district_id, created_at)"
        " VALUES (1, 'amina', 'Amina', 'caseworker', 12, '2022-01-01T00:00:00+00:00')"
    )
    app = application(tmp_path)
    app.config["BACKUPS"] = str(tmp_path / "nowhere")
    result = ask(app, "migrate")
    assert result.exit_code == 1 and "There is no folder" in result.output
    assert db.execute("SELECT COUNT(*) FROM _sqlite_migrations").fetchone() == (14,)
    db.close()


def test_a_new_database_is_not_backed_up_before_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    app = application(tmp_path)
    older(tmp_path / "fitservice.db", monkeypatch).close()
    assert "Before" not in ask(app, "migrate").output
    assert not (tmp_path / "backups").exists()


def test_a_backup_of_which_the_log_ends_wrongly_is_none(house: Flask, house_db: Database, folder: Path) -> None:
    house_db.execute("DROP TRIGGER audit_no_update")
    house_db.execute("UPDATE audit SET actor = 'somebody' WHERE id = (SELECT MAX(id) FROM audit)")
    result = ask(house, "backup")
    assert result.exit_code == 1 and "does not fit its seal" in result.output
    assert names(folder / "backups") == set()
