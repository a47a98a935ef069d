"""The agency's board: whether its queries and its time grow with the city."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlite_utils import Database

from fitservice import create_app
from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.actions.staffing import add_staff
from fitservice.model import Actor, Role
from fitservice.reports.figures import pull_figures
from fitservice.reports.gaps import reported_periods, see_gaps
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


def count_queries(db: Database, act: Callable[[], None]) -> int:
    """How many statements read."""
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    act()
    db.conn.set_trace_callback(None)
    return sum(text.lstrip().upper().startswith(("SELECT", "WITH")) for text in seen)
