"""When wrong tries at a password make one wait, and how long: of an account, and of an address."""

from collections.abc import Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
TRIES = 5
"""So many wrong ones of one account within the window, and one waits."""
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=1)
"""The first wait; each wrong try after it, that day, doubles it up to the longest."""
A_DAY = 20
"""So many wrong ones of one account in a day, and one waits too: nobody gets far by going slowly."""
REMEMBERED = timedelta(days=1)
"""For how long a wrong try of an account counts, unless a right one comes after it."""
TRIES_OF_ADDRESS = 20
"""So many wrong ones from one address within the window, whoever was tried, and the address waits."""


def account_waits_until(wrong: Sequence[datetime], moment: datetime) -> datetime | None:
    """Until when nobody can sign in to an account; None where one need not wait.

    wrong: the moments of the wrong tries since the last right one, oldest first.
    """
    counted = [tried for tried in wrong if tried > moment - REMEMBERED]
    waits, until = 0, None
    for place, tried in enumerate(counted):
        first = counted[place - TRIES + 1] if place >= TRIES - 1 else None
        if waits or place >= A_DAY - 1 or (first and tried - first < WINDOW):
            until = tried + min(SHORTEST * 2**waits, LONGEST)
            waits += 1
    return until if until and until > moment else None


def address_waits_until(wrong: Sequence[datetime], moment: datetime) -> datetime | None:
    """Until when nobody can sign in from an address; None where one need not wait.

    It does not grow: behind one address may sit a whole district. wrong: oldest first, also of unknown names.
    """
    counted = [tried for tried in wrong if tried > moment - WINDOW]
    if len(counted) < TRIES_OF_ADDRESS:
        return None
    return counted[-TRIES_OF_ADDRESS] + WINDOW
