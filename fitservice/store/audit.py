"""The audit table: who did what, to whom, when. It only grows, and each row is sealed with the one before it."""

import json

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.rules.chain import BEGINNING, Link
from fitservice.store.rows import Row, insert, now, one, value

SAID = ("id", "at", "actor", "role", "act", "district_id", "subject_kind", "subject_id", "detail", "address")
WHOM = ("service_user_id", "service_user_district_id")
BATCH = 5000


def write(
    db: Database,
    by: Actor,
    act: str,
    subject: tuple[str, int] | None = None,
    detail: dict[str, object] | None = None,
) -> None:
    """Add one row, inside the transaction of the act; detail never holds a score, a name or a reference.

    Reads one row, the last. sqlite3.OperationalError without the key.
    """
    before, key_id = _newest_and_key(db)
    row: Row = {
        "id": before.id + 1,
        "at": now(),
        "actor": by.name,
        "role": by.role.value,
        "act": str(act),
        "district_id": by.district_id,
        "subject_kind": subject[0] if subject else None,
        "subject_id": subject[1] if subject else None,
        "detail": json.dumps(detail, ensure_ascii=False) if detail else None,
        "address": by.address,
        **_whom(db, subject),
        "key_id": key_id,
    }
    insert(
        db,
        """
        INSERT INTO audit (id, at, actor, role, act, district_id, subject_kind, subject_id, detail, address,
                           service_user_id, service_user_district_id, key_id, seal)
        VALUES (:id, :at, :actor, :role, :act, :district_id, :subject_kind, :subject_id, :detail, :address,
                :service_user_id, :service_user_district_id, :key_id, keyed_hash('audit', :text, :key_id))
        """,
        {**row, "text": canonical(row, before.seal)},
    )


def canonical(row: Row, seal_before: str, *, as_id: int | None = None) -> str:
    """The text that a seal is made of: the row with its id, its key and the seal before it, as JSON."""
    said = [as_id or row["id"], *(row[name] for name in (*SAID[1:], *WHOM, "key_id")), seal_before]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def newest(db: Database) -> Link:
    """The last row, or where the chain goes on from, or its beginning; a row whose seal was taken has an empty one."""
    return _newest_and_key(db)[0]


def _newest_and_key(db: Database) -> tuple[Link, str]:
    """With the key that seals now; one query, for every act asks it."""
    row = one(db, "SELECT id, seal, current_key() AS key_id FROM audit WHERE id = (SELECT MAX(id) FROM audit)", {})
    if not row:
        return trimmed_to(db), value(db, "SELECT current_key()")
    return Link(row["id"], row["seal"] or ""), row["key_id"]


def head(db: Database) -> Row | None:
    """id, at and seal of the last row, to be kept elsewhere; None while there is none."""
    return one(db, "SELECT id, at, seal FROM audit WHERE id = (SELECT MAX(id) FROM audit)", {})


def seal_what_is_old(db: Database) -> None:
    """Seal all rows in their order, inside the transaction that brings the chain and at no other time.

    A row that has no seal later lost it, and would be made good.
    """
    before = BEGINNING
    key_id = value(db, "SELECT current_key()")
    while rows := _unsealed(db, before.id):
        sealed = []
        for row in rows:
            subject = (row["subject_kind"], row["subject_id"]) if row["subject_kind"] else None
            row |= {**_whom(db, subject), "key_id": key_id}
            seal = value(
                db,
                "SELECT keyed_hash('audit', :text, :key_id)",
                {"text": canonical(row, before.seal), "key_id": key_id},
            )
            before = Link(row["id"], seal)
            sealed.append({name: row[name] for name in ("id", "key_id", *WHOM)} | {"seal": seal})
        db.conn.executemany(
            """
            UPDATE audit
            SET key_id = :key_id,
                seal = :seal,
                service_user_id = :service_user_id,
                service_user_district_id = :service_user_district_id
            WHERE id = :id
            """,
            sealed,
        )


def _unsealed(db: Database, after: int) -> list[Row]:
    return list(
        db.query(
            f"SELECT {', '.join(SAID)} FROM audit WHERE id > :after ORDER BY id LIMIT :batch",  # noqa: S608 - our own names
            {"after": after, "batch": BATCH},
        )
    )


def trimmed_to(db: Database) -> Link:
    """The last row that was trimmed; the beginning if none ever was."""
    row = one(
        db,
        """
        SELECT last_id, last_seal
        FROM audit_checkpoints
        WHERE last_id = (SELECT MAX(last_id) FROM audit_checkpoints)
        """,
        {},
    )
    return Link(row["last_id"], row["last_seal"]) if row else BEGINNING


_WHOM_OF = {
    "service_user": "SELECT id, district_id FROM service_users WHERE id = :id",
    "enrolment": """
        SELECT service_users.id, service_users.district_id
        FROM enrolments
        JOIN service_users ON service_users.id = enrolments.service_user_id
        WHERE enrolments.id = :id
        """,
    "session": """
        SELECT service_users.id, service_users.district_id
        FROM sessions
        JOIN enrolments ON enrolments.id = sessions.enrolment_id
        JOIN service_users ON service_users.id = enrolments.service_user_id
        WHERE sessions.id = :id
        """,
}


def _whom(db: Database, subject: tuple[str, int] | None) -> Row:
    """The service user whom a subject is about, and their district; nobody for a district, an account, a release."""
    found = one(db, _WHOM_OF[subject[0]], {"id": subject[1]}) if subject and subject[0] in _WHOM_OF else None
    return dict(zip(WHOM, found.values() if found else (None, None), strict=True))
