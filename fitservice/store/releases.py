"""Releases: figures as they were published, and the counts that were frozen for them."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from sqlite_utils import Database

from fitservice.model import Figure
from fitservice.rules.disclosure.editions import Edition, Figures, Frozen
from fitservice.rules.disclosure.inner_rows import HALVES, YEAR
from fitservice.rules.figures import Counts
from fitservice.store.rows import Row, called, insert, now

_TOLD = f"""
    SELECT id, year, version, stage, small_count, made_at, {called("made_by")} AS made_by
    FROM releases
"""  # noqa: S608


def all_releases(db: Database) -> list[Row]:
    """Every release, newest year and version first: id, year, version, stage, small_count, made_at, made_by (a
    name)."""
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
        INSERT INTO release_rows (release_id, area, part, figures)
        VALUES (?, ?, ?, ?)
        """,
        [(release_id, area, part, _as_text(known)) for (area, part), known in figures.items()],
    )


def keep_sign_offs(db: Database, release_id: int, rows: Iterable[Row]) -> None:
    """Keep which half-years were signed off when the release was made: district_id, period, state, signed_on,
    changed_since."""
    db.conn.executemany(
        """
        INSERT INTO released_sign_offs (release_id, district_id, period, state, signed_on, changed_since)
        VALUES (:release_id, :district_id, :period, :state, :signed_on, :changed_since)
        """,
        [{"release_id": release_id, **row} for row in rows],
    )


def sign_offs_of(db: Database, release_id: int) -> list[Row]:
    """Which half-years were signed off when the release was made, by district and half-year: with code and name."""
    return list(
        db.query(
            """
            SELECT districts.code, districts.name, period, state, signed_on, changed_since
            FROM released_sign_offs
            JOIN districts ON districts.id = district_id
            WHERE release_id = :id
            ORDER BY districts.code, period
            """,
            {"id": release_id},
        )
    )


def figures_of(
    db: Database, release_ids: Iterable[int], parts: Collection[str] = (*HALVES, YEAR)
) -> dict[int, dict[tuple[str, str], Mapping[str, Figure]]]:
    """What these releases show in these parts of the year, by release, then by area and part."""
    found: dict[int, dict[tuple[str, str], Mapping[str, Figure]]] = {number: {} for number in release_ids}
    rows = db.execute(
        """
        SELECT release_id, area, part, figures
        FROM release_rows
        WHERE release_id IN (SELECT value FROM json_each(:ids))
          AND part IN (SELECT value FROM json_each(:parts))
        """,
        {"ids": json.dumps(list(found)), "parts": json.dumps(list(parts))},
    )
    for release_id, area, part, text in rows:
        found[release_id][area, part] = _read(text)
    return found


_HIDDEN = ":"


def _as_text(figures: Mapping[str, Figure]) -> str:
    return json.dumps({measure: _HIDDEN if figure.hidden else figure.value for measure, figure in figures.items()})


@lru_cache(maxsize=4_000)
def _read(text: str) -> Mapping[str, Figure]:
    """The figures of a row. Kept by what it says, which never changes: ten years of the city are 480 rows."""
    known = json.loads(text)
    return {
        measure: Figure(None, hidden=True) if value == _HIDDEN else Figure(value) for measure, value in known.items()
    }


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
