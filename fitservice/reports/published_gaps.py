"""Gaps as they may leave the service: what rests on counts follows from published figures, or is not told.

"Enough are measured" beside a hidden count would narrow it down, and whatever is of today changes at a recording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlite_utils import Database

from fitservice.model import Actor, Content, Figure, Gap, GapKind, Period
from fitservice.reports.gaps import Status, see_gaps
from fitservice.reports.releases import newest_figures
from fitservice.rules.periods import previous

Published = Mapping[tuple[str, str], Mapping[str, Figure]]
"""Figures by district and period code, of the newest release that holds the period."""

_UNKNOWN = Figure(None, hidden=True)
_AS_CONTENT = {
    GapKind.EMPTY_PERIOD: Content.EMPTY,
    GapKind.CONSECUTIVE: Content.EMPTY,
    GapKind.LOW_COVERAGE: Content.PARTIAL,
    GapKind.NO_ACTIVE_USERS: Content.NO_ACTIVE_USERS,
}


def published_gaps(
    db: Database, periods: Sequence[Period], as_of: date, threshold: float, small_count: int, *, by: Actor
) -> list[Status]:
    """What each period holds and what is missing, as far as published figures say it; the pull is logged.

    Counts and coverage are those of the newest release that holds the period, hidden where there is none. A gap that
    rests on counts is told where they are published. What rests on days alone, a long silence or another scale, is
    told as of today, from the first day of a month.
    """
    statuses = see_gaps(db, periods, as_of, threshold, small_count, by=by)
    figures = newest_figures(db, sorted(_with_earlier(statuses), key=lambda period: period.first_day))
    return [_published(status, figures, threshold) for status in statuses]


def _with_earlier(statuses: Sequence[Status]) -> set[Period]:
    """The periods themselves, and those before them that a row of empty ones tells of."""
    found = {status.period for status in statuses}
    for status in statuses:
        for gap in status.gaps:
            if gap.kind is GapKind.CONSECUTIVE:
                found.update(_row(status.period, gap))
    return found


def _row(period: Period, gap: Gap) -> list[Period]:
    row = [period]
    for _ in range(round(gap.number or 1) - 1):
        row.append(previous(row[-1]))
    return row


def _published(status: Status, published: Published, threshold: float) -> Status:
    code = status.district["code"]
    figures = published.get((code, status.period.code), {})
    told = [gap for gap in status.gaps if _is_told(gap, status.period, code, published, threshold)]
    return replace(
        status,
        content=_content(figures, threshold),
        active_users=figures.get("active_users", _UNKNOWN),
        measured_users=figures.get("measured_users", _UNKNOWN),
        coverage=figures.get("coverage", _UNKNOWN),
        last_recorded=None,
        gaps=[replace(gap, number=_number(gap), since=gap.since.replace(day=1)) for gap in told],
    )


def _number(gap: Gap) -> float | None:
    return None if gap.kind is GapKind.LOW_COVERAGE else gap.number


def _is_told(gap: Gap, period: Period, code: str, published: Published, threshold: float) -> bool:
    if gap.kind is GapKind.FEEDBACK_NOT_USED:
        return _value(published.get((code, period.code), {}), "sessions_with_feedback") == 0
    if gap.kind not in _AS_CONTENT:
        return True
    row = _row(period, gap) if gap.kind is GapKind.CONSECUTIVE else [period]
    contents = [_content(published.get((code, one.code), {}), threshold) for one in row]
    return all(content is _AS_CONTENT[gap.kind] for content in contents)


def _content(figures: Mapping[str, Figure], threshold: float) -> Content:
    """What the published figures say that a period holds."""
    if _value(figures, "active_users") == 0:
        return Content.NO_ACTIVE_USERS
    if _value(figures, "measured_users") == 0:
        return Content.EMPTY
    coverage = _value(figures, "coverage")
    if coverage is None:
        return Content.NOT_TOLD
    return Content.WITH_DATA if coverage >= threshold else Content.PARTIAL


def _value(figures: Mapping[str, Figure], measure: str) -> float | None:
    return figures.get(measure, _UNKNOWN).value
