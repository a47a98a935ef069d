"""When a service user is next to be asked, by the district's rhythm."""

from datetime import date, timedelta
from enum import StrEnum

from fitservice.rules.periods import add_months

SOON = timedelta(days=14)


class Due(StrEnum):
    """How near the next asking is; ENDED is for whoever has no open enrolment."""

    OVERDUE = "overdue"
    DUE = "due"
    LATER = "later"
    ENDED = "ended"


def next_due(enrolled_from: date, last_asked: date | None, rhythm_months: int) -> date:
    """The day to ask: the first day of the enrolment, then one rhythm after each time asked.

    Asked means a score, or a reason that shows the question was put (declined, not able).
    """
    if last_asked is None or last_asked < enrolled_from:
        return enrolled_from
    return add_months(last_asked, rhythm_months)


def due_status(due_on: date | None, today: date) -> Due:
    """Overdue once the day has passed, due from two weeks before it, later until then."""
    if due_on is None:
        return Due.ENDED
    if due_on < today:
        return Due.OVERDUE
    return Due.DUE if due_on <= today + SOON else Due.LATER
