"""Today, where the sessions are held: a server may keep another time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def today() -> date:
    """The date in Oslo."""
    return datetime.now(OSLO).date()
