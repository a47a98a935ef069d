"""The audit table: who did what, to whom, when. It only grows."""

import json

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import insert, now


def write(
    db: Database,
    by: Actor,
    act: str,
    subject: tuple[str, int] | None = None,
    detail: dict[str, object] | None = None,
) -> None:
    """Add one row; detail never holds a score, a name or a reference."""
    insert(
        db,
        """
        INSERT INTO audit (at, actor, role, act, district_id, subject_kind, subject_id, detail, address)
        VALUES (:at, :actor, :role, :act, :district_id, :subject_kind, :subject_id, :detail, :address)
        """,
        {
            "at": now(),
            "actor": by.name,
            "role": by.role.value,
            "act": act,
            "district_id": by.district_id,
            "subject_kind": subject[0] if subject else None,
            "subject_id": subject[1] if subject else None,
            "detail": json.dumps(detail, ensure_ascii=False) if detail else None,
            "address": by.address,
        },
    )
