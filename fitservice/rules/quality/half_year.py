"""Checks of the half-year as a whole: when it was recorded, who is missing in it, and how it is beside earlier ones."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from statistics import median

from fitservice.reporting import Check
from fitservice.rules.quality.evidence import Case, Enrolled, Figures, Finding, Held, key_of, of_sessions

BURST_DAYS = 3
"""The deadline's day and the two before it."""
BURST_FROM = 10
"""Sessions recorded in these days; fewer are an afternoon's work."""
BURST_SPREAD = timedelta(days=14)
"""So far apart at least they were held: what was held within two weeks can well be recorded together."""
UNSEEN = timedelta(days=183)
"""Six months without a session: longer than the city's own rhythm."""
HISTORY_FROM = 4
"""Half-years; with fewer, the median and the spread around it say nothing."""
HISTORY_MOST = 8
"""Half-years; what was before them was another service."""
HISTORY_SPREADS = 5
"""Median absolute deviations."""
HISTORY_RATIO = (0.67, 1.33)
"""To the median: the limits of WHO's data quality review for consistency over time."""
HISTORY_DOUBLE = (0.5, 2.0)
"""To the median: half or twice what is usual deserves a look in any district, however much its figures vary."""
HISTORY_COUNTS = ("active_users", "measured_users", "sessions")


def burst(held: Sequence[Held], deadline: date) -> list[Finding]:
    """More than half of the sessions were recorded in the last three days, but held over more than two weeks."""
    first = deadline - timedelta(days=BURST_DAYS - 1)
    late = [session for session in held if first <= session.recorded_on <= deadline]
    if len(late) < BURST_FROM or 2 * len(late) <= len(held):
        return []
    days = [session.held_on for session in late]
    if max(days) - min(days) <= BURST_SPREAD:
        return []
    return [of_sessions(Check.BURST, "period", late, {"sessions": len(late), "all": len(held)})]


def no_session(enrolled: Iterable[Enrolled], on: date) -> list[Finding]:
    """Who has been enrolled for six months or more without a session in them, as seen on that day."""
    return [
        Finding(
            Check.NO_SESSION,
            key_of(str(one.service_user_id), [str(one.last_held)]),
            (Case(one.service_user_id, one.reference, one.last_held),),
            {"days": (on - (one.last_held or one.enrolled_from)).days},
        )
        for one in enrolled
        if (one.last_held or one.enrolled_from) <= on - UNSEEN
    ]


def far_from_history(figures: Figures, history: Sequence[Figures]) -> list[Finding]:
    """Measures that are outside what the district's own earlier half-years make likely.

    Nothing in a half-year is no history of a measure: that it was not reported is told as a gap.
    """
    found = []
    for measure in (*HISTORY_COUNTS, "life_satisfaction_mean"):
        value, past = figures.get(measure), [number for row in history if (number := row.get(measure))]
        if value is None or len(past) < HISTORY_FROM:
            continue
        if is_far_count(value, past) if measure in HISTORY_COUNTS else is_far_mean(value, past, _interval(figures)):
            usual = median(past)
            # to a tenth of what is usual: one session more is not another finding
            key = key_of(measure, [f"{value / usual:.1f}"])
            numbers = {"value": value, "usual": usual, "half_years": len(past)}
            found.append(Finding(Check.FAR_FROM_HISTORY, key, numbers=numbers, measure=measure))
    return found


def is_far_count(value: float, past: Sequence[float]) -> bool:
    """Whether a count is far from earlier ones (none is 0): under half or over twice their median, or past both limits.

    Either limit alone, median ± 5 MAD or 0.67-1.33 of the median, is often passed by chance: districts are small.
    """
    ratio = value / median(past)
    return _outside(ratio, HISTORY_DOUBLE) or (_outside(ratio, HISTORY_RATIO) and _beyond_spread(value, past, True))


def is_far_mean(value: float, past: Sequence[float], interval: tuple[float, float] | None) -> bool:
    """Whether a mean is beyond median ± 5 MAD of earlier ones, which its own 95 % interval does not reach either.

    Without any spread before, 0.67-1.33 of the median is the limit. A ratio alone says little of a mean from 1 to 7.
    """
    usual = median(past)
    if not _beyond_spread(value, past, _outside(value / usual, HISTORY_RATIO)):
        return False
    return interval is None or _outside(usual, interval)


def _beyond_spread(value: float, past: Sequence[float], without_spread: bool) -> bool:
    """Whether it is outside median ± 5 MAD; as given, where all of the past was alike."""
    usual = median(past)
    spread = median(abs(number - usual) for number in past)
    return abs(value - usual) > HISTORY_SPREADS * spread if spread else without_spread


def _interval(figures: Figures) -> tuple[float, float] | None:
    low, high = figures.get("life_satisfaction_ci_low"), figures.get("life_satisfaction_ci_high")
    return None if low is None or high is None else (low, high)


def _outside(value: float, limits: tuple[float, float]) -> bool:
    low, high = limits
    return not low <= value <= high
