"""Releases: figures as they were published, and the counts that were frozen for them."""

import json
from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from fitservice.model import Figure
from fitservice.rules.disclosure.editions import Edition, Figures, Frozen
from fitservice.rules.figures import Counts
from fitservice.rules.measures import decimals_of
from fitservice.store.rows import Row, insert, now

_TOLD = "SELECT id, year, version, stage, small_count, made_at, made_by FROM releases"


def all_releases(db: Database) -> list[Row]:
    """Every release, newest year and version first: id, year, version, stage, small_count, made_at, made_by."""
    return list(db.query(f"{_TOLD} ORDER BY year DESC, version DESC"))


def of_year(db: Database, year: int) -> list[Row]:
    """The releases of one year, oldest first."""
    return list(db.query(f"{_TOLD} WHERE year = :year ORDER BY version", {"year": year}))


def parts_of(db: Database) -> dict[int, set[str]]:
    """The parts of the year that each release holds."""
    found: dict[int, set[str]] = {}
    for release_id, part in db.execute("SELECT DISTINCT release_id, part FROM release_sources"):
        found.setdefault(release_id, set()).add(part)
    return found


def add(db: Database, year: int, version: int, stage: str, small_count: int, made_by: str) -> int:
    """A new release's id; raises sqlite3.IntegrityError if the year has this version."""
    return insert(
        db,
        """
        INSERT INTO releases (year, version, stage, small_count, made_at, made_by)
        VALUES (:year, :version, :stage, :small_count, :now, :made_by)
        """,
        {
            "year": year,
            "version": version,
            "stage": stage,
            "small_count": small_count,
            "made_by": made_by,
            "now": now(),
        },
    )


def freeze(db: Database, release_id: int, counts: Mapping[tuple[str, str], Counts]) -> None:
    """Keep the counts by district code and part of the year that the release rests on."""
    db.conn.executemany(
        """
        INSERT INTO frozen_counts (release_id, district_id, part, counts)
        VALUES (:release_id, (SELECT id FROM districts WHERE code = :code), :part, :counts)
        """,
        [
            {"release_id": release_id, "code": code, "part": part, "counts": json.dumps(dict(known))}
            for (code, part), known in counts.items()
        ],
    )


def publish(db: Database, release_id: int, frozen_by: Mapping[tuple[str, str], int], figures: Figures) -> None:
    """Keep what the release shows, and by which release's counts, by district code and part of the year."""
    db.conn.executemany(
        """
        INSERT INTO release_sources (release_id, district_id, part, frozen_by)
        VALUES (:release_id, (SELECT id FROM districts WHERE code = :code), :part, :frozen_by)
        """,
        [
            {"release_id": release_id, "code": code, "part": part, "frozen_by": number}
            for (code, part), number in frozen_by.items()
        ],
    )
    db.conn.executemany(
        """
        INSERT INTO release_figures (release_id, area, part, measure, value, hidden)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            (release_id, area, part, measure, figure.value, int(figure.hidden))
            for (area, part), known in figures.items()
            for measure, figure in known.items()
        ],
    )


def figures_of(db: Database, release_ids: Iterable[int]) -> dict[int, dict[tuple[str, str], dict[str, Figure]]]:
    """What these releases show, by release, then by area and part of the year."""
    found: dict[int, dict[tuple[str, str], dict[str, Figure]]] = {number: {} for number in release_ids}
    rows = db.execute(
        """
        SELECT release_id, area, part, measure, value, hidden
        FROM release_figures
        WHERE release_id IN (SELECT value FROM json_each(:ids))
        """,
        {"ids": json.dumps(list(found))},
    )
    for release_id, area, part, measure, value, hidden in rows:
        # the column holds floats only, and what is counted is whole
        known = int(value) if value is not None and decimals_of(measure) == 0 else value
        found[release_id].setdefault((area, part), {})[measure] = Figure(known, bool(hidden))
    return found


def editions(db: Database, year: int) -> tuple[Frozen, list[Edition]]:
    """The frozen counts of a year and its releases, oldest first, as the rules of disclosure want them."""
    frozen: dict[tuple[int, str], dict[str, Counts]] = {}
    for release_id, code, part, counts in db.execute(_FROZEN, {"year": year}):
        frozen.setdefault((release_id, code), {})[part] = json.loads(counts)
    sources: dict[int, dict[tuple[str, str], tuple[int, str]]] = {}
    for release_id, code, part, frozen_by in db.execute(_SOURCES, {"year": year}):
        sources.setdefault(release_id, {})[code, part] = (frozen_by, code)
    figures = figures_of(db, sources)
    return frozen, [Edition(number, sources[number], figures[number]) for number in sorted(sources)]


_FROZEN = """
    SELECT release_id, code, part, counts
    FROM frozen_counts
    JOIN releases ON releases.id = release_id
    JOIN districts ON districts.id = district_id
    WHERE year = :year
"""

_SOURCES = """
    SELECT release_id, code, part, frozen_by
    FROM release_sources
    JOIN releases ON releases.id = release_id
    JOIN districts ON districts.id = district_id
    WHERE year = :year
"""
