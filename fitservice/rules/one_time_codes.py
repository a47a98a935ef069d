"""One-time codes that an app makes (TOTP, RFC 6238): six digits for each half-minute, each taken once."""

import hmac
import re
from datetime import datetime

from pyotp import TOTP, random_base32

SECONDS = 30
STEPS = (-1, 0, 1)
"""A clock may be half a minute off."""
ISSUER = "fitservice"


def new_secret() -> str:
    """160 random bits, in base32 as apps take them."""
    return random_base32(32)


def address_of(secret: str, username: str) -> str:
    """What the QR code says: the secret, and under which name the app keeps it."""
    return TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, moment: datetime, after: int | None) -> int | None:
    """The half-minute whose code this is, later than the latest taken one; None if it is none of them."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    now = int(moment.timestamp()) // SECONDS
    for step in (now + offset for offset in STEPS):
        if hmac.compare_digest(TOTP(secret).generate_otp(step), digits) and (after is None or step > after):
            return step
    return None


def plain_recovery_code(code: str) -> str:
    """A recovery code as it is hashed: without spaces and hyphens, whatever its case."""
    return re.sub(r"[\s-]", "", code).upper()
