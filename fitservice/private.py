"""Files for their owner alone: the key that signs cookies, the keys of the record."""

import os
import secrets
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """Write a file of mode 0600 unless there is one; of two processes at once the first wins, whole."""
    if path.exists():
        return
    draft = _draft(path, text)
    try:
        # link() fails if another process was first: both then read the same file
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def write_anew(path: Path, text: str) -> None:
    """Replace a file by one of mode 0600, at once: whoever reads sees the old text or the new one."""
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # a full disk keeps nothing half
        draft.unlink()
        raise
    return draft
