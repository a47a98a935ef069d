"""What the database says of itself: its triggers and tables, and by which keys it is sealed."""

from sqlite_utils import Database

SEALED = (("second_steps", "secret"), ("second_steps", "pending"))
"""Every column that sealed() fills."""


def objects(db: Database) -> dict[str, str]:
    """Triggers, tables and indexes that are not SQLite's own: 'trigger audit_no_update' and its SQL."""
    rows = db.query(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND sql IS NOT NULL"
    )
    return {f"{row['type']} {row['name']}": " ".join(row["sql"].split()) for row in rows}


def key_ids(db: Database) -> set[str]:
    """The ids of the keys by which any column is sealed, and the log's checkpoints and newest row."""
    found = set()
    for table, column in SEALED:
        sealed = f"SELECT DISTINCT substr({column}, 1, instr({column}, ':') - 1) FROM {table}"  # noqa: S608
        found |= {key_id for (key_id,) in db.execute(f"{sealed} WHERE {column} IS NOT NULL")}
    found |= {key_id for (key_id,) in db.execute("SELECT DISTINCT key_id FROM audit_checkpoints")}
    newest = db.execute("SELECT key_id FROM audit WHERE id = (SELECT MAX(id) FROM audit)").fetchone()
    return found | {key_id for key_id in newest or () if key_id}
