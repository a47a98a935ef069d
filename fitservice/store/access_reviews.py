"""Who is let in and since when, and the reviews of it."""

from datetime import date

from sqlite_utils import Database

from fitservice.clock import today
from fitservice.store.rows import Row, called, insert, now, one
from fitservice.store.sight import LETS_IN


def open_accounts(db: Database) -> list[Row]:
    """Every open account by name, with created_at, role_since, last_used_on, has_second_step and granted (a count)."""
    return list(
        db.query(
            f"""
            SELECT staff.id, username, staff.name, role, district_id, districts.name AS district,
                   districts.code AS district_code, staff.created_at, role_since, last_used_on,
                   password_hash IS NOT NULL AS has_password, oidc_subject IS NOT NULL AS from_city,
                   EXISTS (
                       SELECT 1 FROM second_steps WHERE second_steps.staff_id = staff.id AND secret IS NOT NULL
                   ) AS has_second_step,
                   (SELECT COUNT(*) FROM grants WHERE grants.staff_id = staff.id AND {LETS_IN}) AS granted
            FROM staff
            LEFT JOIN districts ON districts.id = staff.district_id
            WHERE closed_at IS NULL
            ORDER BY staff.name COLLATE norwegian, username COLLATE norwegian
            """,  # noqa: S608 - our own text
            {"seen_on": today().isoformat()},
        )
    )


def add(
    db: Database, reviewed_on: date, reviewed_by: str, comment: str, *, accounts: int, tokens: int, with_concern: int
) -> int:
    """Somebody looked through all of them."""
    return insert(
        db,
        """
        INSERT INTO access_reviews (reviewed_on, reviewed_by, comment, accounts, tokens, with_concern, recorded_at)
        VALUES (:reviewed_on, :reviewed_by, :comment, :accounts, :tokens, :with_concern, :now)
        """,
        {
            "reviewed_on": reviewed_on.isoformat(),
            "reviewed_by": reviewed_by,
            "comment": comment,
            "accounts": accounts,
            "tokens": tokens,
            "with_concern": with_concern,
            "now": now(),
        },
    )


def history(db: Database) -> list[Row]:
    """All reviews, newest first: reviewed_on, reviewer (a name), comment, accounts, tokens, with_concern."""
    return list(
        db.query(
            f"""
            SELECT reviewed_on, {called("reviewed_by")} AS reviewer, comment, accounts, tokens, with_concern
            FROM access_reviews
            ORDER BY id DESC
            """  # noqa: S608 - our own text
        )
    )


def reviewed_up_to(db: Database, as_of: date) -> str | None:
    """The day of the latest review up to a day; if there is none, on which the first account was made, if any."""
    row = one(
        db,
        """
        SELECT COALESCE(
            (SELECT MAX(reviewed_on) FROM access_reviews WHERE reviewed_on <= :as_of),
            (SELECT substr(MIN(created_at), 1, 10) FROM staff)
        ) AS day
        """,
        {"as_of": as_of.isoformat()},
    )
    return row["day"] if row else None
