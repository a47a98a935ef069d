"""Change between two scores, judged by the instrument's own reliable change (Jacobson & Truax 1991)."""

from dataclasses import dataclass
from datetime import date

from fitservice.model import Change


@dataclass(frozen=True)
class Score:
    """One score of one session, in the unit of its instrument."""

    session_id: int
    held_on: date
    value: float


@dataclass(frozen=True)
class Course:
    """First, previous and current score of one enrolment; previous is None at the second, both at the first."""

    current: Score
    first: Score | None
    previous: Score | None
    change: Change | None

    @property
    def last_time(self) -> Score | None:
        """The score before the current one; at the second score that is the first."""
        return self.previous or self.first

    @property
    def difference(self) -> float | None:
        """Current less first, in the unit of the instrument."""
        return None if self.first is None else round(self.current.value - self.first.value, 1)


def course(scores: list[Score], up_to: date, reliable_change: float | None) -> Course | None:
    """Where a person stands on a day, from the scores of one enrolment, oldest first; None without any.

    reliable_change is None for an instrument that has none: then change is None too.
    """
    known = [score for score in scores if score.held_on <= up_to]
    if not known:
        return None
    current = known[-1]
    first = known[0] if len(known) > 1 else None
    previous = known[-2] if len(known) > 2 else None
    change = None
    if first is not None and reliable_change is not None:
        change = classify(first.value, current.value, reliable_change)
    return Course(current, first, previous, change)


def classify(first: float, current: float, reliable_change: float) -> Change:
    """Reliably better or worse if the scores differ by at least the reliable change, else no certain change."""
    difference = round(current - first, 6)
    if difference >= reliable_change:
        return Change.RELIABLY_BETTER
    if difference <= -reliable_change:
        return Change.RELIABLY_WORSE
    return Change.NO_CERTAIN_CHANGE
