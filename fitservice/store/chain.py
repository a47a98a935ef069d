"""The audit table as a chain: its rows to be checked one by one, its checkpoints, and what is old enough to go."""

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from fitservice.rules.chain import BEGINNING, Entry, Link
from fitservice.store.audit import SAID, WHOM, canonical
from fitservice.store.rows import Row, insert, now, one, value

STEP = 20_000
"""So many rows go at once: a caseworker's save waits for no longer than that takes."""


def entries(db: Database, after: int | None = None) -> Iterator[Entry[Row]]:
    """Every row, or those after this id, in the order of the ids, one at a time."""
    columns = ", ".join((*SAID, *WHOM, "key_id", "seal"))
    known: dict[str | None, bool] = {}
    where = "" if after is None else "WHERE id > :after"
    for row in db.query(f"SELECT {columns} FROM audit {where} ORDER BY id", {"after": after}):  # noqa: S608 - our names
        key_id = row["key_id"]
        if key_id not in known:
            known[key_id] = _has_key(db, key_id)
        yield Entry(row["id"], row["seal"], row, known[key_id])


def link_before(db: Database, newest: int) -> Link | None:
    """The row before the newest so many, as it stands; None where there are no more than these."""
    row = one(db, "SELECT id, seal FROM audit WHERE id = (SELECT MAX(id) FROM audit) - :newest", {"newest": newest})
    return Link(row["id"], row["seal"] or "") if row else None


def right_seal(db: Database, row: Row, as_id: int, seal_before: str) -> str:
    """The seal that a row has at a place of the chain, by the key that it names."""
    text = canonical(row, seal_before, as_id=as_id)
    seal: str = db.execute("SELECT keyed_hash('audit', ?, ?)", (text, row["key_id"])).fetchone()[0]
    return seal


def checkpoint(db: Database) -> tuple[Link, list[int]]:
    """Where the chain begins, by the newest checkpoint that fits its proof; the ids of those that do not fit."""
    begin, wrong = BEGINNING, []
    for row in db.query("SELECT last_id, last_seal, trimmed_at, key_id, proof FROM audit_checkpoints ORDER BY last_id"):
        proof = "SELECT keyed_hash('audit checkpoint', :text, :key_id)"
        if _has_key(db, row["key_id"]) and value(db, proof, _said(row)) == row["proof"]:
            begin = Link(row["last_id"], row["last_seal"])
        else:
            wrong.append(row["last_id"])
    return begin, wrong


def older_than(db: Database, moment: str) -> int:
    """How many rows stand before the first one that is not older than this moment.

    Counted by ids, which have no gaps. A clock that went back leaves a row for longer, and takes none early.
    """
    first, last = db.execute("SELECT MIN(id), MAX(id) FROM audit").fetchone()
    if first is None:
        return 0
    kept = value(db, "SELECT id FROM audit WHERE at >= :moment ORDER BY id LIMIT 1", {"moment": moment})
    return int((kept or last + 1) - first)


def remove(db: Database, count: int) -> int:
    """Remove that many of the oldest rows, STEP at most, behind a new checkpoint; the id of the last one that went."""
    count = min(count, STEP)
    row = one(
        db,
        "SELECT id, seal FROM audit WHERE id = (SELECT MIN(id) FROM audit) + :count - 1",
        {"count": count},
    )
    if not row:
        raise ValueError("the audit table has a gap: verify it first")
    known = {"last_id": row["id"], "last_seal": row["seal"], "trimmed_at": now()}
    known["key_id"] = value(db, "SELECT current_key()")
    insert(
        db,
        """
        INSERT INTO audit_checkpoints (last_id, last_seal, trimmed_at, key_id, proof)
        VALUES (:last_id, :last_seal, :trimmed_at, :key_id, keyed_hash('audit checkpoint', :text, :key_id))
        """,
        _said(known),
    )
    db.execute("DELETE FROM audit WHERE id <= :last_id", known)
    return int(row["id"])


def _has_key(db: Database, key_id: str | None) -> bool:
    try:
        db.execute("SELECT keyed_hash('audit', '', ?)", (key_id,)).fetchone()
    except sqlite3.OperationalError:
        return False
    return True


def _said(row: Row) -> Row:
    """A checkpoint with the text that its proof is made of."""
    return {**row, "text": f"{row['last_id']} {row['last_seal']} {row['trimmed_at']} {row['key_id']}"}
