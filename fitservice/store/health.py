"""What the database says of itself: its triggers and tables, and by which keys it is sealed."""

from sqlite_utils import Database


def objects(db: Database) -> dict[str, str]:
    """Triggers, tables and indexes that are not SQLite's own: 'trigger audit_no_update' and its SQL."""
    rows = db.query(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND sql IS NOT NULL"
    )
    return {f"{row['type']} {row['name']}": " ".join(row["sql"].split()) for row in rows}
