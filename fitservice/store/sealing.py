"""Everything that is sealed, by which keys, and sealing it anew by the newest; the log's own seals stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from fitservice.store.rows import Row

BATCH = 500
"""Rows a transaction: a caseworker's save waits a few hundredths of a second at most."""


@dataclass(frozen=True)
class Sealed:
    """A table with sealed columns, each with SQL for its place; and the migration since when they are."""

    table: str
    key: str
    columns: dict[str, str]
    since: str = "0018_rights"


SEALED = (
    Sealed("service_users", "id", {"name": "'service_users.name:' || id"}),
    Sealed("sessions", "id", {"note": "'sessions.note:' || id", "next_step": "'sessions.next_step:' || id"}),
    Sealed(
        "session_revisions",
        "rowid",
        {"note": "'sessions.note:' || session_id", "next_step": "'sessions.next_step:' || session_id"},
    ),
    Sealed(
        "second_steps",
        "staff_id",
        {"secret": "'staff.totp:' || staff_id", "pending": "'staff.totp:' || staff_id"},
        since="0016_signing_in",
    ),
)
"""Whatever is sealed anywhere; a test finds what is missing here."""


def reseal(db: Database, kind: Sealed, after: int) -> tuple[int, int | None]:
    """Seal the next rows of a table anew that an older key has sealed: how many, and the last; None at the end.

    Inside a transaction. Each is opened on the way, so that what cannot be opened stops it: nothing is lost unseen.
    """
    rows = list(
        db.query(
            f"""
            SELECT {kind.key} AS place
            FROM {kind.table}
            WHERE {kind.key} > :after AND ({" OR ".join(map(_is_old, kind.columns))})
            ORDER BY {kind.key}
            LIMIT {BATCH}
            """,  # noqa: S608 - our own names
            {"after": after},
        )
    )
    assigned = ", ".join(f"{name} = sealed(opened({name}, {place}), {place})" for name, place in kind.columns.items())
    db.conn.executemany(
        f"UPDATE {kind.table} SET {assigned} WHERE {kind.key} = :place",  # noqa: S608
        rows,
    )
    return len(rows), rows[-1]["place"] if len(rows) == BATCH else None


def names_with_old_hashes(db: Database) -> list[Row]:
    """The next service users whose name is found by an older key's hashes: id, name."""
    return list(
        db.query(
            f"""
            SELECT id, opened(name, 'service_users.name:' || id) AS name
            FROM service_users
            WHERE id IN (
                SELECT DISTINCT service_user_id FROM name_words WHERE key_id <> current_key() LIMIT {BATCH}
            )
            """  # noqa: S608
        )
    )


def keys_in_use(db: Database) -> dict[str, bool]:
    """Every key that anything was sealed by; whether it is only the log that still needs it."""
    needed = keys_of(db, SEALED) | {row[0] for row in db.execute("SELECT DISTINCT key_id FROM name_words")}
    log = {row[0] for row in db.execute("SELECT key_id FROM audit UNION SELECT key_id FROM audit_checkpoints")}
    return {key_id: key_id not in needed for key_id in sorted(needed | log)}


def keys_of(db: Database, kinds: Sequence[Sealed]) -> set[str]:
    """The keys that sealed what stands in these tables."""
    kept = [
        f"SELECT substr({name}, 1, instr({name}, ':') - 1) FROM {kind.table} WHERE {name} IS NOT NULL"  # noqa: S608
        for kind in kinds
        for name in kind.columns
    ]
    return {row[0] for row in db.execute(" UNION ".join(kept))} if kept else set()


def _is_old(column: str) -> str:
    return f"substr({column}, 1, instr({column}, ':') - 1) <> current_key()"
