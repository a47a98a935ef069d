"""Many rows at once, for files and for the demo city: lookups in one query, executemany into the tables."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlite_utils import Database

from fitservice.rules.answers import reference_key
from fitservice.store.counters import kept
from fitservice.store.enrolments import ENDED
from fitservice.store.participations import WITHDRAWN
from fitservice.store.rows import Row, new_id, now
from fitservice.store.sessions import ANSWER_COLUMNS

_NOON = "T11:00:00+00:00"

SESSION_COLUMNS = ("enrolment_id", "held_on", *ANSWER_COLUMNS, "recorded_by")


def service_users(db: Database, district_ids: Iterable[int]) -> list[Row]:
    """Every service user of these districts: id, district_id, reference, birth_year, withdrawn."""
    return list(
        db.query(
            f"""
            SELECT id, district_id, reference, birth_year, {WITHDRAWN} AS withdrawn
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
    """Sessions held in these districts between two days, as they are and as they were before corrections.

    Each has the values of SESSION_COLUMNS, then 1 if it counts now, 0 if it was corrected or withdrawn.
    """
    columns = ", ".join(SESSION_COLUMNS)
    known = ", ".join(f"known.{name}" for name in SESSION_COLUMNS)
    return db.execute(
        f"""
        SELECT {known}, counts
        FROM (
            SELECT {columns}, 1 - withdrawn AS counts FROM sessions
            UNION ALL
            SELECT {columns}, 0 FROM session_revisions
        ) AS known
        JOIN enrolments ON enrolments.id = known.enrolment_id
        JOIN service_users ON service_users.id = enrolments.service_user_id
        WHERE district_id IN ({_numbers(district_ids)})
          AND known.held_on BETWEEN :first_day AND :last_day
        """,  # noqa: S608
        {"first_day": first_day, "last_day": last_day},
    )


def new_ids() -> Iterator[int]:
    """As many random ids as are asked for."""
    return iter(new_id, 0)


def add_service_users(db: Database, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of (id, district_id, reference, birth_year)."""
    db.conn.executemany(
        f"""
        INSERT INTO service_users (id, district_id, reference, birth_year, reference_key, created_at)
        VALUES (?, ?, ?, ?, ?, '{now()}')
        """,  # noqa: S608
        ((*row, reference_key(row[2])) for row in rows),
    )


def fill_birth_years(db: Database, rows: Iterable[tuple[int, int]]) -> None:
    """Rows of (service user id, year of birth), where none is recorded yet."""
    db.conn.executemany("UPDATE service_users SET birth_year = ?2 WHERE id = ?1 AND birth_year IS NULL", rows)


def set_caseworkers(db: Database, rows: Iterable[tuple[int, int]]) -> None:
    """Rows of (service user id, staff id): who is whose contact."""
    db.conn.executemany("UPDATE service_users SET caseworker_id = ?2 WHERE id = ?1", rows)


def add_enrolments(db: Database, rows: Iterable[Sequence[Any]], *, backdated: bool = False) -> None:
    """Rows of (id, service_user_id, enrolled_from, enrolled_to, recorded_by); backdated as in add_sessions."""
    new = list(rows)
    with kept(db, {row[1] for row in new}):
        db.conn.executemany(
            f"""
            INSERT INTO enrolments (id, service_user_id, enrolled_from, enrolled_to, recorded_by, recorded_at)
            VALUES (?1, ?2, ?3, ?4, ?5, {f"?3 || '{_NOON}'" if backdated else f"'{now()}'"})
            """,  # noqa: S608
            new,
        )


def end_enrolments(db: Database, rows: Iterable[tuple[int, str]], recorded_by: str, *, backdated: bool = False) -> None:
    """Rows of (id, last day) of open enrolments; what they were is kept as an earlier revision.

    Backdated as in add_sessions.
    """
    ended = list(rows)
    db.conn.executemany(
        """
        INSERT INTO enrolment_revisions
            (enrolment_id, revision, enrolled_from, enrolled_to, recorded_by, recorded_at, reason)
        SELECT id, revision, enrolled_from, enrolled_to, recorded_by, recorded_at, reason
        FROM enrolments
        WHERE id = ?1
        """,
        ((number,) for number, _ in ended),
    )
    with kept(db, enrolment_ids=[number for number, _ in ended]):
        db.conn.executemany(
            """
            UPDATE enrolments
            SET enrolled_to = ?2, recorded_by = ?3, recorded_at = ?4, reason = ?5, revision = revision + 1
            WHERE id = ?1
            """,
            ((number, day, recorded_by, day + _NOON if backdated else now(), ENDED) for number, day in ended),
        )


def add_sessions(db: Database, rows: Iterable[Sequence[Any]], *, backdated: bool = False) -> None:
    """Rows of SESSION_COLUMNS; in the order of their random ids, which the table keeps them in.

    A made-up record is backdated: each row as if it was recorded on its day.
    """
    numbered = sorted((new_id(), *row) for row in rows)
    places = ", ".join(f"?{place}" for place in range(1, len(SESSION_COLUMNS) + 2))
    held_on = 2 + SESSION_COLUMNS.index("held_on")
    with kept(db, enrolment_ids={row[1] for row in numbered}):
        db.conn.executemany(
            f"""
            INSERT INTO sessions (id, {", ".join(SESSION_COLUMNS)}, recorded_at)
            VALUES ({places}, {f"?{held_on} || '{_NOON}'" if backdated else f"'{now()}'"})
            """,  # noqa: S608
            numbered,
        )


def _numbers(ids: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in ids)
