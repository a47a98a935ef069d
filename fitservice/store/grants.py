"""Access that team leads have given to staff of other districts, one service user at a time."""

from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import Row, called, insert, new_id, now, one
from fitservice.store.sight import HOLDS, OWN, READABLE, SHUT_OUT, blocked, seen_by

_TOLD = f"""
    SELECT grants.id, grants.service_user_id, reference, grants.staff_id, staff.name AS name, homes.name AS home,
           grants.reason, grants.valid_to, grants.given_at, {called("grants.given_by")} AS giver,
           grants.ended_at, {called("grants.ended_by")} AS ender, {HOLDS} AS holds,
           {SHUT_OUT} AS shut_out
    FROM grants
    JOIN service_users ON service_users.id = grants.service_user_id
    JOIN staff ON staff.id = grants.staff_id
    LEFT JOIN districts AS homes ON homes.id = staff.district_id
"""  # noqa: S608 - our own text


def give(
    db: Database, service_user_id: int, district_id: int, staff_id: int, reason: str, valid_to: date, given_by: str
) -> int:
    """A new grant's id; the caller has checked to whom and until when."""
    return insert(
        db,
        """
        INSERT INTO grants (id, service_user_id, district_id, staff_id, reason, valid_to, given_by, given_at)
        VALUES (:id, :service_user_id, :district_id, :staff_id, :reason, :valid_to, :given_by, :now)
        """,
        {
            "id": new_id(),
            "service_user_id": service_user_id,
            "district_id": district_id,
            "staff_id": staff_id,
            "reason": reason,
            "valid_to": valid_to.isoformat(),
            "given_by": given_by,
            "now": now(),
        },
    )


def end(db: Database, grant_id: int, ended_by: str) -> None:
    """It holds no longer, from now on."""
    db.execute(
        "UPDATE grants SET ended_by = :by, ended_at = :now WHERE id = :id AND ended_at IS NULL",
        {"by": ended_by, "now": now(), "id": grant_id},
    )


def by_id(db: Database, by: Actor, service_user_id: int, grant_id: int) -> Row | None:
    """One grant about a service user of the actor's district.

    holds is 1 if it holds today, shut_out if the record is closed to whoever got it.
    """
    return one(
        db,
        f"{_TOLD} WHERE grants.id = :id AND grants.service_user_id = :service_user_id AND {OWN}",
        {"id": grant_id, "service_user_id": service_user_id, **seen_by(by)},
    )


def held_by(db: Database, by: Actor, service_user_id: int) -> Row | None:
    """By which grant the actor reads about a service user today; None if by none."""
    return one(
        db,
        f"""
        {_TOLD}
        WHERE grants.service_user_id = :id AND grants.staff_id = :seer_id AND {HOLDS} AND {READABLE}
        ORDER BY grants.valid_to DESC
        LIMIT 1
        """,
        {"id": service_user_id, **seen_by(by)},
    )


def ever_held(db: Database, by: Actor, service_user_id: int) -> bool:
    """Whether the actor was ever given access to a service user of another district whose record is not closed."""
    sql = f"""
        SELECT 1
        FROM grants
        JOIN service_users ON service_users.id = grants.service_user_id
        WHERE grants.service_user_id = :id
          AND grants.staff_id = :seer_id
          AND service_users.district_id <> :seer_district
          AND NOT {blocked("service_users.id")}
        LIMIT 1
        """  # noqa: S608 - our own text
    return one(db, sql, {"id": service_user_id, **seen_by(by)}) is not None


def ever_given_in(db: Database, by: Actor) -> list[Row]:
    """Whoever is elsewhere and was ever let in to a service user of the actor's district: id, name, home; by name."""
    return list(
        db.query(
            f"""
            SELECT DISTINCT staff.id, staff.name AS name, homes.name AS home
            FROM grants
            JOIN service_users ON service_users.id = grants.service_user_id
            JOIN staff ON staff.id = grants.staff_id
            LEFT JOIN districts AS homes ON homes.id = staff.district_id
            WHERE grants.district_id = :seer_district AND staff.district_id IS NOT :seer_district AND {OWN}
            ORDER BY staff.name COLLATE norwegian, staff.id
            """,  # noqa: S608 - our own text
            seen_by(by),
        )
    )


def any_given_to(db: Database, by: Actor) -> bool:
    """Whether any grant of the actor's holds today; whether its record is closed is not asked."""
    sql = f"SELECT 1 FROM grants WHERE staff_id = :seer_id AND {HOLDS} LIMIT 1"  # noqa: S608
    return one(db, sql, seen_by(by)) is not None


def given_to(db: Database, by: Actor) -> list[Row]:
    """What the actor may read by grants today, soonest over first: also district, whose service user it is."""
    return list(
        db.query(
            f"""
            {_TOLD.replace("SELECT ", "SELECT theirs.name AS district, ", 1)}
            JOIN districts AS theirs ON theirs.id = grants.district_id
            WHERE grants.staff_id = :seer_id AND {HOLDS} AND {READABLE}
            ORDER BY grants.valid_to, reference COLLATE norwegian
            """,
            seen_by(by),
        )
    )


def of_service_user(db: Database, by: Actor, service_user_id: int) -> list[Row]:
    """All that were given about a service user whom the caller has found, newest first."""
    return list(
        db.query(
            f"{_TOLD} WHERE grants.service_user_id = :id ORDER BY grants.given_at DESC, grants.id",
            {"id": service_user_id, **seen_by(by)},
        )
    )


def holding_in(db: Database, by: Actor) -> list[Row]:
    """What holds today about service users of the actor's district, soonest over first."""
    return list(
        db.query(
            f"""
            {_TOLD}
            WHERE grants.district_id = :seer_district AND {HOLDS} AND {OWN}
            ORDER BY grants.valid_to, grants.id
            """,
            seen_by(by),
        )
    )


def past_in(db: Database, by: Actor, limit: int) -> list[Row]:
    """The newest that hold no longer about service users of the actor's district, by the day they were given until."""
    return list(
        db.query(
            f"""
            {_TOLD}
            WHERE grants.district_id = :seer_district AND NOT {HOLDS} AND {OWN}
            ORDER BY grants.valid_to DESC, grants.id
            LIMIT :limit
            """,
            {"limit": limit, **seen_by(by)},
        )
    )
