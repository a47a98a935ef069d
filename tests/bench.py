"""make bench: figures as ratios within one run, medians of five. Machines differ; ratios travel."""

import csv
import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, render_template_string
from sqlite_utils import Database

from fitservice import create_app
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.actions.staffing import add_staff
from fitservice.clock import today
from fitservice.db import connect, migrate, transaction
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Actor, Role
from fitservice.reports.figures import pull_figures
from fitservice.reports.gaps import reported_periods, see_gaps
from fitservice.rules.demo_city import persons
from fitservice.store import districts
from fitservice.store.bulk import SESSION_COLUMNS

RUNS = 5
TODAY = today()
OPERATOR = Actor("bench", Role.OPERATOR)
ITEMS = (*OUTCOME_ITEMS, *ALLIANCE_ITEMS)


def main() -> None:
    """Print every line."""
    with tempfile.TemporaryDirectory() as folder:
        bench_import(Path(folder))
        bench_board(Path(folder))


def bench_import(folder: Path) -> None:
    """Our import, with every check, beside csv.reader + executemany into the same tables."""
    people, sessions = city_files(folder, copies=4)
    rows = sessions.count(b"\n") - 1

    def ours() -> float:
        db = fresh(folder)
        import_file(db, SERVICE_USERS, people, TODAY, by=OPERATOR)
        return timed(lambda: import_file(db, SESSIONS, sessions, TODAY, by=OPERATOR))

    def bare() -> float:
        db = fresh(folder)
        import_file(db, SERVICE_USERS, people, TODAY, by=OPERATOR)
        return timed(lambda: bare_import(db, sessions))

    ours_s, bare_s = in_turn(ours, bare)
    line("import of sessions, rows/s", rows / median(ours_s), rows / median(bare_s), spread(ours_s, bare_s))
    print(f"    our share of the bare rate: {median(bare_s) / median(ours_s):.2f}   (bar: at least 0.10)")


def bench_board(folder: Path) -> None:
    """The board of 15 districts × 6 periods: queries, and time beside a bare route, at two sizes of city."""
    counts = []
    for copies in (1, 4):
        people, sessions = city_files(folder, copies=copies)
        db = fresh(folder)
        import_file(db, SERVICE_USERS, people, TODAY, by=OPERATOR)
        import_file(db, SESSIONS, sessions, TODAY, by=OPERATOR)
        counts.append(count_queries(db, lambda db=db: pull(db)))
        app = create_app({"TESTING": True}, folder)
        page, route = in_turn(board_page(app, db), bare_route(app))
        label = f"board page at {copies}x city, ms"
        line(label, 1000 * median(page), 1000 * median(route), spread(page, route))
        print(f"    board / bare Flask route with one SELECT: {median(page) / median(route):.1f}")
    print(f"board and figures, queries at 4x city / at 1x: {counts[1]} / {counts[0]} = {counts[1] / counts[0]:.2f}")
    print("    (bar: 1.00, no query per district or service user)")


def pull(db: Database) -> None:
    """What the board and its download ask of the database."""
    periods = reported_periods(db, TODAY, by_year=False, by=OPERATOR)[-6:]
    see_gaps(db, periods, TODAY, 0.8, 5, by=OPERATOR)
    pull_figures(db, periods, 5, by=OPERATOR)


def board_page(app: Flask, db: Database) -> Callable[[], float]:
    """The analyst's board, from request to bytes."""
    analyst = Actor("bench", Role.ADMINISTRATOR)
    add_staff(db, "velferd", "Velferd", Role.AGENCY_ANALYST, None, by=analyst, password="riktig hest batteri")
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"username": "velferd", "password": "riktig hest batteri"})
    assert client.get("/city").status_code == 200
    return lambda: timed(lambda: client.get("/city"))


def bare_route(app: Flask) -> Callable[[], float]:
    """One SELECT and one template, in a Flask application of its own on the same database."""
    bare = Flask("bare")

    @bare.get("/")
    def page() -> str:
        db = connect(app.config["DATABASE"])
        rows = districts.all_districts(db)
        db.close()
        return render_template_string("{% for row in rows %}<p>{{ row.name }}</p>{% endfor %}", rows=rows)

    client = bare.test_client()
    return lambda: timed(lambda: client.get("/"))


def bare_import(db: Database, content: bytes) -> None:
    """The least that puts the same rows into the same tables: no check but the tables' own."""
    known = {
        (row["code"], row["reference"]): row["id"]
        for row in db.query(
            "SELECT enrolments.id, code, reference FROM enrolments"
            " JOIN service_users ON service_users.id = service_user_id"
            " JOIN districts ON districts.id = district_id"
        )
    }
    reader = csv.reader(io.StringIO(content.decode()))
    header = {name: place for place, name in enumerate(next(reader))}
    item_places = [header[item] for item in ITEMS]
    score, reason, held_on = header["life_satisfaction"], header["not_asked"], header["held_on"]
    places = ", ".join("?" * len(SESSION_COLUMNS))
    with transaction(db):
        db.conn.executemany(
            f"INSERT INTO sessions ({', '.join(SESSION_COLUMNS)}, recorded_at) VALUES ({places}, '2022-12-31')",
            (
                (
                    known[row[0], row[1]],
                    row[held_on],
                    row[score] or None,
                    row[reason] or None,
                    None,
                    *(round(float(row[place]) * 10) if row[place] else None for place in item_places),
                    "bench",
                )
                for row in reader
            ),
        )


def city_files(folder: Path, copies: int) -> tuple[bytes, bytes]:
    """The demo city as two files, so many times over."""
    people, sessions = io.StringIO(), io.StringIO()
    to_people, to_sessions = csv.writer(people), csv.writer(sessions)
    to_people.writerow(["district", "reference", "birth_year", "enrolled_from", "enrolled_to"])
    to_sessions.writerow(["district", "reference", "held_on", "life_satisfaction", *ITEMS, "not_asked"])
    db = fresh(folder)
    for copy in range(copies):
        for district in districts.all_districts(db):
            for person in persons(district["name"], district["rhythm_months"], TODAY, copy):
                name = district["code"], f"{copy}-{person.reference}"
                to_people.writerow([*name, person.birth_year, person.enrolled_from, person.enrolled_to or ""])
                for session in person.sessions:
                    given = session.answers
                    items = [getattr(given, item) for item in ITEMS]
                    shown = ["" if tenths is None else tenths / 10 for tenths in items]
                    to_sessions.writerow(
                        [*name, session.held_on, given.life_satisfaction or "", *shown, given.missing_reason or ""]
                    )
    db.close()
    return people.getvalue().encode(), sessions.getvalue().encode()


def fresh(folder: Path) -> Database:
    """An empty, migrated database in the folder, in place of the one before."""
    for path in folder.glob("fitservice.db*"):
        path.unlink()
    migrate(folder / "fitservice.db")
    return connect(folder / "fitservice.db")


def count_queries(db: Database, act: Callable[[], None]) -> int:
    """How many statements read."""
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    act()
    db.conn.set_trace_callback(None)
    return sum(text.lstrip().upper().startswith(("SELECT", "WITH")) for text in seen)


def in_turn(one: Callable[[], float], other: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Seconds of both, taken in turn so that a drifting machine hits both; the first round is not counted."""
    rounds = [(one(), other()) for _ in range(RUNS + 1)][1:]
    return [pair[0] for pair in rounds], [pair[1] for pair in rounds]


def timed(act: Callable[[], object]) -> float:
    """Seconds by the wall clock."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def median(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)


def spread(*series: list[float]) -> str:
    """How far the runs of each lie apart, as a share of their median: the machine's noise."""
    return ", ".join(f"±{50 * (max(values) - min(values)) / median(values):.0f} %" for values in series)


def line(label: str, ours: float, bare: float, noise: str) -> None:
    """One line of the table."""
    print(f"{label:<32} ours {ours:>10,.1f}   bare {bare:>10,.1f}   noise {noise}")


if __name__ == "__main__":
    main()
