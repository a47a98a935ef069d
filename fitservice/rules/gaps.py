"""Velferdsetaten's view of a district's reporting: what a period holds and what is missing. Never of effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fitservice.model import Content, Gap, GapKind, Period
from fitservice.rules.periods import is_open

SILENCE = timedelta(weeks=8)


@dataclass(frozen=True)
class Evidence:
    """What one district's record shows for one period, up to the day it is judged on."""

    active_users: int = 0
    measured_users: int = 0
    sessions: int = 0
    sessions_with_feedback: int = 0
    other_scale_since: date | None = None
    """First session of the period that was scored on another scale than 1-7."""
    last_recorded: date | None = None
    """Last session held in the district, in whichever period."""


def coverage(evidence: Evidence) -> float | None:
    """Share of active service users that were measured, 0-1; None without active ones."""
    return evidence.measured_users / evidence.active_users if evidence.active_users else None


def content(evidence: Evidence, threshold: float) -> Content:
    """What the period holds; partial below the threshold (0-1) of coverage."""
    if not evidence.active_users:
        return Content.NO_ACTIVE_USERS
    if not evidence.measured_users:
        return Content.EMPTY
    # divided, not multiplied: 7 of 10 is exactly 0.7, while 0.7 * 10 is a little more than 7
    enough = evidence.measured_users / evidence.active_users >= threshold
    return Content.WITH_DATA if enough else Content.PARTIAL


def gaps(
    period: Period,
    as_of: date,
    evidence: Evidence,
    earlier: Sequence[tuple[Period, Content]],
    threshold: float,
) -> list[Gap]:
    """Every gap of one district and period as seen on a day, in the order of GapKind.

    earlier holds the closed periods of the same length that were owed, newest first. An open period is
    not yet empty or too low: it can still be closed, so there silence is what is flagged.
    """
    state = content(evidence, threshold)
    found = [
        content_gap(period, state, coverage(evidence), still_open=is_open(period, as_of)),
        consecutive(period, state, earlier) if not is_open(period, as_of) else None,
        _silent(period, as_of, evidence),
        Gap(GapKind.OTHER_SCALE, evidence.other_scale_since) if evidence.other_scale_since else None,
        _feedback_not_used(period, evidence),
    ]
    return [gap for gap in found if gap is not None]


def content_gap(period: Period, state: Content, share: float | None, *, still_open: bool) -> Gap | None:
    """What is missing in what a period holds; share is its coverage, 0-1."""
    if state is Content.NO_ACTIVE_USERS:
        return Gap(GapKind.NO_ACTIVE_USERS, period.first_day)
    if still_open:
        return None
    if state is Content.EMPTY:
        return Gap(GapKind.EMPTY_PERIOD, period.first_day)
    if state is Content.PARTIAL:
        return Gap(GapKind.LOW_COVERAGE, period.first_day, share)
    return None


def consecutive(period: Period, state: Content, earlier: Sequence[tuple[Period, Content]]) -> Gap | None:
    """Two or more empty periods in a row, this one the last of them."""
    if state is not Content.EMPTY:
        return None
    row = [period]
    for before, state_before in earlier:
        if state_before is not Content.EMPTY:
            break
        row.append(before)
    return Gap(GapKind.CONSECUTIVE, row[-1].first_day, len(row)) if len(row) > 1 else None


def _silent(period: Period, as_of: date, evidence: Evidence) -> Gap | None:
    """An open period in which nothing has been recorded for eight weeks."""
    if not evidence.active_users or not is_open(period, as_of):
        return None
    last = evidence.last_recorded or period.first_day - timedelta(days=1)
    return Gap(GapKind.SILENT, last + timedelta(days=1)) if as_of - last >= SILENCE else None


def _feedback_not_used(period: Period, evidence: Evidence) -> Gap | None:
    if evidence.sessions and not evidence.sessions_with_feedback:
        return Gap(GapKind.FEEDBACK_NOT_USED, period.first_day)
    return None
