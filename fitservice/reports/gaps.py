"""What each district's periods hold, how they were signed off and what is missing: for every door that tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlite_utils import Database

from fitservice.access import Act, check
from fitservice.acting import telling
from fitservice.cases import began, cases_of
from fitservice.model import Actor, Figure, Period
from fitservice.reporting import Content, Dates, Gap, GapKind, Submission, Threshold, Timing
from fitservice.rules.disclosure.gaps import is_few, may_be_told
from fitservice.rules.disclosure.small import is_small
from fitservice.rules.gaps import Case, coverage, gaps
from fitservice.rules.periods import back_to, half_of, refuse_not_begun, year
from fitservice.rules.sign_off import State, closes_on, due_on
from fitservice.store import explanations
from fitservice.store.rows import Row


@dataclass(frozen=True)
class Status:
    """One district in one period, as seen on a day. The three figures are protected unless it is one's own."""

    district: Row
    period: Period
    content: Content
    active_users: Figure
    measured_users: Figure
    coverage: Figure
    last_recorded: date | None
    still_open: bool
    gaps: list[Gap]
    owed: bool
    timing: Timing | None
    """None for a year: its halves are signed off."""
    submission: Submission | None
    """The same as everybody may know it; None for a year."""
    sign_off: State
    dates: Dates | None
    threshold: float
    """The share that must be measured, 0-1."""
    explanations: Mapping[GapKind, Row]
    """Of the gaps that there are: cause, text, expected_on, by, at."""

    @property
    def awaits_sign_off(self) -> bool:
        """Whether somebody has to sign it off, or to ask that it be opened again."""
        return self.timing is Timing.MISSING or self.submission is Submission.RETURNED

    @property
    def due_on(self) -> date | None:
        """The last day on which a sign-off is timely; None for a year."""
        return due_on(self.sign_off, self.dates) if self.dates else None

    @property
    def closes_on(self) -> date | None:
        """The last day on which the district can sign off or undo by itself; None for a year."""
        return closes_on(self.sign_off, self.dates) if self.dates else None


def see_gaps(db: Database, periods: Sequence[Period], as_of: date, small_count: int, *, by: Actor) -> list[Status]:
    """Every district × period in that order, as it was known at the end of a day. Logged.

    Invalid if a period had not begun on that day.
    """
    refuse_not_begun(periods, as_of)
    with telling(db, by, Act.SEE_CITY) as note:
        note.detail = {"periods": [period.code for period in periods], "as_of": as_of.isoformat()}
        return statuses_of(db, periods, as_of, small_count)


def statuses_of(
    db: Database, periods: Sequence[Period], as_of: date, small_count: int, district_id: int | None = None
) -> list[Status]:
    """The same of all districts or of one, for reports that have checked and log what they tell."""
    reasons = explanations.known_on(db, periods, as_of, district_id)
    cases = cases_of(db, periods, as_of, district_id)
    return [_status(district, case, reasons, small_count) for district, case in cases]


def _status(district: Row, case: Case, reasons: Mapping[tuple[int, str, GapKind], Row], small_count: int) -> Status:
    own = case.evidence
    few = is_few(own, small_count)
    found = [gap for gap in gaps(case) if may_be_told(gap.kind, case, small_count)]
    places = {gap.kind: (district["id"], case.period.code, gap.kind) for gap in found}
    return Status(
        district=district,
        period=case.period,
        content=Content.NOT_TOLD if few and case.content in _OF_MEASURED else case.content,
        active_users=_protected(own.active_users, small_count, own.active_users, own.measured_users),
        measured_users=_protected(own.measured_users, small_count, own.measured_users),
        coverage=_protected(coverage(own), small_count, own.active_users, own.measured_users),
        last_recorded=own.last_recorded,
        still_open=case.still_open,
        gaps=found,
        owed=case.owed,
        timing=case.timing,
        submission=case.submission,
        sign_off=case.sign_off,
        dates=case.dates,
        threshold=case.threshold(Threshold.COVERAGE),
        explanations={kind: reasons[place] for kind, place in places.items() if place in reasons},
    )


def reported_periods(db: Database, today: date, *, by_year: bool, by: Actor) -> list[Period]:
    """The half-years or years since reporting began, newest first: the running one on top."""
    check(by, Act.SEE_CITY)
    newest = year(today.year) if by_year else half_of(today)
    return back_to(newest, began(db, today))


def by_district(statuses: Sequence[Status]) -> list[tuple[Row, list[Status]]]:
    """The same statuses, one row a district."""
    rows = groupby(statuses, key=lambda status: str(status.district["code"]))
    return [(row[0].district, row) for row in (list(group) for _, group in rows)]


def _protected(value: float | None, small_count: int, *rests_on: int) -> Figure:
    hidden = any(is_small(count, small_count) for count in rests_on)
    return Figure(None if hidden else value, hidden)


_OF_MEASURED = (Content.WITH_DATA, Content.PARTIAL)
