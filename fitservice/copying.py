"""Files of a backup: the copy of a running database, encrypted and opened in the age format, whole or not there.

Everything streams: memory stays flat however large the database is.
"""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from fitservice.model import Invalid, Problem
from fitservice.turns import line


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Invalid if another backup or restore is at work in this folder; the end of a process ends its claim too."""
    descriptor = os.open(folder / ".backup.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Invalid(Problem("backup_running")) from None
    finally:
        os.close(descriptor)


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A new empty file for its owner alone, gone at the end with what SQLite puts beside it; so is one left before."""
    _clear(path)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield path
    finally:
        _clear(path)


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """One state of a running database, page by page, into a file; nobody waits, neither readers nor writers."""
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        source.backup(copy)
        # one file, without a log beside it
        copy.execute("PRAGMA journal_mode = DELETE").close()
    finally:
        copy.close()


def encrypt(source: Path, target: Path, recipient: Recipient) -> None:
    """Write the file in the age format for this recipient, and wait until the disk has it."""
    with _named(target), source.open("rb") as plain, target.open("wb") as sealed:
        pyrage.encrypt_io(plain, sealed, [recipient])
        sealed.flush()
        os.fsync(sealed.fileno())


def decrypt(source: Path, target: Path, identity: Identity) -> None:
    """Write what the file holds; Invalid if this key does not open it, or it is cut short or changed."""
    try:
        with _named(target), source.open("rb") as sealed, target.open("wb") as plain:
            pyrage.decrypt_io(sealed, plain, [identity])
            plain.flush()
            os.fsync(plain.fileno())
    except (pyrage.DecryptError, OSError) as error:
        # what was cut short or changed behind its beginning is an error of reading to pyrage, without a number
        if isinstance(error, OSError) and error.errno:
            raise
        raise Invalid(Problem("backup_shut", known={"file": str(source)})) from None


def put(path: Path, target: Path) -> None:
    """Give a finished file its name, at once and for good; FileExistsError if that is taken."""
    if target.exists():
        raise FileExistsError(17, "there is a file by that name already", str(target))
    path.rename(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """An error of the disk that does not say which file it was about, as one that does."""
    try:
        yield
    except OSError as error:
        if error.filename or not error.errno:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
    except pyrage.EncryptError as error:  # whatever went wrong in writing
        raise OSError(errno.EIO, str(error), str(path)) from None


def _clear(path: Path) -> None:
    for name in (path.name, *(path.name + end for end in ("-wal", "-shm", "-journal")), line(path).name):
        path.with_name(name).unlink(missing_ok=True)
