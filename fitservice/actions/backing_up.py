"""Backups: a copy of the running database, encrypted, opened again to see that it can be, and old ones let go."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import acting
from fitservice.backup_keys import BackupKey
from fitservice.clock import OSLO, moment, today
from fitservice.copying import alone, copy_database, decrypt, draft, encrypt, put
from fitservice.db import connect, is_migrated, of_later_version
from fitservice.examining import Held, examine
from fitservice.model import Actor
from fitservice.rules.rotation import to_keep
from fitservice.store import whole

_NAME = re.compile(r"fitservice-(\d{4}-\d\d-\d\dT\d{6})Z\.age")


@dataclass(frozen=True)
class BackUp:
    """A finished backup. is_restored says that the finished file itself was opened and read, not only the copy."""

    path: Path
    size: int
    held: Held
    is_restored: bool
    dropped: int = 0


def back_up(db: Database, instance: Path, folder: Path, key: BackupKey, *, by: Actor) -> BackUp:
    """Make a backup in the folder and let the old ones go that rules/rotation.py does not keep; logged, or not made.

    Nobody waits meanwhile. Invalid if the database is not whole; the finished file is there whole or not at all.
    """
    check(by, Act.BACK_UP)
    with alone(instance):
        made = _make(db, instance, folder, key)
        try:
            log_back_up(db, made, by=by)
        except BaseException:
            made.path.unlink(missing_ok=True)
            raise
        return BackUp(made.path, made.size, made.held, made.is_restored, _drop_old(folder))


def back_up_before(path: Path, folder: Callable[[], Path], key: Callable[[], BackupKey], *, by: Actor) -> BackUp | None:
    """A backup of a database that is about to be migrated; None where nothing is pending, or nothing could be lost.

    Folder and key are asked for only where they are needed, because that may make them. The log may be of an earlier
    version: log_back_up() writes the row when it is migrated.
    """
    check(by, Act.BACK_UP)
    if not path.exists():
        return None
    db = connect(path)
    try:
        if is_migrated(db) or of_later_version(db) or not whole.is_worth_keeping(db):
            return None
        with alone(path.parent):
            return _make(db, path.parent, folder(), key())
    finally:
        db.close()


def log_back_up(db: Database, made: BackUp, *, by: Actor) -> None:
    """The row in the log that says so."""
    with acting(db, by, Act.BACK_UP) as note:
        note.detail = {"file": made.path.name, "bytes": made.size, "restored": made.is_restored}


def _make(db: Database, instance: Path, folder: Path, key: BackupKey) -> BackUp:
    """Copy, encrypt, check, name. What is not encrypted never leaves the instance folder, and does not stay there."""
    target = folder / f"fitservice-{moment():%Y-%m-%dT%H%M%S}Z.age"
    with draft(folder / ".fitservice.age.draft") as sealed:
        with draft(instance / ".backup.copy") as copy:
            copy_database(db.conn, copy)
            held = None if key.identity else examine(copy)
            encrypt(copy, sealed, key.recipient)
        if key.identity:
            with draft(instance / ".backup.check") as opened:
                decrypt(sealed, opened, key.identity)
                held = examine(opened)
        assert held is not None  # noqa: S101 - one of the two was read
        size = sealed.stat().st_size
        put(sealed, target)
    return BackUp(target, size, held, key.identity is not None)


def _drop_old(folder: Path) -> int:
    """Remove what need not be kept, of our own names alone; how many went."""
    made = {_made_at(path): path for path in folder.iterdir() if _NAME.fullmatch(path.name)}
    old = made.keys() - to_keep(made, today())
    for one in old:
        made[one].unlink()
    return len(old)


def _made_at(path: Path) -> datetime:
    found = _NAME.fullmatch(path.name)
    assert found  # noqa: S101 - only such names are asked about
    return datetime.strptime(found[1], "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC).astimezone(OSLO)
