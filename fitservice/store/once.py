"""What forms have done in the last day, so that none does it twice."""

from datetime import timedelta

from sqlite_utils import Database

from fitservice.clock import moment
from fitservice.store.rows import one, value, written

KEPT_FOR = timedelta(days=1)


def target(db: Database, once: str, staff_id: int, act: str | None = None) -> tuple[str, int] | tuple[()] | None:
    """What this form was done to, by this act or any: kind and id, () for nothing of its own; None if it never was."""
    row = one(
        db,
        """
        SELECT target_kind, target_id
        FROM done_once
        WHERE once_hash = :once
          AND staff_id = :staff_id
          AND act = COALESCE(:act, act)
        """,
        {"once": once, "staff_id": staff_id, "act": act},
    )
    if row is None:
        return None
    return (row["target_kind"], row["target_id"]) if row["target_kind"] else ()


def keep(db: Database, once: str, staff_id: int, act: str, subject: tuple[str, int] | None) -> None:
    """Remember it, inside the transaction of the act; what is older than a day is forgotten."""
    db.execute("DELETE FROM done_once WHERE at < :before", {"before": written(moment() - KEPT_FOR)})
    kind, id_ = _shown(db, subject)
    db.execute(
        """
        INSERT INTO done_once (once_hash, act, staff_id, target_kind, target_id, at)
        VALUES (:once, :act, :staff_id, :kind, :id, :at)
        """,
        {"once": once, "act": act, "staff_id": staff_id, "kind": kind, "id": id_, "at": written(moment())},
    )


def _shown(db: Database, subject: tuple[str, int] | None) -> tuple[str | None, int | None]:
    """An enrolment has no page of its own: its service user's shows it."""
    if subject and subject[0] == "enrolment":
        query = "SELECT service_user_id FROM enrolments WHERE id = :id"
        return "service_user", value(db, query, {"id": subject[1]})
    return subject or (None, None)
