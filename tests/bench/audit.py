"""The log at ten million rows: what its pages ask, how fast it is verified, and what a seal costs a recording."""

import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlite_utils import Database

from fitservice.actions.recording import record_session
from fitservice.clock import today
from fitservice.db import connect, transaction
from fitservice.keys import load_keys
from fitservice.model import Actor, Answers, Role
from fitservice.reports.chain import verify
from fitservice.reports.look_ups import see_look_ups
from fitservice.reports.looked import who_looked
from fitservice.rules.chain import Link
from fitservice.store import audit, bulk, staff
from tests.bench.big_city import ROOT
from tests.bench.cities import OPERATOR, fresh
from tests.bench.measuring import in_turn, median, spread, timed

ROWS = int(os.environ.get("AUDIT_ROWS", "10_000_000"))
YEARS, DISTRICTS, PERSONS, STAFF = 5, 15, 300, 20
BAR = 50
"""Milliseconds for each query."""
RUNS, SAVES = 9, 40
COLUMNS = (*audit.SAID, *audit.WHOM, "key_id", "seal")
LEAD = Actor("lead", Role.TEAM_LEAD, 12)
PERSON = 12 * 1000 + 7


def bench_audit() -> None:
    """The queries of the two pages, with and without what Python makes of them; verifying; recording."""
    folder = ROOT / f"audit-{ROWS}"
    if not folder.exists():
        draft = folder.with_name("audit-draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        taken = timed(lambda: _make(draft))
        draft.rename(folder)
        print(f"\nlog of {ROWS:,} rows: made and sealed in bulk in {taken:.0f} s")
    db = connect(folder / "fitservice.db")
    _bench_pages(db)
    _bench_recording(db)
    _bench_verify(db)
    db.close()


def _bench_pages(db: Database) -> None:
    """Each asks for what it shows and writes its own row, committed."""
    last, person = today(), PERSON
    days = (last - timedelta(days=6), last), (last - timedelta(days=30), last), (last - timedelta(days=365), last)
    pages: dict[str, Callable[[], object]] = {
        "a district, 7 days": lambda: see_look_ups(db, *days[0], by=LEAD),
        "a district, 31 days": lambda: see_look_ups(db, *days[1], by=LEAD),
        "one caseworker, a year": lambda: see_look_ups(db, *days[2], 11 * STAFF + 3, by=LEAD),
        "one service user, a year": lambda: see_look_ups(db, *days[2], None, person, by=LEAD),
        "a service user's own list": lambda: who_looked(db, person, last, by=LEAD),
    }
    print(
        f"\nlog of {db.execute('SELECT MAX(id) FROM audit').fetchone()[0]:,} rows: the page's query alone; the report"
    )
    for name, page in pages.items():
        asked: list[str] = []
        db.conn.set_trace_callback(asked.append)
        page()
        db.conn.set_trace_callback(None)
        (query,) = (text for text in asked if "IS NOT service_user_district_id" in text)
        rows = len(db.execute(query).fetchall())
        alone, whole = in_turn(lambda q=query: timed(db.execute(q).fetchall), lambda p=page: timed(p), runs=RUNS)  # type: ignore[misc]
        text = f"{1000 * median(alone):7.1f} ms   {1000 * median(whole):7.1f} ms"
        print(f"  {name:<28}{rows:>7,} rows {text}   noise {spread(alone, whole)}   (bar: query ≤ {BAR} ms)")


def _bench_recording(db: Database) -> None:
    """A recorded session, and how much of it is the log's row: sealed, and beside it put in bare."""
    amina = Actor("s12-1", Role.CASEWORKER, 12, 11 * STAFF + 2)
    (held,) = db.execute("SELECT COUNT(*) FROM sessions").fetchone()
    days = (date(2020, 1, 1) + timedelta(days=held + number) for number in range(SAVES + 1))
    values = ":at, :actor, :role, :act, :district_id, :k, :s, :d, :a"
    bare = f"INSERT INTO bare ({', '.join(audit.SAID[1:])}) VALUES ({values})"
    row: dict[str, Any] = {
        "at": "2026-01-01T00:00:00+00:00",
        "actor": amina.name,
        "role": "caseworker",
        "act": "record_session",
    }
    row |= {"district_id": 12, "k": "session", "s": 1, "d": None, "a": None}

    def save() -> float:
        answers = Answers(life_satisfaction=5)
        return timed(lambda: record_session(db, PERSON, next(days), answers, by=amina), time.process_time)

    def rows(write: Callable[[], object]) -> float:
        with transaction(db):
            return timed(lambda: [write() for _ in range(100)], time.process_time) / 100

    with transaction(db):
        db.execute("DROP TABLE IF EXISTS bare")
        db.execute(f"CREATE TABLE bare (id INTEGER PRIMARY KEY, {', '.join(audit.SAID[1:])})")
        db.execute("CREATE INDEX bare_subject ON bare (subject_kind, subject_id)")
    whole, sealed, plain = in_turn(
        save,
        lambda: rows(lambda: audit.write(db, amina, "record_session", ("service_user", PERSON))),
        lambda: rows(lambda: db.execute(bare, row)),
        runs=SAVES,
    )
    with transaction(db):
        db.execute("DROP TABLE bare")
    extra = median(sealed) - median(plain)
    print(f"  recording a session: {1000 * median(whole):.2f} ms of CPU")
    print(f"    the log's row: {1e6 * median(sealed):.0f} µs sealed, {1e6 * median(plain):.0f} µs bare", end="")
    print(f": {100 * extra / (median(whole) - extra):.0f} % more of a recording")
    print(f"    noise {spread(whole, sealed, plain)}")


def _bench_verify(db: Database) -> None:
    start, cpu = time.perf_counter(), time.process_time()
    found = verify(db, by=OPERATOR)
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    speed = f"{found.rows / seconds:,.0f} a second"
    print(f"  verify: {found.rows:,} rows in {seconds:.0f} s ({used:.0f} s of CPU), {speed}, ", end="")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB in this process")
    assert found.count == 0, found.broken[:3]


def _make(folder: Path) -> None:
    """The people, and the log over the last five years, written past the service, sealed as it seals."""
    db = fresh(folder)
    with transaction(db):
        for district in range(1, DISTRICTS + 1):
            for number in range(STAFF):
                known: dict[str, Any] = {
                    "name": f"Staff {number}",
                    "role": "caseworker",
                    "password_hash": None,
                    "email": None,
                }
                staff.add(db, username=f"s{district}-{number}", district_id=district, **known)
        people = [(d * 1000 + n, d, f"P-{n}", 1980) for d in range(1, DISTRICTS + 1) for n in range(PERSONS)]
        bulk.add_service_users(db, people)
        bulk.add_enrolments(db, [(number, number, "2015-01-01", None, "x") for number, *_ in people], backdated=True)
    db.execute("PRAGMA synchronous = OFF").close()
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'audit'").fetchall()
    with transaction(db):
        for name, _ in indexes:
            db.execute(f"DROP INDEX {name}")
        db.conn.executemany(
            f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})", _rows(folder, db)
        )
    for _, sql in indexes:
        db.execute(sql)
    db.close()


def _rows(folder: Path, db: Database) -> Iterator[tuple[object, ...]]:
    chance, keys, before = Random(1), load_keys(folder), audit.newest(db)
    begin, step = datetime.now(UTC) - timedelta(days=365 * YEARS), timedelta(days=365 * YEARS) / ROWS
    for number in range(1, ROWS + 1):
        district = chance.randint(1, DISTRICTS)
        person = district * 1000 + chance.randrange(PERSONS)
        row: dict[str, object] = {
            "id": before.id + 1,
            "at": (begin + step * number).isoformat(timespec="seconds"),
            "actor": f"s{district}-{chance.randrange(STAFF)}",
            "role": "caseworker",
            "act": "see_service_user",
            "district_id": district,
            "subject_kind": "service_user",
            "subject_id": person,
            "detail": None,
            "address": "10.0.0.1",
            "service_user_id": person,
            "service_user_district_id": district,
            "key_id": keys.current,
        }
        before = Link(before.id + 1, keys.keyed_hash("audit", audit.canonical(row, before.seal)))
        yield (*row.values(), before.seal)
