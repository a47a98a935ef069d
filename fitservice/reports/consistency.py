"""How what is due was signed off, half-year by half-year: in time, late and not at all are always all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fitservice.model import Period
from fitservice.reporting import Timing
from fitservice.reports.gaps import Status
from fitservice.rules.adding_up import Split, shares, split


@dataclass(frozen=True)
class Half:
    """One half-year over all districts: how many were due and how they were signed off, and what was not due."""

    period: Period
    split: Split
    shares: tuple[int, int, int] | None
    """In time, late and missing in whole per cent that sum to 100; None where nothing is due."""
    awaited: int
    not_required: int


def consistency(statuses: Sequence[Status]) -> list[Half]:
    """A row for each half-year among the statuses, in their order."""
    periods = {status.period.code: status.period for status in statuses}
    return [_half(period, [one for one in statuses if one.period == period]) for period in periods.values()]


def _half(period: Period, statuses: Sequence[Status]) -> Half:
    timings = [status.timing for status in statuses if status.timing]
    found = split(timings)
    return Half(period, found, shares(found), timings.count(Timing.AWAITED), timings.count(Timing.NOT_REQUIRED))
