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


def course(
    scores: list[Score],
    up_to: date,
    reliable_change: float | None,
    *,
    higher_is_better: bool = True,
    cut_off: float | None = None,
) -> Course | None:
    """Where a person stands on a day, from the scores of one enrolment, oldest first; None without any.

    reliable_change is None for an instrument that has none: then change is None too. The rest is as in classify.
    """
    known = [score for score in scores if score.held_on <= up_to]
    if not known:
        return None
    current = known[-1]
    first = known[0] if len(known) > 1 else None
    previous = known[-2] if len(known) > 2 else None
    change = None
    if first is not None and reliable_change is not None:
        change = classify(
            first.value, current.value, reliable_change, higher_is_better=higher_is_better, cut_off=cut_off
        )
    return Course(current, first, previous, change)


def classify(
    first: float,
    current: float,
    reliable_change: float,
    *,
    higher_is_better: bool = True,
    cut_off: float | None = None,
) -> Change:
    """One of the four classes of Jacobson & Truax 1991; all numbers in points of the instrument.

    A change is reliable from reliable_change on. A score exactly at the cut-off is on the functional side;
    without a cut-off nobody is recovered.
    """
    gain = _lead(current, first, higher_is_better)
    if gain >= reliable_change:
        recovered = cut_off is not None and _crosses(first, current, cut_off, higher_is_better)
        return Change.RECOVERED if recovered else Change.IMPROVED
    return Change.DETERIORATED if gain <= -reliable_change else Change.UNCHANGED


def _crosses(first: float, current: float, cut_off: float, higher_is_better: bool) -> bool:
    """Whether first is on the clinical side of the cut-off and current on the functional side or at it."""
    return _lead(first, cut_off, higher_is_better) < 0 <= _lead(current, cut_off, higher_is_better)


def _lead(value: float, other: float, higher_is_better: bool) -> float:
    """How many points value is better than other; rounded, because 8.2 - 2.2 is a little less than 6."""
    return round(value - other if higher_is_better else other - value, 6)
