"""Cities to measure in, a caseworker in one of them, and the bare route beside which a page is measured."""

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, render_template_string
from sqlite_utils import Database

from fitservice.actions.counting import bring_up_to_date
from fitservice.clock import today
from fitservice.db import connect
from fitservice.instruments import SHIPPED
from fitservice.model import ALLIANCE_ITEMS, OUTCOME_ITEMS, Actor, Role
from fitservice.rules.demo_city import persons
from fitservice.store import districts
from tests.bench.measuring import timed

TODAY = today()
OPERATOR = Actor("bench", Role.OPERATOR)
ITEMS = (*OUTCOME_ITEMS, *ALLIANCE_ITEMS)


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
    bring_up_to_date(folder / "fitservice.db", SHIPPED)
    return connect(folder / "fitservice.db")


def bare_route(app: Flask, clock: Callable[[], float] = time.perf_counter) -> Callable[[], float]:
    """One SELECT and one template, in a Flask application of its own on the same database."""
    bare = Flask("bare")

    @bare.get("/")
    def page() -> str:
        db = connect(app.config["DATABASE"])
        rows = districts.all_districts(db)
        db.close()
        return render_template_string("{% for row in rows %}<p>{{ row.name }}</p>{% endfor %}", rows=rows)

    client = bare.test_client()
    return lambda: timed(lambda: client.get("/"), clock)
