"""Secrets and passwords: how they are made, what is stored in their place, what is refused."""

import hashlib
import re
import secrets
from functools import lru_cache
from itertools import pairwise

from werkzeug.security import check_password_hash, generate_password_hash

from fitservice.model import Invalid, Problem

PASSWORD_LENGTH = 12
DEMO_PASSWORD = "bare-en-demo"  # noqa: S105 - printed at every start of a demo, refused everywhere else


def secret() -> tuple[str, str]:
    """A new random secret for a link, a cookie or a token, and the hash that is stored in its place."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """What the database knows of a secret. The secret is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """The scrypt hash of a password; Invalid if it is too short or the demo's."""
    if len(password) < PASSWORD_LENGTH or password == DEMO_PASSWORD:
        raise Invalid(Problem("weak_password", "password", known={"length": str(PASSWORD_LENGTH)}))
    return generate_password_hash(password, method="scrypt")


def hash_pin(pin: str) -> str:
    """The scrypt hash of a PIN of 4 to 8 digits; Invalid for others and for those that are guessed first."""
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise Invalid(Problem("not_a_pin", "pin"))
    steps = {int(second) - int(first) for first, second in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise Invalid(Problem("easy_pin", "pin"))
    return generate_password_hash(pin, method="scrypt")


def demo_password_hash() -> str:
    """The hash of the demo's own password, which only a demo city may hold."""
    return generate_password_hash(DEMO_PASSWORD, method="scrypt")


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for an account that does not exist."""
    right = check_password_hash(password_hash or _nobodys_hash(), password)
    return right and password_hash is not None


@lru_cache
def _nobodys_hash() -> str:
    return generate_password_hash(secrets.token_hex(8), method="scrypt")
