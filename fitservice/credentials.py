"""Secrets and passwords: how they are made, what is stored in their place, what is refused."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from werkzeug.security import check_password_hash, generate_password_hash

from fitservice.model import Invalid, Problem
from fitservice.rules.passwords import LONGEST, normal, parse_password

COST = "scrypt:32768:8:3"
"""N = 2^15, r = 8, p = 3: of OWASP's equal settings (Password Storage Cheat Sheet) one that takes 32 MiB, not 128."""
DEMO_PASSWORD = "bare-en-demo"  # noqa: S105 - printed at every start of a demo, refused everywhere else


def secret() -> tuple[str, str]:
    """A new random secret for a link, a cookie or a token, and the hash that is stored in its place."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def recovery_codes() -> list[str]:
    """Ten of 120 random bits each, so that a plain hash keeps them: 'ABCD-EFGH-IJKL-MNOP-QRST-UVWX'."""
    texts = (base64.b32encode(secrets.token_bytes(15)).decode() for _ in range(10))
    return ["-".join(text[start : start + 4] for start in range(0, 24, 4)) for text in texts]


def hash_of(token: str) -> str:
    """What the database knows of a secret. The secret is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str, about: Iterable[str] = ()) -> str:
    """The scrypt hash of a password; Invalid if it cannot be one (rules/passwords.py) or is the demo's.

    About are the username and the name of whose it is to be.
    """
    if password == DEMO_PASSWORD:
        raise Invalid(Problem("common_password", "password"))
    return generate_password_hash(parse_password(password, about), method=COST)


def hash_anew(password: str, password_hash: str) -> str | None:
    """A hash of today's cost for a password that has just fitted a cheaper or dearer one; None where it is today's."""
    if password_hash.startswith(f"{COST}$"):
        return None
    return generate_password_hash(normal(password), method=COST)


def hash_pin(pin: str) -> str:
    """The scrypt hash of a PIN of 4 to 8 digits; Invalid for others and for those that are guessed first."""
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise Invalid(Problem("not_a_pin", "pin"))
    steps = {int(second) - int(first) for first, second in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise Invalid(Problem("easy_pin", "pin"))
    return generate_password_hash(pin, method=COST)


def demo_password_hash() -> str:
    """The hash of the demo's own password, which only a demo city may hold."""
    return generate_password_hash(DEMO_PASSWORD, method=COST)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for an account that does not exist."""
    right = check_password_hash(password_hash or _nobodys_hash(COST), normal(password))
    return right and password_hash is not None and len(normal(password)) <= LONGEST


@lru_cache
def _nobodys_hash(cost: str) -> str:
    return generate_password_hash(secrets.token_hex(8), method=cost)
