"""The same figures by others: the best SQL we know, DuckDB, polars, and the loop that an application begins with.

Day and score are put together in one value: the greatest of a half-year holds the latest score, the least of an
enrolment the first.
"""

import importlib.util
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from fitservice.db import connect
from fitservice.model import SCORE_COUNTS
from tests.bench.big_city import COVERING, DISTRICTS, PERIODS, City

CORE = (
    *("measured_users", "life_satisfaction_mean", *SCORE_COUNTS),
    *("life_satisfaction_paired", "life_satisfaction_improved"),
)
"""The figures that everybody computes."""

IMPROVED = 3

Core = dict[tuple[int, str], tuple[float, ...]]
"""CORE by district id and half-year."""

Engine = Callable[[], Core]


def core_of(rows: Iterable[Iterable[Any]]) -> Core:
    """From rows of district id, half-year and CORE; means to nine digits."""
    return {(key, code): (first, round(mean, 9), *rest) for key, code, first, mean, *rest in rows}


def _told(score: str, first: str) -> str:
    """CORE in any SQL, from the latest score, and the first one and its day beside the latest."""
    each = ", ".join(f"SUM(CASE WHEN {score} = {number} THEN 1 ELSE 0 END)" for number in range(1, 8))
    return (
        f"COUNT(*), AVG({score}), {each}, SUM(CASE WHEN latest > earliest THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN {score} - {first} >= {IMPROVED} THEN 1 ELSE 0 END)"
    )


def _of_enrolment(more: str, order: str) -> str:
    return (
        f"(SELECT held_on || life_satisfaction FROM sessions INDEXED BY {COVERING}"
        f" WHERE enrolment_id = enrolments.id AND withdrawn = 0 AND life_satisfaction IS NOT NULL {more}"
        f" ORDER BY held_on {order} LIMIT 1)"
    )


BEST_SQL = f"""
    WITH halves (code, first_day, last_day) AS (
        VALUES {", ".join(f"('{one.code}', '{one.first_day}', '{one.last_day}')" for one in PERIODS)}
    ),
    firsts AS MATERIALIZED (SELECT id, service_user_id, {_of_enrolment("", "ASC")} AS earliest FROM enrolments),
    found AS (
        SELECT service_user_id, code, earliest,
               {_of_enrolment("AND held_on BETWEEN first_day AND last_day", "DESC")} AS latest
        FROM firsts AS enrolments
        CROSS JOIN halves
    ),
    one_each AS (SELECT service_user_id, code, MAX(latest) AS latest, earliest FROM found GROUP BY 1, 2)
    SELECT district_id, code, {_told("substr(latest, 11) + 0", "(substr(earliest, 11) + 0)")}
    FROM one_each
    JOIN service_users ON service_users.id = service_user_id
    WHERE latest IS NOT NULL
    GROUP BY district_id, code
"""
"""One lookup in the covering index for each enrolment and half-year: no session is read that is not needed."""

_COLUMNAR = f"""
    WITH scored AS (
        SELECT district_id, service_user_id, enrolment_id, CAST(held_on AS DATE) AS day, life_satisfaction AS score
        FROM {{}}
        WHERE withdrawn = 0 AND life_satisfaction IS NOT NULL
    ),
    parts AS (
        SELECT district_id, service_user_id, enrolment_id, 2 * year(day) + CAST(month(day) > 6 AS INTEGER) AS half,
               MAX(10 * (day - DATE '1970-01-01') + score) AS latest,
               MIN(10 * (day - DATE '1970-01-01') + score) AS earliest
        FROM scored
        GROUP BY ALL
    ),
    firsts AS (SELECT enrolment_id, MIN(earliest) AS earliest FROM parts GROUP BY ALL),
    one_each AS (
        SELECT district_id, service_user_id, half, MAX(latest) AS latest, ARG_MAX(enrolment_id, latest) AS enrolment_id
        FROM parts
        GROUP BY ALL
    )
    SELECT district_id, (half // 2) || 'H' || (half % 2 + 1) AS code, {_told("latest % 10", "earliest % 10")}
    FROM one_each
    JOIN firsts USING (enrolment_id)
    GROUP BY ALL
"""

_JOINED = (
    "city.sessions JOIN city.enrolments ON enrolments.id = enrolment_id"
    " JOIN city.service_users ON service_users.id = service_user_id"
)


def installed(*modules: str) -> bool:
    """Whether these can be imported: pip install -e '.[bench]'."""
    return all(importlib.util.find_spec(name) for name in modules)


def best_sql(city: City) -> Engine:
    """SQLite, with the covering index."""
    db = connect(city.path)
    return lambda: core_of(db.execute(BEST_SQL))


def duckdb_over_the_file(city: City) -> Engine | None:
    """DuckDB reading the service's own SQLite file."""
    connection = _duckdb(city)
    return connection and (lambda: core_of(connection.execute(_COLUMNAR.format(_JOINED)).fetchall()))


def duckdb_over_parquet(city: City) -> Engine | None:
    """DuckDB reading one flat Parquet file."""
    connection, path = _duckdb(city), parquet(city)
    return connection and (lambda: core_of(connection.execute(_COLUMNAR.format(f"'{path}'")).fetchall()))


def _duckdb(city: City) -> Any:
    """A connection of DuckDB's to the city's file; its reader of SQLite comes as a package, not from the network."""
    if not installed("duckdb", "duckdb_extension_sqlite_scanner"):
        return None
    package = Path(str(import_module("duckdb_extension_sqlite_scanner").__file__)).parent
    connection = import_module("duckdb").connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"LOAD '{next(package.rglob('*.duckdb_extension'))}'")
    connection.execute(f"ATTACH '{city.path}' AS city (TYPE sqlite, READ_ONLY)")
    return connection


def parquet(city: City) -> Path:
    """What the figures rest on as one flat file, in the order of enrolments and days; made once, by DuckDB."""
    path = city.folder / "sessions.parquet"
    if not path.exists() and (connection := _duckdb(city)):
        connection.execute(
            f"COPY (SELECT district_id, service_user_id, enrolment_id, CAST(held_on AS DATE) AS held_on,"
            f" life_satisfaction, withdrawn FROM {_JOINED} ORDER BY enrolment_id, held_on) TO '{path}'"
        )
    return path


def polars_over_the_file(city: City) -> Engine | None:
    """polars reading the SQLite file, joins left to SQLite."""
    if not installed("polars"):
        return None
    db = connect(city.path)
    sql = (
        "SELECT district_id, service_user_id, enrolment_id, held_on, life_satisfaction, withdrawn FROM sessions"
        " JOIN enrolments ON enrolments.id = enrolment_id JOIN service_users ON service_users.id = service_user_id"
    )
    polars = import_module("polars")
    return lambda: _by_polars(polars, _with_days(polars, polars.read_database(sql, db.conn)))


def polars_over_parquet(city: City) -> Engine | None:
    """polars reading the flat Parquet file."""
    path = parquet(city)
    if not installed("polars") or not path.exists():
        return None
    polars = import_module("polars")
    return lambda: _by_polars(polars, polars.scan_parquet(path))


def _with_days(polars: Any, sessions: Any) -> Any:
    return sessions.lazy().with_columns(polars.col("held_on").str.to_date())


def _by_polars(polars: Any, sessions: Any) -> Core:
    column, day = polars.col, polars.col("held_on")
    half = polars.format("{}H{}", "year", polars.when(column("second")).then(2).otherwise(1))
    key = 10 * day.cast(polars.Int64) + column("life_satisfaction")
    latest, first = column("latest") % 10, column("earliest") % 10
    counted = (
        sessions.filter((column("withdrawn") == 0) & column("life_satisfaction").is_not_null())
        .group_by("district_id", "service_user_id", "enrolment_id", year=day.dt.year(), second=day.dt.month() > 6)
        .agg(latest=key.max(), earliest=key.min())
        .with_columns(column("earliest").min().over("enrolment_id"))
        .sort("latest")
        .group_by("district_id", "service_user_id", "year", "second")
        .last()
        .group_by("district_id", half)
        .agg(
            polars.len(),
            latest.mean().alias("mean"),
            *((latest == number).sum().alias(f"score_{number}") for number in range(1, 8)),
            (column("latest") > column("earliest")).sum().alias("paired"),
            (latest - first >= IMPROVED).sum().alias("improved"),
        )
    )
    return core_of(counted.collect().iter_rows())


def by_loop(city: City) -> Engine:
    """Each service user of one district and each half-year by itself, as an application begins; one district only."""
    db = connect(city.path)
    return lambda: core_of(
        (1, one.code, *_district(db, one.first_day.isoformat(), one.last_day.isoformat())) for one in PERIODS
    )


LOOPS = DISTRICTS
"""How many times the loop's time a whole city takes: its districts are of one size."""


def _district(db: Database, first_day: str, last_day: str) -> Iterator[float]:
    """CORE of district 1 in one half-year."""
    latest: list[tuple[int, int, bool]] = []
    for (service_user_id,) in db.execute("SELECT id FROM service_users WHERE district_id = 1").fetchall():
        found = db.execute(_LATEST, [service_user_id, first_day, last_day]).fetchone()
        if found:
            enrolment_id, day, score = found
            first_on, first = db.execute(_FIRST, [enrolment_id]).fetchone()
            latest.append((score, first, day > first_on))
    scores = [score for score, _, _ in latest]
    yield len(scores)
    yield sum(scores) / len(scores)
    yield from (scores.count(number) for number in range(1, 8))
    yield sum(paired for _, _, paired in latest)
    yield sum(score - first >= IMPROVED for score, first, _ in latest)


_LATEST = """
    SELECT enrolment_id, held_on, life_satisfaction
    FROM sessions
    JOIN enrolments ON enrolments.id = enrolment_id
    WHERE service_user_id = ? AND held_on BETWEEN ? AND ? AND withdrawn = 0 AND life_satisfaction IS NOT NULL
    ORDER BY held_on DESC
    LIMIT 1
"""
_FIRST = """
    SELECT held_on, life_satisfaction
    FROM sessions
    WHERE enrolment_id = ? AND withdrawn = 0 AND life_satisfaction IS NOT NULL
    ORDER BY held_on
    LIMIT 1
"""
