"""Screens that were handed to a service user, and the answers given there so far."""

import json
from collections.abc import Collection
from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import Row, insert, new_id, now, one
from fitservice.store.sight import OWN, seen_by


def add(db: Database, staff_id: int, service_user_id: int, held_on: date, language: str, instruments: list[str]) -> int:
    """A new hand-over's id; instruments are the keys of what is asked, in order."""
    return insert(
        db,
        """
        INSERT INTO hand_overs (id, staff_id, service_user_id, held_on, language, instruments, started_at)
        VALUES (:id, :staff_id, :service_user_id, :held_on, :language, :instruments, :now)
        """,
        {
            "id": new_id(),
            "staff_id": staff_id,
            "service_user_id": service_user_id,
            "held_on": held_on.isoformat(),
            "language": language,
            "instruments": json.dumps(instruments),
            "now": now(),
        },
    )


def by_id(db: Database, by: Actor, hand_over_id: int) -> Row | None:
    """One of the actor's own, with lists and answers read and the PIN's and the password's hash.

    None where the record was closed to the actor meanwhile, or the actor works elsewhere by now.
    """
    row = one(
        db,
        f"""
        SELECT hand_overs.*, staff.pin_hash, staff.password_hash
        FROM hand_overs
        JOIN staff ON staff.id = staff_id
        JOIN service_users ON service_users.id = service_user_id
        WHERE hand_overs.id = :id AND staff_id = :seer_id AND {OWN}
        """,  # noqa: S608 - our own text
        {"id": hand_over_id, **seen_by(by)},
    )
    return _read(row) if row else None


def left_over(db: Database, staff_id: int, service_user_id: int, since: date) -> Row | None:
    """The newest of a staff member's own since that day with answers that are in no session yet."""
    row = one(
        db,
        """
        SELECT *
        FROM hand_overs
        WHERE staff_id = :staff_id
          AND service_user_id = :service_user_id
          AND held_on >= :since
          AND answers <> '{}'
        ORDER BY started_at DESC
        LIMIT 1
        """,
        {"staff_id": staff_id, "service_user_id": service_user_id, "since": since.isoformat()},
    )
    return _read(row) if row else None


def keep_answers(db: Database, hand_over_id: int, answers: Row) -> None:
    """What was answered so far."""
    db.execute(
        "UPDATE hand_overs SET answers = :answers WHERE id = :id",
        {"answers": json.dumps(answers), "id": hand_over_id},
    )


def finish(db: Database, hand_over_id: int, session_id: int | None) -> None:
    """The last question is answered; the draft has become a session, or there was no answer."""
    db.execute(
        "UPDATE hand_overs SET finished_at = :now, session_id = :session_id, answers = '{}' WHERE id = :id",
        {"now": now(), "session_id": session_id, "id": hand_over_id},
    )


def end(db: Database, hand_over_id: int) -> None:
    """The last question is answered, but no session can hold the draft: it stays where it is."""
    db.execute("UPDATE hand_overs SET finished_at = :now WHERE id = :id", {"now": now(), "id": hand_over_id})


def take_back(db: Database, hand_over_id: int, sign_in_id: int) -> None:
    """It is over: this sign-in is free again. Others that were handed over with it end: nobody typed anything there."""
    params = {"now": now(), "id": hand_over_id, "sign_in_id": sign_in_id}
    db.execute("UPDATE hand_overs SET taken_back_at = :now WHERE id = :id", params)
    db.execute("UPDATE sign_ins SET hand_over_id = NULL WHERE id = :sign_in_id AND hand_over_id = :id", params)
    db.execute("UPDATE sign_ins SET ended_at = :now WHERE hand_over_id = :id AND ended_at IS NULL", params)


def give_up(db: Database, hand_over_id: int) -> None:
    """It is over, and every sign-in that was handed over with it ends."""
    params = {"now": now(), "id": hand_over_id}
    db.execute("UPDATE hand_overs SET taken_back_at = :now WHERE id = :id", params)
    db.execute("UPDATE sign_ins SET ended_at = :now WHERE hand_over_id = :id AND ended_at IS NULL", params)


def close_to(db: Database, service_user_id: int, staff_ids: Collection[int]) -> None:
    """The record is closed to these: each screen that they handed to this service user ends, with its sign-in."""
    params = {"now": now(), "id": service_user_id, "staff_ids": json.dumps(list(staff_ids))}
    theirs = "service_user_id = :id AND staff_id IN (SELECT value FROM json_each(:staff_ids))"
    db.execute(
        f"""
        UPDATE sign_ins
        SET ended_at = :now
        WHERE hand_over_id IN (SELECT id FROM hand_overs WHERE {theirs}) AND ended_at IS NULL
        """,  # noqa: S608 - our own text
        params,
    )
    db.execute(f"UPDATE hand_overs SET taken_back_at = :now WHERE {theirs} AND taken_back_at IS NULL", params)  # noqa: S608


def lock(db: Database, sign_in_id: int, hand_over_id: int) -> None:
    """This browser is handed over."""
    db.execute(
        "UPDATE sign_ins SET hand_over_id = :hand_over_id WHERE id = :id",
        {"hand_over_id": hand_over_id, "id": sign_in_id},
    )


def count_wrong(db: Database, hand_over_id: int) -> None:
    """One wrong PIN or password more."""
    db.execute("UPDATE hand_overs SET wrong = wrong + 1 WHERE id = :id", {"id": hand_over_id})


def forget_before(db: Database, day: date) -> None:
    """Empty everybody's drafts from before a day."""
    db.execute(
        "UPDATE hand_overs SET answers = '{}' WHERE answers <> '{}' AND held_on < :day",
        {"day": day.isoformat()},
    )


def _read(row: Row) -> Row:
    return row | {"instruments": json.loads(row["instruments"]), "answers": json.loads(row["answers"])}
