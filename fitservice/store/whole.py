"""Whether a database file is whole, and what it holds: for backups, which may be of an earlier version."""

import sqlite3

from sqlite_utils import Database

from fitservice.db import NEEDS_KEYS, migrations
from fitservice.store import audit
from fitservice.store.rows import Row, one, value
from fitservice.store.sealing import SEALED, keys_of

TOLD = 3


def applied(db: Database) -> list[str]:
    """The names of the migrations that this file has been through, in their order."""
    return [migration.name for migration in migrations().applied(db)]


def faults(db: Database) -> list[str]:
    """What SQLite finds wrong with the file, the first few in its own words; [] if it is whole."""
    try:
        found = [row[0] for row in db.execute(f"PRAGMA integrity_check({TOLD})").fetchall() if row[0] != "ok"]
        strays = db.execute("PRAGMA foreign_key_check").fetchmany(TOLD)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found + [f"{table} {rowid}: no such row in {parent}" for table, rowid, parent, _ in strays]


def holds(db: Database) -> Row:
    """sessions, newest (the latest moment at which one was recorded, None without), head of the log (None without)."""
    known = one(db, "SELECT COUNT(*) AS sessions, MAX(recorded_at) AS newest FROM sessions", {})
    return {**(known or {}), "head": audit.head(db) if NEEDS_KEYS in applied(db) else None}


def is_head_sealed(db: Database) -> bool:
    """Whether the newest row of the log fits its seal and the row before it; true where there is none."""
    row = one(db, "SELECT * FROM audit WHERE id = (SELECT MAX(id) FROM audit)", {})
    if row is None:
        return True
    before = value(db, "SELECT seal FROM audit WHERE id = :id - 1", {"id": row["id"]}) or audit.trimmed_to(db).seal
    text = {"text": audit.canonical(row, before), "key_id": row["key_id"]}
    return bool(value(db, "SELECT keyed_hash('audit', :text, :key_id)", text) == row["seal"])


def sealed_by(db: Database) -> set[str]:
    """The ids of all keys by which something in this file is sealed."""
    known = {row[0] for row in db.execute("SELECT DISTINCT key_id FROM audit").fetchall()}
    return (known | keys_of(db, [kind for kind in SEALED if kind.since in applied(db)])) - {None, ""}


def is_worth_keeping(db: Database) -> bool:
    """Whether people have put anything into this file, of whichever version it is, and it is no made-up city."""
    tables = set(db.table_names())
    if "demo_city" in tables and value(db, "SELECT EXISTS (SELECT 1 FROM demo_city)"):
        return False
    return "staff" in tables and bool(
        value(db, "SELECT EXISTS (SELECT 1 FROM staff) OR EXISTS (SELECT 1 FROM service_users)")
    )
