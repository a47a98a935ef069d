"""A district's half-years as its team lead signs them off, and as the agency sees what was signed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import telling
from fitservice.cases import began, open_findings
from fitservice.model import Actor, NotFound, Period
from fitservice.reporting import Content, Gap, Step
from fitservice.reports.gaps import Status, statuses_of
from fitservice.rules.figures import Counts, figures_from_counts
from fitservice.rules.periods import back_to, half, half_of, previous
from fitservice.rules.releasing import part_of
from fitservice.rules.sign_off import (
    NO_STEPS,
    Event,
    State,
    parts_signed,
    possible,
    running_leave,
    speaks_for_first,
    unexplained,
)
from fitservice.store import counters, districts, sign_offs

SHOWN = (
    "active_users",
    "measured_users",
    "coverage",
    "life_satisfaction_mean",
    "sessions",
    "sessions_with_feedback",
)
"""What a team lead looks at before signing."""

EVERYTHING = 1
"""No count is small to the district itself."""


@dataclass(frozen=True)
class Changed:
    """A figure of the half-year, or of the year that was signed with it, that is not what it was then."""

    period: Period
    measure: str
    signed: float | None
    now: float | None


@dataclass(frozen=True)
class OwnPeriod:
    """A half-year of the own district: what would be reported today, the one before beside it, and what may be done."""

    status: Status
    before: Status | None
    """The half-year before, if the district owed it."""
    figures: Mapping[str, tuple[float | None, float | None]]
    """By measure: now, and in the half-year before."""
    steps: Sequence[Event]
    """Newest first."""
    possible: Sequence[Step]
    unexplained: Sequence[Gap]
    first: Status | None
    """The year's first half-year, where it is signed with this one, and nobody has signed it by itself."""
    signed_with_year: Period | None
    """The second half-year with which this one was signed."""
    changed: Sequence[Changed]
    """Since the sign-off that counts."""
    findings: Mapping[str, int]
    """Of the quality checks that nobody has dismissed, by the half-years that a sign-off speaks for."""

    @property
    def asked(self) -> list[Event]:
        """By what the agency returned or opened it since the last sign-off, also other days given; oldest first."""
        return list(takewhile(lambda event: event.step in (Step.RETURNED, Step.REOPENED), self.steps))[::-1]

    @property
    def is_unexplained(self) -> bool:
        """Whether something is missing or found that a sign-off has to say something about."""
        return bool(self.unexplained or any(self.findings.values()))

    @property
    def needs_words(self) -> bool:
        """Whether words are asked for: then, and where it can be declared that there is nothing to report."""
        return self.is_unexplained or self.status.content is Content.NO_ACTIVE_USERS


@dataclass(frozen=True)
class SeenPeriod:
    """A half-year of a district as the agency sees it: whether it changed since the sign-off, but not by how much."""

    status: Status
    steps: Sequence[Event]
    possible: Sequence[Step]
    has_changed: bool
    running_leave: Event | None
    """The return or opening whose day can still be changed."""
    signed_with_year: Period | None
    """The second half-year with which this one was signed."""


def own_periods(db: Database, today: date, *, by: Actor) -> list[Status]:
    """The own district's half-years since reporting began, newest first. Logged."""
    with telling(db, by, Act.SEE_DISTRICT) as note:
        note.subject = ("district", district_of(by))
        return statuses_of(db, back_to(half_of(today), began(db, today)), today, EVERYTHING, district_of(by))


def own_period(db: Database, period: Period, today: date, *, by: Actor) -> OwnPeriod:
    """One of them, with what a sign-off needs. Logged. NotFound before it begins or before reporting began."""
    with telling(db, by, Act.SEE_DISTRICT) as note:
        note.detail = {"period": period.code}
        district_id = district_of(by)
        note.subject = ("district", district_id)
        _refuse_unknown(db, period, today)
        before = previous(period)
        found = _statuses(db, {period, before, _second_half(period)}, today, EVERYTHING, district_id)
        status, earlier = found[period], found.get(before)
        counts = counters.counts(db, [period, before], district_id)
        now, then = (figures_from_counts(counts[district_id, one.code]) for one in (period, before))
        steps = sign_offs.steps(db, [period], district_id).get((district_id, period.code), [])
        first = earlier if earlier and speaks_for_first(period, earlier.sign_off, owed=earlier.owed) else None
        signed = [status, *([first] if first else [])]
        return OwnPeriod(
            status,
            earlier if earlier and earlier.owed else None,
            {measure: (now[measure], then[measure]) for measure in SHOWN},
            steps[::-1],
            _possible(status, found, today),
            [gap for one in signed for gap in unexplained(one.gaps, one.explanations.keys())],
            first,
            _signed_with_year(found, period),
            _changed(db, district_id, found, period),
            {
                one.period.code: len(open_findings(db, district_id, one.period, one.dates, today))
                for one in signed
                if one.dates
            },
        )


def see_period(db: Database, code: str, period: Period, today: date, small_count: int, *, by: Actor) -> SeenPeriod:
    """A half-year of one district, for the agency. Logged. NotFound for a code that is no district's."""
    with telling(db, by, Act.SEE_CITY) as note:
        note.detail = {"periods": [period.code], "district": code}
        ids = {row["code"]: row["id"] for row in districts.all_districts(db)}
        if code not in ids:
            raise NotFound
        _refuse_unknown(db, period, today)
        found = _statuses(db, {period, _second_half(period)}, today, small_count, ids[code])
        steps = sign_offs.steps(db, [period], ids[code]).get((ids[code], period.code), [])
        status = found[period]
        return SeenPeriod(
            status,
            steps[::-1],
            _possible(status, found, today),
            bool(_changed(db, ids[code], found, period)),
            running_leave(status.sign_off, today) if status.owed else None,
            _signed_with_year(found, period),
        )


def _refuse_unknown(db: Database, period: Period, today: date) -> None:
    if "H" not in period.code or period.first_day > today or period.last_day < began(db, today):
        raise NotFound


Statuses = Mapping[Period, Status]
"""Half-years of one district; those that have begun and that reporting has reached."""


def _statuses(db: Database, wanted: Collection[Period], today: date, small_count: int, district_id: int) -> Statuses:
    first_day = began(db, today)
    known = [one for one in wanted if one.first_day <= today and one.last_day >= first_day]
    return {one.period: one for one in statuses_of(db, known, today, small_count, district_id)}


def _second_half(period: Period) -> Period:
    return half(period.first_day.year, 2)


def _second(found: Statuses, period: Period) -> State:
    """What the year's second half-year amounts to, if it is owed."""
    second = found.get(_second_half(period))
    return second.sign_off if second and second.owed else NO_STEPS


def _signed_with_year(found: Statuses, period: Period) -> Period | None:
    return _second_half(period) if period.code.endswith("H1") and _second(found, period).standing else None


def _possible(status: Status, found: Statuses, today: date) -> list[Step]:
    assert status.dates is not None  # noqa: S101 - a half-year has its days
    second = _second(found, status.period)
    return possible(status.sign_off, status.dates, status.period, today, owed=status.owed, second=second)


def _changed(db: Database, district_id: int, found: Statuses, period: Period) -> list[Changed]:
    """Beside what was signed last of it: with the second half-year its whole year was."""
    second, status = _second(found, period), found[period]
    last = _second_half(period) if second.standing else period
    standing = second.standing or status.sign_off.standing
    if standing is None:
        return []
    counts = sign_offs.signed_counts(db, district_id, last, standing.number)
    parts = parts_signed(period)
    now = counters.counts(db, parts, district_id)
    return [
        Changed(one, measure, before, after)
        for one in parts
        for measure, before, after in _differences(counts[part_of(one)], now[district_id, one.code])
    ]


def _differences(signed: Counts, now: Counts) -> list[tuple[str, float | None, float | None]]:
    before, after = figures_from_counts(signed), figures_from_counts(now)
    return [(measure, before[measure], after[measure]) for measure in after if before[measure] != after[measure]]
