"""The counters: what they cost when a session is recorded, and whether a pull grows with the city."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.actions.demo import make_demo
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.db import connect, transaction
from fitservice.model import Answers, Remarks
from fitservice.reports.figures import pull_figures
from fitservice.reports.gaps import reported_periods
from fitservice.store import audit, sessions
from fitservice.store.rows import new_id, now
from tests.bench.cities import ITEMS, OPERATOR, TODAY, city_files, fresh
from tests.bench.measuring import beside, in_turn, line, median, spread, timed

RUNS = 60
SCORES: dict[str, Any] = {"life_satisfaction": 5, **dict.fromkeys(ITEMS, 75)}
ANSWERS = Answers(**SCORES)


def bench_counters(folder: Path) -> None:
    """Both."""
    bench_recording(folder)
    bench_pull(folder)


def bench_recording(folder: Path) -> None:
    """A session with its audit row and the counters, beside the bare INSERT of the same with its audit row.

    Each on a connection of its own, as each request has one, and both on one that stays open.
    """
    db = fresh(folder)
    make_demo(db, TODAY, 1, by=OPERATOR)
    ids = iter(db.execute("SELECT id FROM enrolments WHERE enrolled_to IS NULL ORDER BY id").fetchall())
    path = folder / "fitservice.db"
    counted, bare = in_turn(
        lambda: timed(lambda: on_its_own(path, record, *next(ids))),
        lambda: timed(lambda: on_its_own(path, insert, *next(ids))),
        runs=RUNS,
    )
    beside("recording with counters", counted, bare)
    judge(counted, bare)
    counted, bare = in_turn(
        lambda: timed(lambda: record(db, *next(ids))), lambda: timed(lambda: insert(db, *next(ids))), runs=RUNS
    )
    beside("the same, connection open", counted, bare)
    judge(counted, bare)
    db.close()


def judge(counted: list[float], bare: list[float]) -> None:
    """Whether the counters cost no more than half of what there was to do anyway."""
    print(f"    (bar: at most 1.5: {'met' if median(counted) / median(bare) <= 1.5 else 'missed'})")


def on_its_own(path: Path, act: Callable[[Database, int], None], enrolment_id: int) -> None:
    """On a new connection."""
    db = connect(path)
    act(db, enrolment_id)
    db.close()


def record(db: Database, enrolment_id: int) -> None:
    """As the service records, without the checks."""
    with transaction(db):
        session_id = sessions.add(db, enrolment_id, TODAY, ANSWERS, Remarks(), "bench")
        audit.write(db, OPERATOR, Act.RECORD_SESSION, ("session", session_id))


def insert(db: Database, enrolment_id: int) -> None:
    """The same two rows, and no counter."""
    values = {"id": new_id(), "enrolment_id": enrolment_id, "held_on": TODAY.isoformat(), **vars(ANSWERS)}
    values |= {**vars(Remarks()), "recorded_by": "bench", "recorded_at": now()}
    columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    with transaction(db):
        db.execute(f"INSERT INTO sessions ({columns}) VALUES ({places})", values)
        audit.write(db, OPERATOR, Act.RECORD_SESSION, ("session", values["id"]))


def bench_pull(folder: Path) -> None:
    """All figures of six half-years, at two sizes of city."""
    small, large = folder / "small", folder / "large"
    cities = []
    for place, copies in ((small, 1), (large, 4)):
        place.mkdir()
        people, held = city_files(place, copies=copies)
        db = fresh(place)
        import_file(db, SERVICE_USERS, people, TODAY, by=OPERATOR)
        import_file(db, SESSIONS, held, TODAY, by=OPERATOR)
        cities.append(db)
    periods = reported_periods(cities[0], TODAY, by_year=False, by=OPERATOR)[:6]
    at_1, at_4 = in_turn(
        *(lambda db=db: timed(lambda: pull_figures(db, periods, 5, by=OPERATOR)) for db in cities), runs=RUNS
    )
    line("pull at 4x city / at 1x, ms", 1000 * median(at_4), 1000 * median(at_1), spread(at_4, at_1))
    print(f"    ratio: {median(at_4) / median(at_1):.2f}   (bar: at most 1.20)")
    for db in cities:
        db.close()
