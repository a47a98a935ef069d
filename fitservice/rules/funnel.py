"""Funnel limits: how far from the city's a district's mean may lie by chance, by how many were measured.

Source: Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 2005;24:1185-1202
(doi:10.1002/sim.1970). Limits are target ± z·sd/√n with z for 95 and 99.8 per cent; the target is the city's mean,
and sd the spread of single scores. Scores are few whole numbers, so for small n the limits are approximate.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fitservice.rules.figures import t_quantile_975

INNER, OUTER = 1.96, 3.09
"""Standard errors: 95 per cent, and 99.8 per cent."""


class Standing(StrEnum):
    """Where a mean lies in the funnel. A limit itself lies inside."""

    WITHIN = "within"
    OUTSIDE_INNER = "outside_inner"
    OUTSIDE_OUTER = "outside_outer"


@dataclass(frozen=True)
class Funnel:
    """The city's mean (1-7), and the standard deviation of one service user's score, in points."""

    mean: float
    spread: float

    def limits(self, measured: float, errors: float) -> tuple[float, float]:
        """Lower and upper limit, so many standard errors from the city's mean, for so many measured."""
        margin = errors * self.spread / math.sqrt(measured)
        return self.mean - margin, self.mean + margin

    def standing(self, mean: float, measured: float) -> Standing:
        """Where a district's mean lies."""
        errors = abs(mean - self.mean) * math.sqrt(measured) / self.spread
        # a mean on the limit lies inside, whatever the last digit of a product says
        if errors <= INNER + 1e-9:
            return Standing.WITHIN
        return Standing.OUTSIDE_INNER if errors <= OUTER + 1e-9 else Standing.OUTSIDE_OUTER


def spread_of_scores(counts: Sequence[int]) -> float | None:
    """The standard deviation of single scores, from how many service users scored 1, 2, 3 …; None if all are alike."""
    number = sum(counts)
    if number < 2:
        return None
    mean = sum(score * count for score, count in enumerate(counts, 1)) / number
    squares = sum(count * (score - mean) ** 2 for score, count in enumerate(counts, 1))
    return math.sqrt(squares / (number - 1)) if squares > 0 else None


def pooled_spread(intervals: Iterable[tuple[float, float, float]]) -> float | None:
    """The standard deviation of single scores inside the districts, from what is published of each.

    intervals holds measured, lower and upper limit of the 95 per cent interval (mean ± t·s/√n), which gives s back;
    the variances are pooled by n - 1. None if there are none, or if nobody differs from anybody.
    """
    squares, degrees = 0.0, 0.0
    for measured, low, high in intervals:
        if measured >= 2:
            spread = (high - low) / 2 * math.sqrt(measured) / t_quantile_975(round(measured) - 1)
            squares += (measured - 1) * spread * spread
            degrees += measured - 1
    return math.sqrt(squares / degrees) if squares > 0 else None
