"""For whom backups are encrypted: an age key pair (X25519). Making one needs the public half alone.

Both halves are made at first use, beside the database: backup_key (mode 0600), which is to be kept elsewhere and may
then be taken away, and backup_recipient, the public half. The setting BACKUP_RECIPIENT names another public half.
"""

import stat
from dataclasses import dataclass, field
from pathlib import Path

from pyrage import IdentityError, RecipientError
from pyrage.x25519 import Identity, Recipient

from fitservice.private import write_once
from fitservice.settings import SettingsError

KEY, RECIPIENT = "backup_key", "backup_recipient"


@dataclass(frozen=True)
class BackupKey:
    """The public half, and the private one where it is here; made says that it was not before."""

    recipient: Recipient
    identity: Identity | None = field(default=None, repr=False)
    made: bool = False


def backup_key(folder: Path, setting: str = "") -> BackupKey:
    """The key of this instance folder, or the one of the setting; SettingsError if it cannot be used."""
    made = False
    if setting:
        recipient = _recipient(setting, "BACKUP_RECIPIENT")
    else:
        made = not (folder / RECIPIENT).exists() and not (folder / KEY).exists()
        if made:
            write_once(folder / KEY, _text(Identity.generate()))
        if not (folder / RECIPIENT).exists():
            write_once(folder / RECIPIENT, f"{read_identity(folder / KEY).to_public()}\n")
        recipient = _recipient((folder / RECIPIENT).read_text(encoding="utf-8"), str(folder / RECIPIENT))
    identity = read_identity(folder / KEY) if (folder / KEY).exists() else None
    if identity and str(identity.to_public()) != str(recipient):
        identity = None
    return BackupKey(recipient, identity, made)


def read_identity(path: Path) -> Identity:
    """The private half in a file; SettingsError if it is missing, holds none, or could be read by others."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise SettingsError(f"{path} is missing: it is the key that opens backups") from None
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SettingsError(f"{path} can be read by others: chmod 600 {path}")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines:
        if line.strip() and not line.startswith("#"):
            try:
                return Identity.from_str(line.strip())
            except IdentityError:
                break
    raise SettingsError(f"{path} holds no key of the age format")


def _recipient(text: str, where: str) -> Recipient:
    try:
        return Recipient.from_str(text.strip())
    except RecipientError:
        raise SettingsError(f"{where} must be a public key of the age format (age1…)") from None


def _text(identity: Identity) -> str:
    """As age-keygen writes it."""
    return (
        f"# opens the backups of fitservice: keep it elsewhere too\n# public key: {identity.to_public()}\n{identity}\n"
    )
