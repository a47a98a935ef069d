"""Which passwords are refused: too short, too long, or among those that are guessed first."""

import unicodedata
from collections.abc import Iterable

from fitservice.model import Invalid, Problem

SHORTEST, LONGEST = 12, 128
"""In characters. A longer one is refused and never cut: two that begin alike are two."""
ENOUGH_GUESSES = 10**10
"""What a guesser with lists of common passwords, names and words needs at least (zxcvbn's highest step)."""
JUDGED = 72
"""So many characters are judged: zxcvbn takes no more, and a longer password is no easier than its beginning."""
OWN_WORDS = ("fitservice", "oslo", "kommune", "bydel", "velferdsetaten", "passord")
"""What is guessed first here, beside who it is."""


def normal(password: str) -> str:
    """The password as it is hashed: å typed as one sign or as two is the same (Unicode NFC)."""
    return unicodedata.normalize("NFC", password)


def parse_password(password: str, about: Iterable[str] = ()) -> str:
    """The password in its normal form; Invalid if it cannot be one. About are the username and the name."""
    from zxcvbn import zxcvbn  # its lists take 14 MB: only where a password is chosen

    password = normal(password)
    if len(password) < SHORTEST:
        raise Invalid(Problem("weak_password", "password", known={"length": str(SHORTEST)}))
    if len(password) > LONGEST:
        raise Invalid(Problem("long_password", "password", known={"length": str(LONGEST)}))
    words = [*OWN_WORDS, *(word for text in about for word in (text, *text.split()))]
    if zxcvbn(password[:JUDGED], user_inputs=words)["guesses"] < ENOUGH_GUESSES:
        raise Invalid(Problem("common_password", "password"))
    return password
