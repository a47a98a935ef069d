"""Informed participation: how it stands on a day, and until when a new one is good."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from fitservice.model import Invalid, Problem

SOON = timedelta(days=30)
MOST_MONTHS = 36


class How(StrEnum):
    """How somebody said that they take part."""

    ORALLY = "orally"
    IN_WRITING = "in_writing"


class State(StrEnum):
    """How the newest row stands. Only a withdrawal stops recording; the others remind."""

    NONE = "none"
    VALID = "valid"
    ENDS_SOON = "ends_soon"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


TO_RENEW = (State.NONE, State.EXPIRED, State.ENDS_SOON)


def state_on(kind: str | None, valid_to: date | None, today: date) -> State:
    """How a row ('given' with its last day, 'withdrawn', None for no row) stands today."""
    if kind == "withdrawn":
        return State.WITHDRAWN
    if kind is None or valid_to is None:
        return State.NONE
    if valid_to < today:
        return State.EXPIRED
    return State.ENDS_SOON if valid_to <= today + SOON else State.VALID


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day(given_on: date, chosen: date | None, months: int, today: date) -> date:
    """Until when it is good: the day that was chosen, or so many months after it was given.

    Invalid if it was given after today, or if the chosen day has passed or is more than three years ahead.
    """
    if given_on > today:
        raise Invalid(Problem("future_day", "given_on"))
    if chosen is None:
        return months_after(given_on, months)
    if chosen < max(given_on, today):
        raise Invalid(Problem("until_has_passed", "valid_to"))
    if chosen > months_after(given_on, MOST_MONTHS):
        raise Invalid(Problem("too_far_ahead", "valid_to"))
    return chosen
