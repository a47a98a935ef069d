"""Writers take turns, first come first served: SQLite alone lets whoever asks at the right moment go first.

SQLite's own waiting looks now and then whether the lock is free. A busy writer nearly always gets there first, and one
that waits may wait for seconds. Here the kernel wakes the next in line at once, and frees what a dead process held.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic


class TooLong(Exception):
    """Others have been writing all this time."""


def line(database: Path) -> Path:
    """The empty file beside a database that is locked by whoever is writing to it."""
    return database.with_name(f".{database.name}.line")


@contextmanager
def turn(database: Path, patience: float) -> Iterator[None]:
    """Alone in writing to this database among all that ask here; TooLong after so many seconds in line.

    Two locks: whoever is at the head of the line holds the folder's, and waits with it for the one that is writing. So
    whoever has written and wants to write again stands behind. Where no lock can be had (a folder that cannot be
    written to), SQLite's own is enough.
    """
    until, held = monotonic() + patience, []
    try:
        try:
            held.append(os.open(database.parent, os.O_RDONLY))
            held.append(_open(database))
        except OSError:
            yield
            return
        for descriptor in held:
            _lock(descriptor, until - monotonic())
        os.close(held.pop(0))
        yield
    finally:
        for descriptor in held:
            os.close(descriptor)


def _open(database: Path) -> int:
    """The line, made if there is none, for whoever owns the database: what root makes the service could not open.

    Never through a link: whoever may write in the folder could have root give them a file of others.
    """
    path, flags, owner = line(database), os.O_RDWR | os.O_NOFOLLOW, database.stat()
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags)
    if os.geteuid() == 0:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def _lock(descriptor: int, patience: float) -> None:
    """Wait in the kernel, which keeps no time: a thread that is left behind gets a lock that nobody holds any more.

    It is only begun where there is time: else the descriptor would be closed before the thread has asked for its lock.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if patience <= 0:
            raise TooLong from None
        waiting = Thread(target=fcntl.flock, args=(descriptor, fcntl.LOCK_EX), daemon=True)
        waiting.start()
        waiting.join(patience)
        if waiting.is_alive():
            raise TooLong from None
    except OSError:
        # a file system without such locks: SQLite's own is enough
        return
