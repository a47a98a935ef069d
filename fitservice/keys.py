"""The keys of the record: beside the database, never in it. From one master key comes a key for each purpose.

A line for each master key, "id:base64 of 32 bytes", in the instance folder's file keys (mode 0600) or, all of them
with spaces between, in FITSERVICE_KEYS. The last one seals what is new; the others still open what is old.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fitservice.private import write_anew, write_once
from fitservice.settings import SettingsError

VARIABLE = "FITSERVICE_KEYS"
NONCE = 12
"""Bytes in front of what is sealed."""


class CannotOpen(Exception):
    """What is sealed was sealed by a key that is not here, in another place, or was changed."""


@dataclass(frozen=True)
class Keys:
    """Master keys by id, the newest last; nothing of them is ever printed."""

    masters: Mapping[str, bytes] = field(repr=False)

    @property
    def current(self) -> str:
        """The id of the key by which new things are sealed."""
        return list(self.masters)[-1]

    def keyed_hash(self, purpose: str, text: str, key_id: str | None = None) -> str:
        """HMAC-SHA256 of a text as 64 hex digits; CannotOpen for a key that is not here."""
        key = self._key(key_id or self.current, purpose)
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def sealed(self, text: str, place: str) -> str:
        """The text encrypted by AES-256-GCM-SIV, bound to its place ("service_users.name:17"): "key id:base64"."""
        nonce = secrets.token_bytes(NONCE)
        kept = AESGCMSIV(self._key(self.current, "field")).encrypt(nonce, text.encode(), place.encode())
        return f"{self.current}:{base64.b64encode(nonce + kept).decode()}"

    def opened(self, sealed: str, place: str) -> str:
        """What was sealed at that place; CannotOpen if the key is gone, the place another, or a bit was changed."""
        key_id, _, kept = sealed.partition(":")
        try:
            bits = base64.b64decode(kept, validate=True)
            text = AESGCMSIV(self._key(key_id, "field")).decrypt(bits[:NONCE], bits[NONCE:], place.encode())
        except (InvalidTag, ValueError, binascii.Error):
            raise CannotOpen(f"{place} cannot be opened") from None
        return text.decode()

    def _key(self, key_id: str, purpose: str) -> bytes:
        if key_id not in self.masters:
            raise CannotOpen(f"the key {key_id} is not here")
        return _derived(self.masters[key_id], purpose)


def make_keys(folder: Path) -> None:
    """The first key, unless there are keys already."""
    if VARIABLE not in os.environ:
        write_once(folder / "keys", _line())


def add_key(folder: Path) -> str:
    """A new key that seals from now on; its id. SettingsError if the keys stand in the environment."""
    if VARIABLE in os.environ:
        raise SettingsError(f"the keys stand in {VARIABLE}: add the new one there, last")
    path, line = folder / "keys", _line()
    load_keys(folder)
    write_anew(path, path.read_text(encoding="utf-8").rstrip("\n") + f"\n{line}")
    return line.partition(":")[0]


def load_keys(folder: Path) -> Keys:
    """The keys as they stand now; SettingsError if there are none, or the file could be read by others."""
    text = os.environ.get(VARIABLE)
    if text is not None:
        return _read(text, VARIABLE)
    path = folder / "keys"
    try:
        found = path.stat()
    except FileNotFoundError:
        raise SettingsError(f"{path} is missing: put it back, or names stay shut") from None
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise SettingsError(f"{path} can be read by others: chmod 600 {path}")
    return _of_file(path, found.st_mtime_ns, found.st_ino)


@cache
def _of_file(path: Path, _changed: int, _inode: int) -> Keys:
    return _read(path.read_text(encoding="utf-8"), str(path))


def _read(text: str, where: str) -> Keys:
    masters = {}
    for number, line in enumerate(text.split(), 1):
        key_id, _, written = line.partition(":")
        try:
            master = base64.b64decode(written, validate=True)
        except binascii.Error:
            master = b""
        if not re.fullmatch(r"[a-z0-9-]{1,40}", key_id) or len(master) != 32 or key_id in masters:
            raise SettingsError(f"{where}: key {number} is not 'id:base64 of 32 bytes', or its id comes twice")
        masters[key_id] = master
    if not masters:
        raise SettingsError(f"{where}: there is no key in it")
    return Keys(masters)


@cache
def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"fitservice {purpose}".encode()).derive(master)


def _line() -> str:
    return f"k{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(32)).decode()}\n"
