"""Whether this database holds a made-up city, and whether it still could."""

from datetime import date

from sqlite_utils import Database

from fitservice.store.rows import insert, value


def is_demo(db: Database) -> bool:
    """Whether this database was started as a demo."""
    return bool(value(db, "SELECT EXISTS (SELECT 1 FROM demo_city)"))


def is_untouched(db: Database) -> bool:
    """Whether nobody and nothing was ever recorded here, no link and no token made; a look does not count."""
    return not value(
        db,
        """
        SELECT EXISTS (SELECT 1 FROM demo_city)
            OR EXISTS (SELECT 1 FROM staff)
            OR EXISTS (SELECT 1 FROM service_users)
            OR EXISTS (SELECT 1 FROM one_time_links)
            OR EXISTS (SELECT 1 FROM api_tokens)
        """,
    )


def mark(db: Database, made_on: date) -> None:
    """This database is a demo from now on; a trigger refuses it once anything was done."""
    insert(db, "INSERT INTO demo_city (id, made_on) VALUES (1, :day)", {"day": made_on.isoformat()})
