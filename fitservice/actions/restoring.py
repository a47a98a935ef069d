"""A backup becomes a database again: opened, read through, brought up to date, and only then given its name."""

import os
from pathlib import Path

from pyrage.x25519 import Identity

from fitservice.access import Act, check
from fitservice.acting import acting
from fitservice.actions.counting import bring_up_to_date
from fitservice.copying import alone, decrypt, draft, sync_folder
from fitservice.db import connect
from fitservice.examining import Held, examine_for_use
from fitservice.instruments import Instruments
from fitservice.model import Actor, Invalid, Problem

DATABASE = "fitservice.db"


def restore(file: Path, folder: Path, identity: Identity, instruments: Instruments, *, by: Actor) -> Held:
    """Make the database of this folder from a backup; what it holds. Logged in the restored database.

    Invalid, and nothing is changed, if there is a database already, if the backup cannot be opened or is not whole, if
    it is of a later version, or if the folder has not the keys by which something in it is sealed. Until all that is
    known there is only a draft under a name that nothing else reads.
    """
    check(by, Act.RESTORE)
    target = folder / DATABASE
    _refuse_overwriting(target)
    with alone(folder), draft(folder / ".restore.draft") as copy:
        decrypt(file, copy, identity)
        held = examine_for_use(copy, folder)
        bring_up_to_date(copy, instruments)
        db = connect(copy)
        try:
            with acting(db, by, Act.RESTORE) as note:
                note.detail = {"file": file.name, "sessions": held.sessions, "head": held.head}
            # one file again, so that its name alone makes it whole
            db.execute("PRAGMA journal_mode = DELETE").close()
        finally:
            db.close()
        _refuse_overwriting(target)
        # link() refuses a name that was taken in the meantime
        os.link(copy, target)
        sync_folder(folder)
    return held


def _refuse_overwriting(target: Path) -> None:
    """Also what SQLite left beside a database that is gone: it would be read into the new one."""
    for name in (target.name, f"{target.name}-wal", f"{target.name}-journal"):
        if target.with_name(name).exists():
            raise Invalid(Problem("database_there", known={"file": str(target.with_name(name))}))
