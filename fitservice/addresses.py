"""Whether a text is an address of e-mail or of a service. ASCII alone, so that nothing can hide in a header."""

import re

_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_HERE = re.compile(r"http://(?:localhost|127\.0\.0\.1)(?::\d+)?(?:/|$)")
_SERVICE = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}(?:/[A-Za-z0-9._~/-]*)?")


def is_email(text: str) -> bool:
    """Whether an e-mail can be sent there: name@example.org."""
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


def is_service_address(text: str) -> bool:
    """Whether a browser finds a service there: https://fitservice.example.org."""
    return _SERVICE.fullmatch(text) is not None


def is_protected(text: str) -> bool:
    """Whether what is sent to a service cannot be read on the way: over TLS, or on this machine."""
    return text.startswith("https://") or _HERE.match(text) is not None
