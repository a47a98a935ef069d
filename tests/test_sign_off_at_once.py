"""Sign-offs at the same moment as something else: another lead's, the agency's, an import, the lock, a power cut."""

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from factories import ALNA, CARL, OPERATOR, make_service_user, make_session
from signing import AFTER_H1, AFTER_H2, CODE, DORA, H1, H2, audited, judge, signing, steps
from sqlite_utils import Database

from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.cases import dates_on
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.model import Invalid
from fitservice.reporting import Step
from fitservice.reports.sign_offs import own_period
from fitservice.rules.figures import Counts
from fitservice.store import counters, sign_offs


def at_once(path: Path, *acts: Callable[[Database], None]) -> list[str]:
    """What each was told, 'done' or why not; all begin together, each in a thread with its own connection."""
    start = Barrier(len(acts))

    def run(act: Callable[[Database], None]) -> str:
        db = connect(path)
        try:
            with set_to(AFTER_H1):
                start.wait()
                act(db)
                return "done"
        except Invalid as invalid:
            return invalid.problems[0].code
        finally:
            db.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_leads_who_sign_at_once_one_stands_and_the_other_looks_again(db, instance):
    for known in range(0, 20, 2):
        told = at_once(instance / "fitservice.db", signing(known), signing(known, by=DORA))
        assert sorted(told) == ["done", "signed_meanwhile"]
        first = CARL if told[0] == "done" else DORA
        assert steps(db)[known:] == [(known + 1, Step.SIGNED, first.name)]
        with set_to(AFTER_H1):
            signing(known + 1, step=Step.UNDONE)(db)
    assert audited(db) == 20


def test_when_an_undo_meets_an_acceptance_one_of_them_stands(db, instance):
    known = 0
    for _ in range(10):
        with set_to(AFTER_H1):
            signing(known)(db)
        known += 1
        told = at_once(
            instance / "fitservice.db",
            signing(known, step=Step.UNDONE),
            lambda db, known=known: judge(db, Step.ACCEPTED, known),
        )
        assert sorted(told) == ["done", "signed_meanwhile"]
        known += 1
        stands = Step.UNDONE if told[0] == "done" else Step.ACCEPTED
        assert [number for number, _, _ in steps(db)] == list(range(1, known + 1))
        assert steps(db)[-1][1] is stands
        if stands is Step.ACCEPTED:
            with set_to(AFTER_H1):
                judge(db, Step.RETURNED, known)
            known += 1


EACH = 40
"""Service users in every file, with a session in either half-year."""


def files(number: int) -> tuple[bytes, bytes]:
    """The service users and the sessions of one import."""
    names = [f"F{number}-{place}" for place in range(EACH)]
    people = "".join(f"{CODE};{name};2022-01-01\n" for name in names)
    held = "".join(f"{CODE};{name};2022-{month}-01;4\n" for name in names for month in ("03", "09"))
    return (
        f"district;reference;enrolled_from\n{people}".encode(),
        f"district;reference;held_on;life_satisfaction\n{held}".encode(),
    )


def sign_and_undo(path: Path, signed: list[dict[str, Counts]], over: Event) -> None:
    """Sign 2022H2 and undo it until it is over; signed grows by the counts of each time."""
    db = connect(path)
    with set_to(AFTER_H2):
        for known in itertools.takewhile(lambda _: not over.is_set(), itertools.count(step=2)):
            signing(known, period=H2)(db)
            signed.append(sign_offs.signed_counts(db, ALNA, H2, known + 1))
            signing(known + 1, period=H2, step=Step.UNDONE)(db)
            # whoever waits for SQLite's lock looks now and again: without a pause no import would come in between
            time.sleep(0.02)
    db.close()


def test_what_is_signed_during_an_import_is_wholly_before_or_wholly_after_it(db, instance):
    signed: list[dict[str, Counts]] = []
    over, imports = Event(), [files(number) for number in range(6)]
    with ThreadPoolExecutor(1) as pool, set_to(AFTER_H2):
        lead = pool.submit(sign_and_undo, instance / "fitservice.db", signed, over)
        try:
            for people, held in [(b"", b""), *imports]:
                if people:
                    import_file(db, SERVICE_USERS, people, AFTER_H2, by=OPERATOR)
                    import_file(db, SESSIONS, held, AFTER_H2, by=OPERATOR)
                # of two more, the second began after the import
                enough = len(signed) + 2
                while len(signed) < enough and not lead.done():
                    time.sleep(0.005)
        finally:
            over.set()
        lead.result()
    states = [tuple(parts[part]["sessions"] for part in ("H1", "H2", "year")) for parts in signed]
    assert states == sorted(states)
    assert set(states) == {(EACH * number, EACH * number, 2 * EACH * number) for number in range(len(imports) + 1)}
    for counts in (counts for parts in signed for counts in parts.values()):
        # either the service users of the next file are in already, without their sessions, or they are not
        assert counts["active_users"] - counts["measured_users"] in (0, EACH)
        assert counts["measured_users"] == counts["life_satisfaction_4"]


def test_a_lead_who_signs_while_an_import_is_being_written_signs_all_of_it(db, instance):
    people, held = files(0)
    path, written, begun = instance / "fitservice.db", Event(), Event()

    def bring_in() -> None:
        other = connect(path)
        with set_to(AFTER_H2):
            import_file(other, SERVICE_USERS, people, AFTER_H2, by=OPERATOR)
            other.conn.set_trace_callback(lambda sql: hold() if sql == "COMMIT" else None)
            import_file(other, SESSIONS, held, AFTER_H2, by=OPERATOR)
        other.close()

    def hold() -> None:
        written.set()
        assert begun.wait(20)
        time.sleep(0.2)

    with ThreadPoolExecutor(1) as pool, set_to(AFTER_H2):
        importing = pool.submit(bring_in)
        assert written.wait(20)
        db.execute("BEGIN")
        seen = counters.counts(db, [H2], ALNA)[ALNA, "2022H2"]
        db.rollback()
        begun.set()
        signing(0, period=H2)(db)
        importing.result()
    signed = sign_offs.signed_counts(db, ALNA, H2, 1)["H2"]
    assert (seen["sessions"], signed["sessions"], signed["measured_users"]) == (0, EACH, EACH)


def test_a_form_opened_before_the_lock_and_sent_after_it_is_refused(db):
    make_session(db, make_service_user(db))
    lock = dates_on(db, H1, AFTER_H1).lock
    with set_to(lock, hour=23):
        own = own_period(db, H1, lock, by=CARL)
        assert Step.SIGNED in own.possible
    before = list(db.conn.iterdump())
    for step in (Step.SIGNED, Step.NOTHING_TO_REPORT, Step.UNDONE):
        with set_to(lock + timedelta(days=1), hour=0), pytest.raises(Invalid) as refused:
            signing(own.status.sign_off.number, step=step)(db)
        assert [problem.code for problem in refused.value.problems] == ["locked"]
    assert list(db.conn.iterdump()) == before
    with set_to(lock, hour=23):
        signing(own.status.sign_off.number)(db)
    assert steps(db) == [(1, Step.SIGNED, "carl")]


SIGN_AND_HANG = f"""
import sys, time
from datetime import date
from fitservice.actions.signing_off import take_step
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.model import Actor, Role
from fitservice.reporting import Step
from fitservice.rules.figures import Counts
from fitservice.rules.periods import parse_half

def hang(sql):
    if sql.split()[:len(sys.argv) - 2] == sys.argv[2:]:
        print("here", flush=True)
        time.sleep(60)

db = connect(sys.argv[1])
db.conn.set_trace_callback(hang)
with set_to(date({AFTER_H1.year}, {AFTER_H1.month}, {AFTER_H1.day})):
    lead = Actor("carl", Role.TEAM_LEAD, {ALNA}, staff_id=3)
    take_step(db, parse_half("2022H1"), Step.SIGNED, "It is so.", 0, by=lead)
"""


@pytest.mark.parametrize("before", ["INSERT INTO sign_offs", "INSERT INTO audit", "COMMIT"])
def test_a_process_killed_in_the_middle_leaves_nothing_half_and_no_lock(db, instance, before, monkeypatch):
    make_session(db, make_service_user(db))
    was = list(db.conn.iterdump())
    command = [sys.executable, "-W", "error", "-c", SIGN_AND_HANG, str(instance / "fitservice.db"), *before.split()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "here\n"
        with monkeypatch.context() as patch, set_to(AFTER_H1):
            patch.setattr("fitservice.db.PATIENCE", 0.05)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                signing(0, by=DORA)(db)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert list(db.conn.iterdump()) == was
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with set_to(AFTER_H1):
        signing(0, by=DORA)(db)
    assert (steps(db), audited(db)) == ([(1, Step.SIGNED, "dora")], 1)
    assert counters.differences(db) == {}
