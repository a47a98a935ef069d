"""Service users, always as one actor sees them: whoever is elsewhere, or closed to the actor, is not found."""

import sqlite3
from collections.abc import Sequence

from sqlite_utils import Database

from fitservice.access import district_of
from fitservice.model import Actor, Period
from fitservice.rules.answers import reference_key
from fitservice.store.names import NAME, having
from fitservice.store.rows import Row, called, insert, new_id, now, one, value
from fitservice.store.sight import OWN, READABLE, seen_by

# The latest enrolment stands for the person; asked means a score, or a reason that shows the question was put.
_OVERVIEW = f"""
    SELECT service_users.id, reference, {NAME} AS name, birth_year,
           latest.id AS enrolment_id, enrolled_from, enrolled_to,
           caseworker_id AS contact_id, staff.name AS contact, closed_at IS NOT NULL AS contact_closed,
           (SELECT MAX(held_on)
            FROM sessions
            WHERE sessions.enrolment_id = latest.id
              AND withdrawn = 0
              AND (life_satisfaction IS NOT NULL OR missing_reason IN ('declined', 'not_able'))) AS last_asked
    FROM service_users
    JOIN enrolments AS latest ON latest.id = (
        SELECT id
        FROM enrolments
        WHERE service_user_id = service_users.id
        ORDER BY enrolled_from DESC
        LIMIT 1
    )
    LEFT JOIN staff ON staff.id = caseworker_id
    WHERE {OWN}
"""  # noqa: S608 - our own text


def enrolled(db: Database, by: Actor) -> list[Row]:
    """Those with an open enrolment, in no order: also enrolled_from, last_asked in it, the contact."""
    return list(db.query(f"{_OVERVIEW} AND enrolled_to IS NULL", seen_by(by)))


def without_score(db: Database, by: Actor, period: Period) -> list[Row]:
    """The same of those who are enrolled at some time of a period, and have no life-satisfaction score in it."""
    return list(
        db.query(
            f"{_OVERVIEW} AND {_ACTIVE} AND NOT {_MEASURED}",
            {
                **seen_by(by),
                "first_day": period.first_day.isoformat(),
                "last_day": period.last_day.isoformat(),
            },
        )
    )


def ended_without_score(db: Database, district_id: int, period: Period) -> int:
    """How many of those have ended, records that are closed to some of the staff among them: a number, and no one."""
    params = {
        "district_id": district_id,
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
    }
    return int(value(db, _ENDED_WITHOUT_SCORE, params))


_ACTIVE = """
    EXISTS (
        SELECT 1
        FROM enrolments
        WHERE enrolments.service_user_id = service_users.id
          AND enrolled_from <= :last_day
          AND (enrolled_to IS NULL OR enrolled_to >= :first_day)
    )
"""

_MEASURED = """
    EXISTS (
        SELECT 1
        FROM enrolments
        JOIN sessions ON sessions.enrolment_id = enrolments.id
        WHERE enrolments.service_user_id = service_users.id
          AND held_on BETWEEN :first_day AND :last_day
          AND withdrawn = 0
          AND life_satisfaction IS NOT NULL
    )
"""


_ENDED_WITHOUT_SCORE = f"""
    SELECT COUNT(*)
    FROM service_users
    WHERE district_id = :district_id
      AND {_ACTIVE}
      AND NOT {_MEASURED}
      AND NOT EXISTS (SELECT 1 FROM enrolments WHERE service_user_id = service_users.id AND enrolled_to IS NULL)
"""  # noqa: S608


def sealed_search(db: Database, text: str, sign_in_id: int) -> str:
    """What was typed into the search, for an address that only this sign-in can read."""
    sealed: str = value(db, "SELECT sealed(:text, 'search:' || :id)", {"text": text, "id": sign_in_id})
    return sealed


def opened_search(db: Database, sealed: str, sign_in_id: int) -> str:
    """What was typed; '' where it was sealed for another sign-in, or is nothing of ours."""
    try:
        opened: str = value(db, "SELECT opened(:sealed, 'search:' || :id)", {"sealed": sealed, "id": sign_in_id})
    except sqlite3.OperationalError:  # whatever a function of ours raises
        return ""
    return opened


def matching(db: Database, by: Actor, text: str, words: Sequence[str], limit: int) -> list[Row]:
    """Those whose reference holds the text, or in whose name all the words are, ended ones too; open ones first."""
    pattern = reference_key(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    has_name, params = having(district_of(by), words)
    return list(
        db.query(
            f"""
            {_OVERVIEW}
              AND (reference_key LIKE :pattern ESCAPE '\\' OR {has_name})
            ORDER BY enrolled_to IS NOT NULL, reference COLLATE norwegian
            LIMIT :limit
            """,
            {**params, **seen_by(by), "pattern": f"%{pattern}%", "limit": limit},
        )
    )


def by_id(db: Database, by: Actor, service_user_id: int, *, to_read: bool = False) -> Row | None:
    """One service user: id, reference, name, birth_year, asked_in, district_id, district (its name), the contact.

    The contact is contact_username, contact (the name) and contact_closed; nobody is None. Of the actor's district;
    to_read finds those of others too to whom the actor has been given access.
    """
    return one(
        db,
        f"""
        SELECT service_users.id, reference, {NAME} AS name, birth_year, asked_in, corrections,
               service_users.district_id, districts.name AS district,
               username AS contact_username, staff.name AS contact, closed_at IS NOT NULL AS contact_closed
        FROM service_users
        JOIN districts ON districts.id = service_users.district_id
        LEFT JOIN staff ON staff.id = caseworker_id
        WHERE service_users.id = :id AND {READABLE if to_read else OWN}
        """,  # noqa: S608
        {"id": service_user_id, **seen_by(by)},
    )


def by_reference(db: Database, district_id: int, reference: str) -> Row | None:
    """The one with this reference in the district, whatever its case, also where the actor does not see it.

    A reference is taken once: hidden_from() says whether it may be told by whom.
    """
    return one(
        db,
        """
        SELECT id, reference, birth_year
        FROM service_users
        WHERE district_id = :district_id AND reference_key = :key
        """,
        {"district_id": district_id, "key": reference_key(reference)},
    )


def add(db: Database, district_id: int, reference: str, birth_year: int | None, asked_in: str = "nb") -> int:
    """A new service user's id; the caller has checked that the reference is free in the district."""
    return insert(
        db,
        """
        INSERT INTO service_users (id, district_id, reference, reference_key, birth_year, asked_in, created_at)
        VALUES (:id, :district_id, :reference, :key, :birth_year, :asked_in, :now)
        """,
        {
            "id": new_id(),
            "district_id": district_id,
            "reference": reference,
            "key": reference_key(reference),
            "birth_year": birth_year,
            "asked_in": asked_in,
            "now": now(),
        },
    )


def correct(
    db: Database, service_user_id: int, reference: str, birth_year: int | None, reason: str, corrected_by: str
) -> None:
    """Keep who this person was, and put another reference and year of birth in their place."""
    params = {
        "id": service_user_id,
        "reference": reference,
        "key": reference_key(reference),
        "birth_year": birth_year,
        "reason": reason,
        "by": corrected_by,
        "now": now(),
    }
    db.execute(
        """
        INSERT INTO service_user_revisions
            (service_user_id, correction, reference, birth_year, corrected_by, corrected_at, reason)
        SELECT id, corrections + 1, reference, birth_year, :by, :now, :reason
        FROM service_users
        WHERE id = :id
        """,
        params,
    )
    db.execute(
        """
        UPDATE service_users
        SET reference = :reference, reference_key = :key, birth_year = :birth_year, corrections = corrections + 1
        WHERE id = :id
        """,
        params,
    )


def earlier(db: Database, service_user_id: int) -> list[Row]:
    """What this person's reference and year of birth were, newest first, and why they were corrected; by a name."""
    return list(
        db.query(
            f"""
            SELECT correction, reference, birth_year, {called("corrected_by")} AS corrected_by, corrected_at, reason
            FROM service_user_revisions
            WHERE service_user_id = :id
            ORDER BY correction DESC
            """,  # noqa: S608
            {"id": service_user_id},
        )
    )


def set_caseworker(db: Database, service_user_id: int, staff_id: int | None) -> None:
    """Who is the contact of this person; None is nobody."""
    db.execute(
        "UPDATE service_users SET caseworker_id = :staff_id WHERE id = :id",
        {"staff_id": staff_id, "id": service_user_id},
    )


def set_asked_in(db: Database, service_user_id: int, language: str) -> None:
    """The language in which this person is asked."""
    db.execute(
        "UPDATE service_users SET asked_in = :language WHERE id = :id",
        {"language": language, "id": service_user_id},
    )
