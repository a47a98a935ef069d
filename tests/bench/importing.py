"""Bringing in files: our import beside the least that fills the same tables."""

import csv
import io
from pathlib import Path

from sqlite_utils import Database

from fitservice.actions.importing import SERVICE_USERS, SESSIONS, import_file
from fitservice.db import transaction
from fitservice.store.bulk import SESSION_COLUMNS
from tests.bench.cities import ITEMS, OPERATOR, TODAY, city_files, fresh
from tests.bench.measuring import in_turn, line, median, spread, timed


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
                    "outcome",
                    "alliance",
                    "bench",
                )
                for row in reader
            ),
        )
