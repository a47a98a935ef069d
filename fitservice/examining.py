"""Whether a copy of the database is whole and can be used here, and what it holds."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from fitservice.db import NEEDS_KEYS, connect, of_later_version
from fitservice.keys import load_keys
from fitservice.model import Invalid, Problem
from fitservice.rules.heads import head_line
from fitservice.store import whole


@dataclass(frozen=True)
class Held:
    """What a copy holds: sessions, when the newest of them was recorded, and the head of its log."""

    sessions: int
    newest: str | None
    head: str | None


def examine(path: Path) -> Held:
    """What a copy holds. Invalid if it is not whole, not ours, or the newest row of its log does not fit its seal."""
    db = connect(path)
    try:
        _refuse_faults(db)
        return _held(db)
    finally:
        db.close()


def examine_for_use(path: Path, folder: Path) -> Held:
    """The same; Invalid too if it is of a later version, or sealed by keys that are not in this folder."""
    db = connect(path)
    try:
        _refuse_faults(db)
        if later := of_later_version(db):
            raise Invalid(Problem("later_version", known={"names": ", ".join(later)}))
        if NEEDS_KEYS in whole.applied(db):
            missing = whole.sealed_by(db) - set(load_keys(folder).masters)
            if missing:
                known = {"keys": ", ".join(sorted(missing)), "folder": str(folder)}
                raise Invalid(Problem("keys_missing", known=known))
        return _held(db)
    finally:
        db.close()


def _refuse_faults(db: Database) -> None:
    if found := whole.faults(db):
        raise Invalid(Problem("not_whole", known={"what": "; ".join(found)}))
    if not whole.applied(db):
        raise Invalid(Problem("not_ours"))


def _held(db: Database) -> Held:
    held = whole.holds(db)
    head = held["head"]
    if head and not whole.is_head_sealed(db):
        raise Invalid(Problem("head_unsealed"))
    return Held(held["sessions"], held["newest"], head_line(head["id"], head["at"], head["seal"]) if head else None)
