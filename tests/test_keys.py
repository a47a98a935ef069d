"""The keys of the record: what is sealed is opened in its place by its key, and by nothing else."""

import base64
import sqlite3
import threading

import pytest

from fitservice.db import connect
from fitservice.keys import VARIABLE, CannotOpen, add_key, load_keys, make_keys
from fitservice.settings import SettingsError

PLACE = "service_users.name:17"


def line(key_id: str, byte: bytes = b"a") -> str:
    """A key of 32 equal bytes."""
    return f"{key_id}:{base64.b64encode(byte * 32).decode()}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with keys of its own."""
    monkeypatch.delenv(VARIABLE)
    make_keys(tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", ["", "Åse Øyen", "x" * 4000, "नमस्ते\n\x00"])
def test_what_is_sealed_is_opened_in_its_place(folder, text):
    keys = load_keys(folder)
    sealed = keys.sealed(text, PLACE)
    assert keys.opened(sealed, PLACE) == text and (not text or text not in sealed)
    assert sealed != keys.sealed(text, PLACE)


def test_no_other_place_and_no_changed_bit_is_opened(folder):
    keys = load_keys(folder)
    sealed = keys.sealed("Åse", PLACE)
    key_id, _, kept = sealed.partition(":")
    changed = bytearray(base64.b64decode(kept))
    changed[-1] ^= 1
    for wrong, place in [
        (sealed, "service_users.name:18"),
        (f"{key_id}:{base64.b64encode(changed).decode()}", PLACE),
        (f"{key_id}:{kept[:8]}", PLACE),
        (f"{key_id}:not base64", PLACE),
        (f"another:{kept}", PLACE),
        ("Åse", PLACE),
    ]:
        with pytest.raises(CannotOpen):
            keys.opened(wrong, place)


def test_a_new_key_seals_and_the_old_ones_still_open(folder):
    before = load_keys(folder)
    sealed, hashed = before.sealed("Åse", PLACE), before.keyed_hash("search", "åse")
    new = add_key(folder)
    keys = load_keys(folder)
    assert keys.current == new != before.current and len(keys.masters) == 2
    assert keys.opened(sealed, PLACE) == "Åse" and keys.sealed("Åse", PLACE).startswith(f"{new}:")
    assert keys.keyed_hash("search", "åse", before.current) == hashed != keys.keyed_hash("search", "åse")
    assert hashed != before.keyed_hash("audit", "åse")
    assert (folder / "keys").stat().st_mode & 0o777 == 0o600


def test_there_is_one_first_key_whoever_makes_it(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    threads = [threading.Thread(target=make_keys, args=(tmp_path,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_keys(tmp_path).masters) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_keys_that_others_could_read_are_refused(folder):
    (folder / "keys").chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_keys(folder)


def test_missing_keys_are_asked_for(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(SettingsError, match="put it back"):
        load_keys(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "short:YWJj", f"{line('a')} {line('a', b'b')}", line("A"), line("a")[2:], "a:" + "!" * 44]
)
def test_keys_that_are_none_are_refused_and_not_repeated(tmp_path, monkeypatch, text):
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(SettingsError) as refused:
        load_keys(tmp_path)
    assert not text or text not in str(refused.value)


def test_the_environment_goes_before_the_file(folder, monkeypatch):
    monkeypatch.setenv(VARIABLE, f"{line('old')}  {line('new', b'b')}")
    assert load_keys(folder).current == "new"
    with pytest.raises(SettingsError, match="add the new one there"):
        add_key(folder)


def test_keys_are_never_printed(folder):
    secret = (folder / "keys").read_text().split(":")[1].strip()
    keys = load_keys(folder)
    assert secret not in repr(keys) and str(base64.b64decode(secret)) not in repr(keys)


def test_our_sql_seals_and_opens_and_nobody_elses_does(db):
    sealed = db.execute("SELECT sealed('Åse', :place)", {"place": PLACE}).fetchone()[0]
    assert db.execute("SELECT opened(?, ?)", [sealed, PLACE]).fetchone()[0] == "Åse"
    assert db.execute("SELECT sealed(NULL, ''), opened(NULL, '')").fetchone() == (None, None)
    hashed = "SELECT keyed_hash('search', 'åse', NULL), keyed_hash('search', 'åse', current_key())"
    assert len(set(db.execute(hashed).fetchone())) == 1
    with pytest.raises(sqlite3.OperationalError):
        db.execute("SELECT opened(?, ?)", [sealed, "elsewhere"])
    with pytest.raises(sqlite3.OperationalError, match="no such function"):
        sqlite3.connect(":memory:").execute("SELECT sealed('Åse', '')")


def test_a_connection_sees_a_key_that_was_added_meanwhile(folder):
    (folder / "fitservice.db").touch()
    db = connect(folder / "fitservice.db")
    before = db.execute("SELECT current_key()").fetchone()[0]
    assert db.execute("SELECT current_key()").fetchone()[0] == before != add_key(folder)
    assert db.execute("SELECT current_key()").fetchone()[0] == load_keys(folder).current
    db.close()
