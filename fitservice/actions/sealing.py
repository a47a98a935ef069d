"""A new key, and everything that is sealed by an older one sealed anew by the newest."""

from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import acting, telling
from fitservice.keys import add_key, load_keys
from fitservice.model import Actor
from fitservice.rules.person_names import name_words
from fitservice.store import names, sealing


def new_key(db: Database, folder: Path, *, by: Actor) -> str:
    """A key that seals from now on; its id, which is not secret. SettingsError if the keys stand in the environment.

    The file is written inside the act: a row of the log without a key harms nobody, a key without a row would.
    """
    with acting(db, by, Act.ADD_KEY) as note:
        key_id = add_key(folder)
        note.detail = {"key": key_id}
    return key_id


def reseal(db: Database, *, by: Actor) -> Iterator[int]:
    """Seal anew what older keys have sealed, and yield how many rows each short transaction took.

    Where it is broken off, what was done is done, and the next run goes on with the rest.
    """
    check(by, Act.RESEAL)
    for kind in sealing.SEALED:
        after: int | None = -1
        while after is not None:
            with acting(db, by, Act.RESEAL) as note:
                count, after = sealing.reseal(db, kind, after)
                note.detail = {"table": kind.table, "rows": count}
            yield count
    count = 1
    while count:
        with acting(db, by, Act.RESEAL) as note:
            rows = sealing.names_with_old_hashes(db)
            for row in rows:
                names.set_name(db, row["id"], row["name"], name_words(row["name"] or ""))
            count = len(rows)
            note.detail = {"table": "name_words", "rows": count}
        yield count


def old_keys(db: Database, folder: Path, *, by: Actor) -> dict[str, bool | None]:
    """Each older key that is here: None if nothing needs it, True if only the log's seals do, False if more does."""
    with telling(db, by, Act.RESEAL) as note:
        used = sealing.keys_in_use(db)
        keys = load_keys(folder)
        note.detail = {"keys": len(keys.masters)}
    return {key_id: used.get(key_id) for key_id in keys.masters if key_id != keys.current}
