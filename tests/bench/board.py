"""The agency's board: whether its queries and its time grow with the city."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask
from sqlite_utils import Database

from fitservice import create_app
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.actions.staffing import add_staff
from fitservice.clock import set_to
from fitservice.db import connect
from fitservice.model import Actor, Period, Role
from fitservice.reports.figures import pull_figures
from fitservice.reports.gaps import reported_periods, see_gaps
from fitservice.store.figures import first_session
from tests.bench.big_city import LAST_DAY, PERIODS, big_city, owe_since
from tests.bench.cities import OPERATOR, TODAY, bare_route, city_files, fresh
from tests.bench.measuring import in_turn, line, median, spread, timed


def bench_board(folder: Path) -> None:
    """The board of 15 districts × 6 periods: queries, and time beside a bare route, at two sizes of city."""
    counts = []
    for copies in (1, 4):
        people, sessions = city_files(folder, copies=copies)
        db = fresh(folder)
        import_file(db, SERVICE_USERS, people, TODAY, by=OPERATOR)
        import_file(db, SESSIONS, sessions, TODAY, by=OPERATOR)
        owe_since(db, first_session(db) or TODAY)
        counts.append(count_queries(db, partial(pull, db)))
        app = create_app({"TESTING": True}, folder)
        page, route = in_turn(board_page(app, db), bare_route(app))
        label = f"board page at {copies}x city, ms"
        line(label, 1000 * median(page), 1000 * median(route), spread(page, route))
        print(f"    board / bare Flask route with one SELECT: {median(page) / median(route):.1f}")
    print(f"board and figures, queries at 4x city / at 1x: {counts[1]} / {counts[0]} = {counts[1] / counts[0]:.2f}")
    print("    (bar: 1.00, no query per district or service user)")


def pull(db: Database) -> None:
    """What the board and its download ask of the database."""
    periods = reported_periods(db, TODAY, by_year=False, by=OPERATOR)[:6]
    see_gaps(db, periods, TODAY, 5, by=OPERATOR)
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


def bench_big_board() -> None:
    """The board over ten years of a big city: 15 districts × 20 half-years, beside six of them."""
    city = big_city("city")
    db = connect(city.path)
    with set_to(LAST_DAY):
        seen = [PERIODS[::-1][:many] for many in (6, len(PERIODS))]
        taken = in_turn(*(partial(timed, partial(look, db, periods), time.process_time) for periods in seen), runs=20)
        queries = [count_queries(db, partial(look, db, periods)) for periods in seen]
    print(f"\nboard over {city.sessions:,} sessions, 15 districts:")
    for periods, series, number in zip(seen, taken, queries, strict=True):
        label = f"{len(periods):>2} half-years, CPU, ms {1000 * median(series):>8.1f}"
        print(f"    {label}   noise {spread(series)}   {number} queries")
    db.close()


def look(db: Database, periods: list[Period]) -> None:
    """What the board asks, with its row in the audit table."""
    see_gaps(db, periods, LAST_DAY, 5, by=OPERATOR)


def count_queries(db: Database, act: Callable[[], None]) -> int:
    """How many statements read."""
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    act()
    db.conn.set_trace_callback(None)
    return sum(text.lstrip().upper().startswith(("SELECT", "WITH")) for text in seen)
