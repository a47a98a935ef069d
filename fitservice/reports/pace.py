"""Where the running half-year is heading, for a district's own team lead and the agency; how forecasts did before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import acting, telling
from fitservice.cases import judged_by
from fitservice.model import Actor, Period
from fitservice.reporting import Threshold
from fitservice.rules.back_test import Score, Trial, scores, trials
from fitservice.rules.caseload import Case, cases_of
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.due import Due
from fitservice.rules.pace import Pace, days_of, pace
from fitservice.rules.periods import back_to, half_of, is_open, previous, refuse_open
from fitservice.store import counters, days, districts, figures, service_users
from fitservice.store.rows import Row

LOOKED_BACK = 4
"""Over so many half-years the team lead is told how forecasts did: the cost must not grow with the record."""


@dataclass(frozen=True)
class OwnPace:
    """The own district's running half-year.

    without_score are those who can still be asked, longest due first; ended is how many ended without a score. Of
    tried forecasts for the last half-years, held were right.
    """

    period: Period
    pace: Pace
    without_score: list[Case]
    ended: int
    held: int
    tried: int


@dataclass(frozen=True)
class DistrictPace:
    """A district's running half-year as the agency sees it; hidden where a small number would be told."""

    district: Row
    period: Period
    pace: Pace | None
    hidden: bool


def own_pace(db: Database, today: date, *, by: Actor) -> OwnPace:
    """The own district's running half-year, and who has no score in it yet. Logged."""
    period = half_of(today)
    with acting(db, by, Act.SEE_DISTRICT) as note:
        district_id = district_of(by)
        note.subject = ("district", district_id)
        district = districts.by_id(db, district_id)
        assert district is not None  # noqa: S101 - a foreign key
        counts = counters.counts(db, [period], district_id)[district_id, period.code]
        people = service_users.without_score(db, by, period)
        ended = service_users.ended_without_score(db, district_id, period)
        threshold = judged_by(db, Threshold.COVERAGE, period, today)
        tried = _trials(db, _before(period, LOOKED_BACK), district_id)
        note.detail = {"without_score": len(people), "period": period.code}
    cases = cases_of(people, [], district["rhythm_months"], today, ())
    still_there = [case for case in cases if case.status is not Due.ENDED]
    made = [one for one in tried if one.said]
    return OwnPace(
        period,
        _pace(counts, period, today, threshold, ended),
        still_there,
        ended,
        sum(one.held for one in made),
        len(made),
    )


def city_pace(db: Database, today: date, small_count: int, *, by: Actor) -> list[DistrictPace]:
    """Every district's running half-year; hidden where few are active, measured or not measured. Logged."""
    period = half_of(today)
    with telling(db, by, Act.SEE_CITY) as note:
        note.detail = {"pace": period.code}
        everywhere = districts.all_districts(db)
        counts = counters.counts(db, [period])
        threshold = judged_by(db, Threshold.COVERAGE, period, today)

    def of(district: Row) -> DistrictPace:
        known = _pace(counts[district["id"], period.code], period, today, threshold)
        few = (known.active, known.measured, known.active - known.measured)
        hidden = any(is_small(number, small_count) for number in few)
        return DistrictPace(district, period, None if hidden else known, hidden)

    return [of(district) for district in everywhere]


def back_test(db: Database, periods: Sequence[Period], today: date, *, by: Actor) -> list[Score]:
    """How forecasts for these half-years would have done, for the operator; without any, for all that are over.

    Invalid if one of them is not over. Logged.
    """
    refuse_open(periods, today)
    with telling(db, by, Act.BACK_TEST) as note:
        over = periods or _all_over(db, today)
        note.detail = {"periods": [period.code for period in over]}
        made = _trials(db, over)
    return scores(made)


def _pace(counts: dict[str, int], period: Period, today: date, threshold: float, gone: int = 0) -> Pace:
    return pace(counts["active_users"], counts["measured_users"], *days_of(period, today), threshold, gone)


def _trials(db: Database, periods: Sequence[Period], district_id: int | None = None) -> list[Trial]:
    """The forecasts for all districts, or one, in half-years that are over."""
    measured = days.newly_measured(db, periods, district_id)
    counts = counters.counts(db, periods, district_id)
    return [
        trial
        for period in periods
        for (id_, code), known in counts.items()
        if code == period.code
        for trial in trials(period, known["active_users"], measured.get((id_, code), {}))
    ]


def _before(period: Period, number: int) -> list[Period]:
    """So many half-years before this one, newest first."""
    found = [previous(period)]
    while len(found) < number:
        found.append(previous(found[-1]))
    return found


def _all_over(db: Database, today: date) -> list[Period]:
    """The half-years since the first session that have ended."""
    first = figures.first_session(db) or today
    return [period for period in back_to(half_of(today), first) if not is_open(period, today)]
