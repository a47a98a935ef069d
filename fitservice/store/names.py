"""Names of service users: sealed, and found by keyed hashes of their words."""

import json
from collections.abc import Collection, Sequence

from sqlite_utils import Database

from fitservice.model import Actor
from fitservice.store.rows import value
from fitservice.store.sight import OWN, seen_by

NAME = "opened(service_users.name, 'service_users.name:' || service_users.id)"
"""SQL for a service user's name; NULL where there is none."""

_HASH = "keyed_hash('search', {district} || ':' || {word}, {key})"


def set_name(db: Database, service_user_id: int, name: str | None, words: Sequence[str]) -> None:
    """Keep a name and hashes of its words in place of what was there; None is no name."""
    db.execute(
        "UPDATE service_users SET name = sealed(:name, 'service_users.name:' || id) WHERE id = :id",
        {"name": name, "id": service_user_id},
    )
    db.execute("DELETE FROM name_words WHERE service_user_id = :id", {"id": service_user_id})
    hashed = _HASH.format(district="district_id", word="value", key="NULL")
    db.execute(
        f"""
        INSERT INTO name_words (service_user_id, hash, key_id)
        SELECT service_users.id, {hashed}, current_key()
        FROM service_users
        CROSS JOIN json_each(:words)
        WHERE service_users.id = :id
        """,  # noqa: S608 - our own text
        {"words": json.dumps(list(words)), "id": service_user_id},
    )


def having(district_id: int, words: Sequence[str]) -> tuple[str, dict[str, object]]:
    """SQL that is true for service users of a district in whose name all these words are, and what it needs.

    Hashes of every key that is here: those that no newer key has taken over are found too.
    """
    hashed = _HASH.format(district=":district_id", word="words.value", key="keys.value")
    sql = f"""
        service_users.id IN (
            SELECT service_user_id
            FROM json_each(key_ids()) AS keys
            CROSS JOIN json_each(:words) AS words
            JOIN name_words ON hash = {hashed}
            GROUP BY service_user_id
            HAVING COUNT(DISTINCT words.value) = :count
        )
    """  # noqa: S608
    return sql, {"district_id": district_id, "words": json.dumps(list(words)), "count": len(words)}


def with_any_word(db: Database, by: Actor, ids: Collection[int], words: Collection[str]) -> dict[int, str]:
    """The names, by id, of those of these service users whom the actor sees and whose name has one of the words.

    Found by hashes: no other name is opened.
    """
    hashed = _HASH.format(district=":seer_district", word="words.value", key="keys.value")
    rows = db.query(
        f"""
        SELECT id, {NAME} AS name
        FROM service_users
        WHERE id IN (
            SELECT service_user_id
            FROM json_each(key_ids()) AS keys
            CROSS JOIN json_each(:words) AS words
            JOIN name_words ON hash = {hashed}
        )
          AND id IN (SELECT value FROM json_each(:ids))
          AND {OWN}
        """,  # noqa: S608 - our own text
        {**seen_by(by), "ids": json.dumps(list(ids)), "words": json.dumps(list(words))},
    )
    return {row["id"]: row["name"] for row in rows if row["name"]}


def name_of(db: Database, service_user_id: int) -> str | None:
    """The name of one service user; None where there is none."""
    found = value(db, f"SELECT {NAME} FROM service_users WHERE id = :id", {"id": service_user_id})  # noqa: S608
    return None if found is None else str(found)
