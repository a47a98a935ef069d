"""Where an open half-year is heading: how many service users will be measured at its end if the pace stays as it is.

Of those without a score, as large a share gets one on each day to come as on each day so far (a constant hazard). How
many that makes is binomial, but the share itself is known from no more than those measured so far: beta-binomial.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from fitservice.model import Period

TOO_EARLY = 28
"""Before so many days have passed, nothing is said: a busy first week says little about six months."""

LIKELY = 0.8
"""How often the interval shall hold."""


@dataclass(frozen=True)
class Forecast:
    """How many are measured at the end: the middle of what is expected, and the limits of the central 80 per cent.

    expected is the median: it is as likely to be fewer as to be more.
    """

    low: int
    expected: int
    high: int


@dataclass(frozen=True)
class Pace:
    """How far a half-year has come. needed is the least number of measured ones with which coverage is enough.

    reachable is how many can be measured at most. forecast is None where it is too early to say, where nobody is
    active, and once the period is over.
    """

    active: int
    measured: int
    needed: int
    reachable: int
    forecast: Forecast | None

    @property
    def more(self) -> int:
        """How many more must be measured."""
        return max(self.needed - self.measured, 0)

    @property
    def behind(self) -> bool:
        """Whether, at today's pace, fewer than needed are expected."""
        return self.forecast is not None and self.forecast.expected < self.needed


def pace(active: int, measured: int, passed: int, days: int, threshold: float, gone: int = 0) -> Pace:
    """How far it has come after so many of the period's days; threshold from 0 to 1, measured at most active.

    gone are those who can no longer be measured: nothing beyond the others is expected.
    """
    said, reachable = forecast(active, measured, passed, days), active - gone
    if said:
        said = Forecast(*(min(number, reachable) for number in (said.low, said.expected, said.high)))
    return Pace(active, measured, least_needed(active, threshold), reachable, said)


def days_of(period: Period, on: date) -> tuple[int, int]:
    """How many days of a period have passed, this one included, and how many it has."""
    return (on - period.first_day).days + 1, (period.last_day - period.first_day).days + 1


def least_needed(active: int, threshold: float) -> int:
    """The smallest number of measured ones whose share reaches the threshold, as rules.gaps.content judges it."""
    if not active:
        return 0
    # divided, not multiplied: 0.7 * 10 is a little more than 7, and a neighbour may be the one
    near = math.ceil(active * threshold)
    return next(number for number in range(max(near - 1, 0), near + 2) if number / active >= threshold)


def forecast(active: int, measured: int, passed: int, days: int) -> Forecast | None:
    """What is expected at the end, after so many of the period's days; None where nothing can be said."""
    if not active or not TOO_EARLY <= passed <= days:
        return None
    rest = active - measured
    chance = 1 - (rest / active) ** ((days - passed) / passed)
    below = list(accumulate(_chances(rest, chance, measured)))
    # sums of many parts: one that should be a tenth may be a little less
    low, middle, high = (
        min(bisect_left(below, limit - 1e-9), rest) for limit in ((1 - LIKELY) / 2, 0.5, (1 + LIKELY) / 2)
    )
    return Forecast(measured + low, measured + middle, measured + high)


def _chances(number: int, chance: float, known_from: int) -> Iterator[float]:
    """The chance of 0, 1 … number, where each has the same chance, which is known from so many."""
    if chance in (0, 1) or not number:
        yield from (1.0 if place == number * chance else 0.0 for place in range(number + 1))
        return
    yes, no = chance * known_from, (1 - chance) * known_from
    for place in range(number + 1):
        ways = math.lgamma(number + 1) - math.lgamma(place + 1) - math.lgamma(number - place + 1)
        yield math.exp(ways + _log_beta(yes + place, no + number - place) - _log_beta(yes, no))


def _log_beta(one: float, other: float) -> float:
    return math.lgamma(one) + math.lgamma(other) - math.lgamma(one + other)
