"""Gaps as they may leave the service: with counts from releases only, since those of today change at each recording."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor, Figure, Gap, GapKind, Period
from fitservice.reports.gaps import Status, see_gaps
from fitservice.reports.releases import newest_figures

_UNKNOWN = Figure(None, hidden=True)


def published_gaps(
    db: Database, periods: Sequence[Period], as_of: date, threshold: float, small_count: int, *, by: Actor
) -> list[Status]:
    """What each period holds and what is missing, as of a day, in words; the pull is logged.

    Counts and coverage are those of the newest release that holds the period, hidden where there is none. The last
    recorded session is told where none has been recorded for long.
    """
    statuses = see_gaps(db, periods, as_of, threshold, small_count, by=by)
    figures = newest_figures(db, periods)
    return [_published(status, figures.get((status.district["code"], status.period.code), {})) for status in statuses]


def _published(status: Status, figures: dict[str, Figure]) -> Status:
    silent = any(gap.kind is GapKind.SILENT for gap in status.gaps)
    return replace(
        status,
        active_users=figures.get("active_users", _UNKNOWN),
        measured_users=figures.get("measured_users", _UNKNOWN),
        coverage=figures.get("coverage", _UNKNOWN),
        last_recorded=status.last_recorded if silent else None,
        gaps=[_in_words(gap) for gap in status.gaps],
    )


def _in_words(gap: Gap) -> Gap:
    return replace(gap, number=None) if gap.kind is GapKind.LOW_COVERAGE else gap
