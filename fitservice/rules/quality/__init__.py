"""What looks odd in a district's half-year and is looked at before it is signed off. No finding is a fault in itself.

Thresholds are chosen so that what chance or one person alone makes stays silent: a check that fires everywhere is
soon dismissed unread. Each stands below with its reason.
"""

from datetime import date, timedelta
from enum import StrEnum

from fitservice.model import Period
from fitservice.reporting import Check
from fitservice.rules.periods import is_open
from fitservice.rules.quality.answers import after_end, all_equal, copied, other_scale, same_answer
from fitservice.rules.quality.evidence import Evidence, Finding
from fitservice.rules.quality.half_year import BURST_DAYS, HISTORY_FROM, burst, far_from_history, no_session

LOOK_BACK = timedelta(days=731)
"""How long before the half-year the session before is looked for: the slowest rhythm is 24 months."""


class Unjudged(StrEnum):
    """Why a check cannot say anything yet."""

    RUNNING = "running"
    """The half-year is not over."""
    EARLY = "early"
    """The last days before the deadline have not come."""
    LITTLE_HISTORY = "little_history"
    """There are fewer than four half-years before it."""


def unjudged(evidence: Evidence, period: Period, deadline: date, today: date) -> dict[Check, Unjudged]:
    """The checks that say nothing of this half-year on that day, and why."""
    found = {}
    if today <= deadline - timedelta(days=BURST_DAYS):
        found[Check.BURST] = Unjudged.EARLY
    if is_open(period, today):
        found[Check.FAR_FROM_HISTORY] = Unjudged.RUNNING
    elif len(evidence.history) < HISTORY_FROM:
        found[Check.FAR_FROM_HISTORY] = Unjudged.LITTLE_HISTORY
    return found


def findings(evidence: Evidence, period: Period, deadline: date, today: date) -> list[Finding]:
    """All that deserves a look, in the order of Check."""
    silent = unjudged(evidence, period, deadline, today)
    found = [
        *same_answer(evidence.held),
        *all_equal(evidence.held),
        *copied(evidence.held, evidence.earlier),
        *burst(evidence.held, deadline),
        *after_end(evidence.held),
        *no_session(evidence.enrolled, min(period.last_day, today)),
        *far_from_history(evidence.figures, evidence.history),
        *other_scale(evidence.held),
    ]
    return [finding for finding in found if finding.check not in silent]
