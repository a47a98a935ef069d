"""Many rows at once, for files and for the demo city: lookups in one query, executemany into the tables."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from fitservice.store.rows import Row, now, value
from fitservice.store.sessions import ANSWER_COLUMNS

SESSION_COLUMNS = ("enrolment_id", "held_on", *ANSWER_COLUMNS, "recorded_by")


def service_users(db: Database, district_ids: Iterable[int]) -> list[Row]:
    """Every service user of these districts: id, district_id, reference, birth_year."""
    return list(
        db.query(
            f"""
            SELECT id, district_id, reference, birth_year
            FROM service_users
            WHERE district_id IN ({_numbers(district_ids)})
            """  # noqa: S608 - whole numbers
        )
    )


def enrolments(db: Database, district_ids: Iterable[int]) -> list[Row]:
    """Every enrolment of these districts, with first and last session day: the spells that a file may meet."""
    return list(
        db.query(
            f"""
            SELECT enrolments.id, service_user_id, district_id, reference, enrolled_from, enrolled_to,
                   (SELECT MAX(held_on)
                    FROM sessions
                    WHERE enrolment_id = enrolments.id AND withdrawn = 0) AS last_session
            FROM enrolments
            JOIN service_users ON service_users.id = service_user_id
            WHERE district_id IN ({_numbers(district_ids)})
            """  # noqa: S608
        )
    )


def sessions(db: Database, district_ids: Iterable[int], first_day: str, last_day: str) -> Iterable[Sequence[Any]]:
    """Sessions held in these districts between two days: the values of SESSION_COLUMNS."""
    columns = ", ".join(f"sessions.{name}" for name in SESSION_COLUMNS)
    return db.execute(
        f"""
        SELECT {columns}
        FROM service_users
        JOIN enrolments ON enrolments.service_user_id = service_users.id
        JOIN sessions ON sessions.enrolment_id = enrolments.id
        WHERE district_id IN ({_numbers(district_ids)})
          AND held_on BETWEEN :first_day AND :last_day
          AND withdrawn = 0
        """,  # noqa: S608
        {"first_day": first_day, "last_day": last_day},
    )


def next_id(db: Database, table: str) -> int:
    """The id that the next row of 'service_users' or 'enrolments' gets; only safe under the write lock."""
    found = value(db, f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")  # noqa: S608 - our own names
    return int(found)


def add_service_users(db: Database, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of (id, district_id, reference, birth_year)."""
    db.conn.executemany(
        f"""
        INSERT INTO service_users (id, district_id, reference, birth_year, created_at)
        VALUES (?, ?, ?, ?, '{now()}')
        """,  # noqa: S608
        rows,
    )


def add_enrolments(db: Database, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of (id, service_user_id, enrolled_from, enrolled_to, recorded_by)."""
    db.conn.executemany(
        f"""
        INSERT INTO enrolments (id, service_user_id, enrolled_from, enrolled_to, recorded_by, recorded_at)
        VALUES (?, ?, ?, ?, ?, '{now()}')
        """,  # noqa: S608
        rows,
    )


def add_sessions(db: Database, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of SESSION_COLUMNS."""
    places = ", ".join("?" * len(SESSION_COLUMNS))
    db.conn.executemany(
        f"""
        INSERT INTO sessions ({", ".join(SESSION_COLUMNS)}, recorded_at)
        VALUES ({places}, '{now()}')
        """,  # noqa: S608
        rows,
    )


def _numbers(ids: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in ids)
