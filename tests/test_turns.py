"""Writers take turns: nobody is shut out, nobody waits for ever, and who dies lets go."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlite_utils import Database

from fitservice.db import connect, transaction
from fitservice.store.rows import value
from fitservice.turns import TooLong, turn


def written(db: Database) -> int:
    """One more transaction: how many there were before it."""
    before = int(value(db, "PRAGMA user_version"))
    db.execute(f"PRAGMA user_version = {before + 1}").close()
    return before


@pytest.fixture
def others(instance: Path) -> Iterator[Path]:
    """The database, while another connection writes to it without a breath between."""
    path, stop, begun = instance / "fitservice.db", Event(), Event()

    def write() -> int:
        other, count = connect(path), 0
        while not stop.is_set():
            with transaction(other):
                written(other)
            count += 1
            begun.set()
        other.close()
        return count

    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(write) for _ in range(2)]
        begun.wait(10)
        yield path
        stop.set()
        assert all(one.result(timeout=20) for one in writing)


def test_whoever_asks_is_next_but_for_those_in_line_before(others: Path) -> None:
    db, seen = connect(others), []
    for _ in range(20):
        before = value(db, "PRAGMA user_version")
        with transaction(db):
            seen.append(written(db) - before)
    db.close()
    # the one that is writing, the other in line, and whoever came in after the number was read: not hundreds
    assert max(seen) <= 50, seen


def test_nobody_waits_for_ever(instance: Path) -> None:
    path = instance / "fitservice.db"
    with turn(path, 1):
        with pytest.raises(TooLong), turn(path, 0.05):
            pass
        # whoever stands at the head of the line does not keep the others there either
        with pytest.raises(TooLong), turn(path, 0.05):
            pass
    with turn(path, 0):
        pass


def test_whoever_gave_up_does_not_get_the_lock_afterwards(instance: Path) -> None:
    path, begun, freed = instance / "fitservice.db", Event(), Event()

    def hold() -> None:
        with turn(path, 1):
            begun.set()
            freed.wait(10)

    holder = Thread(target=hold)
    holder.start()
    begun.wait(10)
    for _ in range(5):
        with pytest.raises(TooLong), turn(path, 0.02):
            pass
    freed.set()
    holder.join()
    with turn(path, 5):
        pass


def test_a_transaction_that_gets_no_turn_says_that_the_database_is_locked(
    db: Database, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fitservice.db.PATIENCE", 0.05)
    with (
        turn(instance / "fitservice.db", 1),
        pytest.raises(sqlite3.OperationalError, match="locked"),
        transaction(db),
    ):
        pass
    with transaction(db):
        pass


def test_a_killed_process_lets_go(db: Database, instance: Path) -> None:
    code = f"""
import time
from pathlib import Path
from fitservice.store.rows import value
from fitservice.turns import turn
with turn(Path({str(instance / "fitservice.db")!r}), 1):
    print("mine", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"mine\n"
    with pytest.raises(TooLong), turn(instance / "fitservice.db", 0.05):
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    with transaction(db):
        pass


def test_where_no_lock_can_be_had_sqlites_own_is_enough(tmp_path: Path) -> None:
    with turn(tmp_path / "nowhere" / "fitservice.db", 1), turn(tmp_path / "nowhere" / "fitservice.db", 0):
        pass
