"""Whether the service is well: what 'doctor' looks at, one thing at a time."""

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.clock import moment
from fitservice.db import as_migrated, is_migrated, of_later_version
from fitservice.instruments import Instruments
from fitservice.keys import load_keys
from fitservice.model import Actor
from fitservice.rules.contribution import marks_of
from fitservice.rules.health import Checked
from fitservice.settings import SettingsError
from fitservice.store import audit, counters, demo, health, sealing

PRIVATE = ("fitservice.db", "fitservice.db-wal", "fitservice.db-shm", "keys", "secret_key", "config.py")
"""Files of the instance folder that are for their owner alone."""
LEAST_FREE = 500 * 1024**2
"""Bytes, or as many as the database has: a migration may need them."""
AHEAD = timedelta(minutes=5)


def is_ready_to_serve(db: Database, folder: Path, instruments: Instruments) -> bool:
    """Whether the database is up to date and its keys are here; sqlite3.Error where it does not open."""
    try:
        load_keys(folder)
    except SettingsError:
        return False
    return is_migrated(db) and not of_later_version(db) and counters.is_counted_by(db, marks_of(instruments))


def look_at_files(folder: Path) -> Iterator[Checked]:
    """Who may read the folder's files, and how much room is left."""
    loose = [name for name in PRIVATE if (folder / name).exists() and _mode(folder / name) & 0o077]
    if _mode(folder) & 0o022:
        loose.insert(0, ".")
    yield Checked("permissions", not loose, {"files": ", ".join(str(folder / name) for name in loose)})
    database = folder / "fitservice.db"
    needed = max(LEAST_FREE, database.stat().st_size if database.exists() else 0)
    free = shutil.disk_usage(folder).free
    yield Checked("disk", free >= needed, {"free": free // 1024**2, "needed": needed // 1024**2})


def is_demo(db: Database) -> bool:
    """Whether everything in it is made up, so that no advice is needed."""
    return demo.is_demo(db)


def look_at_database(db: Database, folder: Path, instruments: Instruments, *, by: Actor) -> Iterator[Checked]:
    """Migrations, keys, what is in the database beside its rows, and the clock; ends where the rest cannot be read."""
    check(by, Act.VERIFY_AUDIT)
    if later := of_later_version(db):
        yield Checked("version", False, {"names": ", ".join(later)})
        return
    migrated = is_migrated(db)
    yield Checked("migrations", migrated)
    if not migrated:
        return
    yield Checked("instruments", counters.is_counted_by(db, marks_of(instruments)))
    yield _keys(db, folder)
    yield from _objects(db, folder)
    newest = audit.head(db)
    ahead = newest and datetime.fromisoformat(newest["at"]) > moment() + AHEAD
    yield Checked("clock", not ahead, {"at": newest["at"] if newest else ""})


def _keys(db: Database, folder: Path) -> Checked:
    try:
        here = set(load_keys(folder).masters)
    except SettingsError as error:
        return Checked("keys", False, {"missing": str(error)})
    missing = sorted(sealing.keys_in_use(db).keys() - here)
    return Checked("keys", not missing, {"missing": ", ".join(missing)})


def _objects(db: Database, folder: Path) -> Iterator[Checked]:
    with as_migrated(folder) as right:
        expected = health.objects(right)
    found = health.objects(db)
    gone = sorted(name for name, sql in expected.items() if name not in found)
    changed = [name for name, sql in expected.items() if name in found and found[name] != sql]
    # tables change their text where columns were added later; triggers and indexes never do
    changed = sorted(name for name in changed if not name.startswith("table "))
    foreign = sorted(set(found) - set(expected))
    yield Checked("triggers", not (gone or changed), {"names": ", ".join(gone + changed)})
    yield Checked("foreign", not foreign, {"names": ", ".join(foreign)})


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
