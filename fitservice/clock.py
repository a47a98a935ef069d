"""Now and today, where the sessions are held: a server may keep another time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
_SET_TO: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def moment() -> datetime:
    """This moment, in UTC."""
    return _SET_TO.get() or datetime.now(UTC)


def today() -> date:
    """The date in Oslo."""
    return moment().astimezone(OSLO).date()


def day_of(text: str) -> date:
    """The day in Oslo of a moment as the store writes it."""
    return datetime.fromisoformat(text).astimezone(OSLO).date()


def end_of(day: date) -> str:
    """The moment at which a day in Oslo is over, as the store writes moments: whatever is before it was known then."""
    midnight = datetime.combine(day + timedelta(days=1), time(), OSLO)
    return midnight.astimezone(UTC).isoformat(timespec="seconds")


@contextmanager
def set_to(day: date, hour: int = 12) -> Iterator[None]:
    """Do what is inside as if it were that day: for made-up records, whose days must follow each other."""
    token = _SET_TO.set(datetime.combine(day, time(hour), OSLO).astimezone(UTC))
    try:
        yield
    finally:
        _SET_TO.reset(token)
