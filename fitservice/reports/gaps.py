"""What each district's periods hold and what is missing: for the board, the command line and the API."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import telling
from fitservice.model import Actor, Content, Figure, Gap, Period
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.gaps import Evidence, content, coverage, gaps
from fitservice.rules.periods import as_known, back_to, half_of, is_open, refuse_not_begun, year
from fitservice.store import districts, figures
from fitservice.store.rows import Row


@dataclass(frozen=True)
class Status:
    """One district in one period, as seen on a day. The three figures are protected."""

    district: Row
    period: Period
    content: Content
    active_users: Figure
    measured_users: Figure
    coverage: Figure
    last_recorded: date | None
    still_open: bool
    gaps: list[Gap]


def see_gaps(
    db: Database, periods: Sequence[Period], as_of: date, threshold: float, small_count: int, *, by: Actor
) -> list[Status]:
    """Every district × period in that order; days after as_of do not count. Logged.

    Invalid if a period had not begun on that day.
    """
    refuse_not_begun(periods, as_of)
    with telling(db, by, Act.SEE_CITY) as note:
        note.detail = {"periods": [period.code for period in periods], "as_of": as_of.isoformat()}
        began = figures.first_session(db) or as_of
        needed = {before.code: before for period in periods for before in back_to(period, began)}
        known = [as_known(period, as_of) for period in needed.values()]
        evidence = {(row["district_id"], row["period"]): _evidence(row) for row in figures.evidence(db, known, as_of)}
        everywhere = districts.all_districts(db)

    def status(district: Row, period: Period) -> Status:
        own = evidence[district["id"], period.code]
        earlier = [
            (before, content(evidence[district["id"], before.code], threshold)) for before in back_to(period, began)[1:]
        ]
        return Status(
            district=district,
            period=period,
            content=content(own, threshold),
            active_users=_protected(own.active_users, small_count, own.active_users, own.measured_users),
            measured_users=_protected(own.measured_users, small_count, own.measured_users),
            coverage=_protected(coverage(own), small_count, own.active_users, own.measured_users),
            last_recorded=own.last_recorded,
            still_open=is_open(period, as_of),
            gaps=[
                _without_small_numbers(gap, own, small_count) for gap in gaps(period, as_of, own, earlier, threshold)
            ],
        )

    return [status(district, period) for district in everywhere for period in periods]


def reported_periods(db: Database, today: date, *, by_year: bool, by: Actor) -> list[Period]:
    """The half-years or years since the city's first session, newest first: the running one on top."""
    check(by, Act.SEE_CITY)
    newest = year(today.year) if by_year else half_of(today)
    return back_to(newest, figures.first_session(db) or today)


def by_district(statuses: Sequence[Status]) -> list[tuple[Row, list[Status]]]:
    """The same statuses, one row a district."""
    rows = groupby(statuses, key=lambda status: str(status.district["code"]))
    return [(row[0].district, row) for row in (list(group) for _, group in rows)]


def _evidence(row: Row) -> Evidence:
    def day(name: str) -> date | None:
        return date.fromisoformat(row[name]) if row[name] else None

    return Evidence(
        active_users=row["active_users"],
        measured_users=row["measured_users"],
        sessions=row["sessions"],
        sessions_with_feedback=row["sessions_with_feedback"],
        other_scale_since=day("other_scale_since"),
        last_recorded=day("last_recorded"),
    )


def _protected(value: float | None, small_count: int, *rests_on: int) -> Figure:
    hidden = any(is_small(count, small_count) for count in rests_on)
    return Figure(None if hidden else value, hidden)


def _without_small_numbers(gap: Gap, own: Evidence, small_count: int) -> Gap:
    """A share that rests on a small count is not said in the gap's text either."""
    if isinstance(gap.number, float) and (
        is_small(own.active_users, small_count) or is_small(own.measured_users, small_count)
    ):
        return replace(gap, number=None)
    return gap
