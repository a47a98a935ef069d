"""Informed participation, row after row: the newest of a service user counts."""

from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.names import NAME
from fitservice.store.rows import Row, called, insert, now, one
from fitservice.store.sight import OWN, seen_by

_NEWEST = """(
    SELECT MAX(id)
    FROM participations
    WHERE participations.service_user_id = service_users.id
)"""

WITHDRAWN = f"EXISTS (SELECT 1 FROM participations WHERE id = {_NEWEST} AND kind = 'withdrawn')"  # noqa: S608
"""SQL that is true for a service user who has withdrawn."""


def give(
    db: Database,
    service_user_id: int,
    given_on: date,
    valid_to: date,
    text_version: str,
    language: str,
    given_how: str,
    recorded_by: str,
) -> None:
    """It was told, and the service user takes part."""
    insert(
        db,
        """
        INSERT INTO participations
            (service_user_id, kind, on_day, text_version, language, given_how, valid_to, recorded_by, recorded_at)
        VALUES (:id, 'given', :given_on, :text_version, :language, :given_how, :valid_to, :recorded_by, :now)
        """,
        {
            "id": service_user_id,
            "given_on": given_on.isoformat(),
            "text_version": text_version,
            "language": language,
            "given_how": given_how,
            "valid_to": valid_to.isoformat(),
            "recorded_by": recorded_by,
            "now": now(),
        },
    )


def withdraw(db: Database, service_user_id: int, on_day: date, recorded_by: str) -> None:
    """The service user takes part no longer. Answers on a screen that are in no session yet go with it."""
    params = {"id": service_user_id, "on_day": on_day.isoformat(), "recorded_by": recorded_by, "now": now()}
    insert(
        db,
        """
        INSERT INTO participations (service_user_id, kind, on_day, recorded_by, recorded_at)
        VALUES (:id, 'withdrawn', :on_day, :recorded_by, :now)
        """,
        params,
    )
    db.execute("UPDATE hand_overs SET answers = '{}' WHERE service_user_id = :id AND answers <> '{}'", params)


def newest_of(db: Database, service_user_id: int) -> Row | None:
    """The row that counts; recorder is a name."""
    return next(iter(_of(db, service_user_id, "LIMIT 1")), None)


def history(db: Database, service_user_id: int) -> list[Row]:
    """All rows, newest first."""
    return _of(db, service_user_id)


def _of(db: Database, service_user_id: int, limit: str = "") -> list[Row]:
    return list(
        db.query(
            f"""
            SELECT kind, on_day, text_version, language, given_how, valid_to, recorded_by, recorded_at,
                   {called("recorded_by")} AS recorder
            FROM participations
            WHERE service_user_id = :id
            ORDER BY id DESC {limit}
            """,  # noqa: S608
            {"id": service_user_id},
        )
    )


def is_withdrawn(db: Database, service_user_id: int) -> bool:
    """Whether nothing new may be recorded of this service user."""
    row = one(
        db,
        "SELECT kind FROM participations WHERE service_user_id = :id ORDER BY id DESC LIMIT 1",
        {"id": service_user_id},
    )
    return row is not None and row["kind"] == "withdrawn"


def of_enrolled(db: Database, by: Actor) -> list[Row]:
    """The enrolled of the actor's district: id, reference, name, contact (a name), kind and valid_to of what counts."""
    return list(
        db.query(
            f"""
            SELECT service_users.id, reference, {NAME} AS name, staff.name AS contact, kind, valid_to, on_day
            FROM service_users
            LEFT JOIN staff ON staff.id = caseworker_id
            LEFT JOIN participations ON participations.id = {_NEWEST}
            WHERE {OWN}
              AND EXISTS (
                  SELECT 1
                  FROM enrolments
                  WHERE enrolments.service_user_id = service_users.id AND enrolled_to IS NULL
              )
            ORDER BY valid_to IS NOT NULL, valid_to, reference COLLATE norwegian
            """,  # noqa: S608
            seen_by(by),
        )
    )
