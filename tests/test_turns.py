"""Writers take turns: nobody is shut out, nobody waits for ever, and who dies lets go."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread, active_count

import pytest
from sqlite_utils import Database

from fitservice.db import connect, transaction
from fitservice.turns import TooLong, turn


def is_somebody_in_line(path: Path) -> bool:
    """Whether somebody stands at the head of the line, behind the one that is writing."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def wait_until(what: Callable[[], bool]) -> None:
    """Look again and again, for ten seconds at most."""
    until = time.monotonic() + 10
    while not what():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_whoever_has_written_stands_behind_whoever_waits(db: Database, instance: Path) -> None:
    path, order = instance / "fitservice.db", list[str]()

    def write() -> None:
        other = connect(path)
        with transaction(other):
            order.append("whoever waited")
        other.close()

    for _ in range(10):
        order.clear()
        waiting = Thread(target=write)
        with transaction(db):
            waiting.start()
            wait_until(lambda: is_somebody_in_line(path))
        with transaction(db):
            order.append("again")
        waiting.join()
        assert order == ["whoever waited", "again"]


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


def test_whoever_has_no_time_begins_no_waiting(instance: Path) -> None:
    path = instance / "fitservice.db"
    with turn(path, 1):
        before = active_count()
        for _ in range(20):
            with pytest.raises(TooLong), turn(path, 0):
                pass
        assert active_count() <= before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files that others cannot open")
def test_what_root_makes_first_the_service_can_stand_in(db: Database, instance: Path) -> None:
    os.chown(instance / "fitservice.db", 12345, 12345)
    with transaction(db):
        pass
    assert (instance / ".fitservice.db.line").stat().st_uid == 12345


def test_a_line_that_is_a_link_is_left_alone(db: Database, instance: Path, tmp_path: Path) -> None:
    other = tmp_path / "of-somebody-else"
    (instance / ".fitservice.db.line").symlink_to(other)
    with transaction(db):
        pass
    assert not other.exists()


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
