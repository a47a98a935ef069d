"""Records that are closed to staff of their own district: to one by name, or to everybody but the contact."""

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import Row, called, insert, new_id, now, one
from fitservice.store.sight import OWN, seen_by

_TOLD = f"""
    SELECT blocks.id, blocks.service_user_id, reference, blocks.staff_id, staff.name AS name, blocks.reason,
           blocks.blocked_at, {called("blocks.blocked_by")} AS blocker, blocks.ended_at,
           {called("blocks.ended_by")} AS ender, blocks.end_reason
    FROM blocks
    JOIN service_users ON service_users.id = blocks.service_user_id
    LEFT JOIN staff ON staff.id = blocks.staff_id
"""  # noqa: S608 - our own text


def add(
    db: Database, service_user_id: int, district_id: int, staff_id: int | None, reason: str, blocked_by: str
) -> int:
    """A new block's id; staff_id None is everybody but the contact. The caller has checked that there is none yet."""
    return insert(
        db,
        """
        INSERT INTO blocks (id, service_user_id, district_id, staff_id, reason, blocked_by, blocked_at)
        VALUES (:id, :service_user_id, :district_id, :staff_id, :reason, :blocked_by, :now)
        """,
        {
            "id": new_id(),
            "service_user_id": service_user_id,
            "district_id": district_id,
            "staff_id": staff_id,
            "reason": reason,
            "blocked_by": blocked_by,
            "now": now(),
        },
    )


def end(db: Database, block_id: int, reason: str, ended_by: str) -> None:
    """The record is open again, and why; the row stays."""
    db.execute(
        "UPDATE blocks SET ended_by = :by, ended_at = :now, end_reason = :reason WHERE id = :id AND ended_at IS NULL",
        {"by": ended_by, "now": now(), "reason": reason, "id": block_id},
    )


def by_id(db: Database, by: Actor, service_user_id: int, block_id: int) -> Row | None:
    """One block of a service user of the actor's district."""
    return one(
        db,
        f"{_TOLD} WHERE blocks.id = :id AND blocks.service_user_id = :service_user_id AND {OWN}",
        {"id": block_id, "service_user_id": service_user_id, **seen_by(by)},
    )


def open_of(db: Database, service_user_id: int) -> set[int | None]:
    """To whom a record is closed: staff ids, and None for everybody but the contact."""
    rows = db.query(
        "SELECT staff_id FROM blocks WHERE service_user_id = :id AND ended_at IS NULL", {"id": service_user_id}
    )
    return {row["staff_id"] for row in rows}


def of_service_user(db: Database, service_user_id: int) -> list[Row]:
    """All blocks of a service user whom the caller has found, newest first; name None is everybody but the contact."""
    return list(
        db.query(
            f"{_TOLD} WHERE blocks.service_user_id = :id ORDER BY blocks.blocked_at DESC, blocks.id",
            {"id": service_user_id},
        )
    )


def holding_in(db: Database, by: Actor) -> list[Row]:
    """The blocks of the actor's district that have not ended, of records that are open to the actor, newest first."""
    return list(
        db.query(
            f"""
            {_TOLD}
            WHERE blocks.district_id = :seer_district AND blocks.ended_at IS NULL AND {OWN}
            ORDER BY blocks.blocked_at DESC, blocks.id
            """,
            seen_by(by),
        )
    )


def past_in(db: Database, by: Actor, limit: int) -> list[Row]:
    """The newest that have ended, the latest first."""
    return list(
        db.query(
            f"""
            {_TOLD}
            WHERE blocks.district_id = :seer_district AND blocks.ended_at IS NOT NULL AND {OWN}
            ORDER BY blocks.ended_at DESC, blocks.id
            LIMIT :limit
            """,
            {"limit": limit, **seen_by(by)},
        )
    )
