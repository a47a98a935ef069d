"""A district's half-years as its team lead signs them off, and as the agency sees what was signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import telling
from fitservice.cases import began, open_findings
from fitservice.model import Actor, NotFound, Period
from fitservice.reporting import Content, Gap, Step
from fitservice.reports.gaps import Status, statuses_of
from fitservice.rules.figures import figures_from_counts
from fitservice.rules.periods import back_to, half_of, previous
from fitservice.rules.releasing import part_of
from fitservice.rules.sign_off import Event, possible, running_leave, unexplained
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
    """A figure that is not what it was when it was signed."""

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
    changed: Sequence[Changed]
    """Since the sign-off that counts."""
    findings: int
    """Of the quality checks that nobody has dismissed."""

    @property
    def is_unexplained(self) -> bool:
        """Whether something is missing or found that a sign-off has to say something about."""
        return bool(self.unexplained or self.findings)

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


def own_periods(db: Database, today: date, *, by: Actor) -> list[Status]:
    """The own district's half-years since reporting began, newest first. Logged."""
    with telling(db, by, Act.SEE_DISTRICT):
        return statuses_of(db, back_to(half_of(today), began(db, today)), today, EVERYTHING, district_of(by))


def own_period(db: Database, period: Period, today: date, *, by: Actor) -> OwnPeriod:
    """One of them, with what a sign-off needs. Logged. NotFound before it begins or before reporting began."""
    with telling(db, by, Act.SEE_DISTRICT) as note:
        note.detail = {"period": period.code}
        district_id = district_of(by)
        _refuse_unknown(db, period, today)
        before = previous(period)
        with_before = [period, before] if before.last_day >= began(db, today) else [period]
        status, *earlier = statuses_of(db, with_before, today, EVERYTHING, district_id)
        counts = counters.counts(db, [period, before], district_id)
        now, then = (figures_from_counts(counts[district_id, one.code]) for one in (period, before))
        steps = sign_offs.steps(db, [period], district_id).get((district_id, period.code), [])
        return OwnPeriod(
            status,
            earlier[0] if earlier and earlier[0].owed else None,
            {measure: (now[measure], then[measure]) for measure in SHOWN},
            steps[::-1],
            _possible(status, today),
            unexplained(status.gaps, status.explanations.keys()),
            _changed(db, district_id, status, now),
            len(open_findings(db, district_id, period, status.dates, today)) if status.dates else 0,
        )


def see_period(db: Database, code: str, period: Period, today: date, small_count: int, *, by: Actor) -> SeenPeriod:
    """A half-year of one district, for the agency. Logged. NotFound for a code that is no district's."""
    with telling(db, by, Act.SEE_CITY) as note:
        note.detail = {"periods": [period.code], "district": code}
        ids = {row["code"]: row["id"] for row in districts.all_districts(db)}
        if code not in ids:
            raise NotFound
        _refuse_unknown(db, period, today)
        (status,) = statuses_of(db, [period], today, small_count, ids[code])
        steps = sign_offs.steps(db, [period], ids[code]).get((ids[code], period.code), [])
        now = figures_from_counts(counters.counts(db, [period], ids[code])[ids[code], period.code])
        has_changed = bool(_changed(db, ids[code], status, now))
        leave = running_leave(status.sign_off, today) if status.owed else None
        return SeenPeriod(status, steps[::-1], _possible(status, today), has_changed, leave)


def _refuse_unknown(db: Database, period: Period, today: date) -> None:
    if "H" not in period.code or period.first_day > today or period.last_day < began(db, today):
        raise NotFound


def _possible(status: Status, today: date) -> list[Step]:
    assert status.dates is not None  # noqa: S101 - a half-year has its days
    return possible(status.sign_off, status.dates, status.period, today, owed=status.owed)


def _changed(db: Database, district_id: int, status: Status, now: Mapping[str, float | None]) -> list[Changed]:
    standing = status.sign_off.standing
    if standing is None:
        return []
    counts = sign_offs.signed_counts(db, district_id, status.period, standing.number)[part_of(status.period)]
    signed = figures_from_counts(counts)
    return [Changed(measure, signed[measure], now[measure]) for measure in now if signed[measure] != now[measure]]
