"""Access that is given across districts, and records that are blocked: until when, and who must be left to end it."""

from collections.abc import Collection
from datetime import date, timedelta

from fitservice.model import Invalid, Problem

DAYS, MOST_DAYS = timedelta(days=14), timedelta(days=90)


def last_day(chosen: date | None, today: date) -> date:
    """The last day on which access holds: the one that was chosen, or 14 days from now.

    Invalid, at valid_to, if it has passed or is more than 90 days ahead.
    """
    if chosen is None:
        return today + DAYS
    if chosen < today:
        raise Invalid(Problem("until_has_passed", "valid_to"))
    if chosen > today + MOST_DAYS:
        raise Invalid(Problem("access_too_long", "valid_to", known={"days": str(MOST_DAYS.days)}))
    return chosen


def last_held(valid_to: date, ended_on: date | None) -> date:
    """The last day on which access held or will hold: its own, or the one on which it was ended."""
    return valid_to if ended_on is None else min(valid_to, ended_on)


def refuse_to_shut_out_all(leads: Collection[int], closed_to: Collection[int]) -> None:
    """Invalid, at whom, if a record would be closed to all of a district's open team leads: none could end it."""
    if not set(leads) - set(closed_to):
        raise Invalid(Problem("last_team_lead", "whom"))
