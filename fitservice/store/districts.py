"""The fifteen districts."""

from sqlite_utils import Database

from fitservice.store.rows import Row, one


def all_districts(db: Database) -> list[Row]:
    """All districts by code: id, code, name, rhythm_months."""
    return list(db.query("SELECT id, code, name, rhythm_months FROM districts ORDER BY code"))


def by_id(db: Database, district_id: int) -> Row | None:
    """One district."""
    return one(
        db,
        "SELECT id, code, name, rhythm_months FROM districts WHERE id = :id",
        {"id": district_id},
    )


def set_rhythm(db: Database, district_id: int, months: int) -> None:
    """How often the district means to ask."""
    db.execute(
        "UPDATE districts SET rhythm_months = :months WHERE id = :id",
        {"months": months, "id": district_id},
    )
