"""The expected course of a total, learned from the service's own data: no norms of another instrument, no verdict.

Ordinary least squares of the k-th total (k >= 2) on an intercept, the first total and the natural log of k.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from statistics import NormalDist

LEAST_SERVICE_USERS = 200
"""With fewer service users nothing is expected of anybody."""
LEAST_TOTALS = 3
"""An enrolment with fewer totals is not learned from."""
HALF, MOST = 0.5, 0.8
"""The shares of others whose totals the two bands hold."""


@dataclass(frozen=True)
class Fit:
    """What was learned, in points: three coefficients, and spread, the residual SD (n - 3 degrees of freedom).

    service_users counts the enrolments learned from, scores (n) their totals after the first.
    """

    intercept: float
    by_first: float
    by_log_session: float
    spread: float
    service_users: int
    scores: int


def first_courses(totals: Iterable[tuple[int, int, float]]) -> list[list[float]]:
    """What is learned from: of each service user the totals of the first enrolment that has three or more.

    totals are of (service user, enrolment, points), each one's together, first enrolment and oldest total first.
    """
    found: dict[int, list[float]] = {}
    for (service_user_id, _), rows in groupby(totals, key=lambda row: row[:2]):
        course = [points for *_, points in rows]
        if len(course) >= LEAST_TOTALS:
            found.setdefault(service_user_id, course)
    return list(found.values())


def fit(courses: Sequence[Sequence[float]]) -> Fit | None:
    """The fit to the totals of enrolments, oldest first, in points, one enrolment per service user.

    None below 200 enrolments with three totals, and None if all their first totals are equal: what belongs
    to the first total cannot then be told from the intercept.
    """
    counted = [totals for totals in courses if len(totals) >= LEAST_TOTALS]
    if len(counted) < LEAST_SERVICE_USERS:
        return None
    import numpy  # loading it takes 0.1 s: only a process that fits pays

    design = numpy.array([(1.0, totals[0], math.log(k)) for totals in counted for k in range(2, len(totals) + 1)])
    later = numpy.array([total for totals in counted for total in totals[1:]])
    coefficients, _, rank, _ = numpy.linalg.lstsq(design, later)
    if rank < design.shape[1]:
        return None
    spread = numpy.linalg.norm(later - design @ coefficients) / math.sqrt(len(later) - design.shape[1])
    intercept, by_first, by_log_session = map(float, coefficients)
    return Fit(intercept, by_first, by_log_session, float(spread), len(counted), len(later))


def expected(fit: Fit, first: float, session_number: int) -> float:
    """The expected total of a session, in points and not clipped to the instrument's range.

    Only sessions with a total are numbered; number 1 gives the first total itself. ValueError for a number under 1.
    """
    if session_number < 1:
        raise ValueError(f"session numbers begin at 1, not {session_number}")
    if session_number == 1:
        return first
    return fit.intercept + fit.by_first * first + fit.by_log_session * math.log(session_number)


def band(fit: Fit, first: float, session_number: int, share: float, low: float, high: float) -> tuple[float, float]:
    """Lower and upper limit, in points from low to high, between which that share (0.5, 0.8) of totals is expected.

    The residuals are taken as normal; the coefficients' own uncertainty, small from 200 service users on, is
    left out. Session number 1 has no width. ValueError for a share that is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share is between 0 and 1, not {share}")
    middle = expected(fit, first, session_number)
    if session_number == 1:
        return middle, middle
    margin = NormalDist().inv_cdf((1 + share) / 2) * fit.spread
    return _clipped(middle - margin, low, high), _clipped(middle + margin, low, high)


@dataclass(frozen=True)
class Ranges:
    """Where half and where most of the others lay: lower and upper limit, in points to the tenth, both included."""

    half: tuple[float, float]
    most: tuple[float, float]


class Place(StrEnum):
    """Where a total lies beside those of the others. It says nothing about good or bad."""

    ABOVE_MOST = "above_most"
    ABOVE_HALF = "above_half"
    AMONG_HALF = "among_half"
    BELOW_HALF = "below_half"
    BELOW_MOST = "below_most"


def ranges(fit: Fit, first: float, session_number: int, low: float, high: float) -> Ranges:
    """Both bands of one session as they are shown, from session number 2 on; errors as in band."""
    half = band(fit, first, session_number, HALF, low, high)
    most = band(fit, first, session_number, MOST, low, high)
    return Ranges((round(half[0], 1), round(half[1], 1)), (round(most[0], 1), round(most[1], 1)))


def place(total: float, found: Ranges) -> Place:
    """Where a total lies; a total at a limit, as shown, is inside."""
    if total > found.most[1]:
        return Place.ABOVE_MOST
    if total < found.most[0]:
        return Place.BELOW_MOST
    if total > found.half[1]:
        return Place.ABOVE_HALF
    return Place.BELOW_HALF if total < found.half[0] else Place.AMONG_HALF


def _clipped(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
