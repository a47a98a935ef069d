"""Velferdsetaten's view of a district's reporting: what a period holds and what is missing. Never of effect."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from fitservice.model import Period, Role
from fitservice.reporting import Content, Dates, Gap, GapKind, Step, Submission, Threshold, Timing
from fitservice.rules.pace import days_of, pace
from fitservice.rules.periods import add_months, is_open
from fitservice.rules.register import THRESHOLDS
from fitservice.rules.sign_off import NO_STEPS, Signed, State, due_on, submission, timing


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
    register_changed: date | None = None
    """When an enrolment of the district was last recorded or changed."""


@dataclass(frozen=True)
class Earlier:
    """A closed period before: what it held, and whether the district owed it."""

    period: Period
    content: Content
    evidence: Evidence = Evidence()
    owed: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it was owed and nobody was measured: only then a row of empty periods goes on."""
        return self.owed and self.content is Content.EMPTY


@dataclass(frozen=True)
class Case:
    """One district and period as known on a day. dates are None for a year, which nobody signs off."""

    period: Period
    as_of: date
    evidence: Evidence
    earlier: Sequence[Earlier] = ()
    """The closed periods of the same length, newest first."""
    owed: bool = True
    dates: Dates | None = None
    sign_off: State = NO_STEPS
    signed: Signed | None = None
    """What was signed of it, as far as that counts; None where no sign-off stands."""
    thresholds: Mapping[Threshold, float] | None = None

    @property
    def content(self) -> Content:
        """What the period holds."""
        return content(self.evidence, self.threshold(Threshold.COVERAGE), declared=is_declared(self.sign_off))

    @property
    def timing(self) -> Timing | None:
        """Whether it was signed off in time; None for a year."""
        return timing(self.sign_off, self.dates, self.as_of, owed=self.owed) if self.dates else None

    @property
    def submission(self) -> Submission | None:
        """Whether it was submitted, as everybody may know it; None for a year."""
        return submission(self.sign_off, self.dates, self.as_of, owed=self.owed) if self.dates else None

    @property
    def still_open(self) -> bool:
        """Whether the period had not ended on the day."""
        return is_open(self.period, self.as_of)

    def threshold(self, name: Threshold) -> float:
        """What the period is judged by."""
        return (self.thresholds or THRESHOLDS)[name]


def coverage(evidence: Evidence) -> float | None:
    """Share of active service users that were measured, 0-1; None without active ones."""
    return evidence.measured_users / evidence.active_users if evidence.active_users else None


def is_declared(sign_off: State) -> bool:
    """Whether the sign-off that counts says that there is nothing to report."""
    return sign_off.standing is not None and sign_off.standing.step is Step.NOTHING_TO_REPORT


def content(evidence: Evidence, threshold: float, *, declared: bool = False) -> Content:
    """What the period holds; partial below the threshold (0-1) of coverage. A declaration only counts while nobody is
    enrolled."""
    if not evidence.active_users:
        return Content.NOTHING_TO_REPORT if declared else Content.NO_ACTIVE_USERS
    if not evidence.measured_users:
        return Content.EMPTY
    # divided, not multiplied: 7 of 10 is exactly 0.7, while 0.7 * 10 is a little more than 7
    enough = evidence.measured_users / evidence.active_users >= threshold
    return Content.WITH_DATA if enough else Content.PARTIAL


def gaps(case: Case) -> list[Gap]:
    """Every gap of one district and period as seen on a day, in the order of GapKind; none where nothing is owed.

    An open period is not yet empty or too low: it can still be closed, so there silence and pace are what is flagged.
    """
    if not case.owed:
        return []
    return [gap for rule in _RULES.values() if (gap := rule(case)) is not None]


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


def consecutive(period: Period, state: Content, earlier: Sequence[Earlier]) -> Gap | None:
    """Two or more empty periods in a row, this one the last of them; one that was not owed ends the row."""
    if state is not Content.EMPTY:
        return None
    row = [period]
    for before in earlier:
        if not before.is_empty:
            break
        row.append(before.period)
    return Gap(GapKind.CONSECUTIVE, row[-1].first_day, len(row)) if len(row) > 1 else None


def _content(case: Case, kind: GapKind) -> Gap | None:
    gap = content_gap(case.period, case.content, coverage(case.evidence), still_open=case.still_open)
    return gap if gap and gap.kind is kind else None


def _consecutive(case: Case) -> Gap | None:
    return None if case.still_open else consecutive(case.period, case.content, case.earlier)


def _silent(case: Case) -> Gap | None:
    """An open period in which nothing has been recorded for some weeks."""
    if not case.evidence.active_users or not case.still_open:
        return None
    last = case.evidence.last_recorded or case.period.first_day - timedelta(days=1)
    long = timedelta(weeks=case.threshold(Threshold.SILENCE_WEEKS))
    return Gap(GapKind.SILENT, last + timedelta(days=1)) if case.as_of - last >= long else None


def _behind_pace(case: Case) -> Gap | None:
    """An open half-year in which too few will have been measured at today's pace."""
    if not case.still_open or case.dates is None:
        return None
    own, limit = case.evidence, case.threshold(Threshold.COVERAGE)
    heading = pace(own.active_users, own.measured_users, *days_of(case.period, case.as_of), limit)
    return Gap(GapKind.BEHIND_PACE, case.period.first_day) if heading.behind else None


def compared_with(case: Case) -> list[Evidence]:
    """What a drop is judged beside: the periods before that were owed."""
    return [before.evidence for before in case.earlier if before.owed]


def _dropped(case: Case) -> Gap | None:
    """A closed period with data in which coverage is far below the district's own mean of two or more before it."""
    own = [share for before in compared_with(case) if (share := coverage(before)) is not None]
    now = coverage(case.evidence)
    if case.still_open or not now or len(own) < 2:
        return None
    limit = fmean(own) * (1 - case.threshold(Threshold.DROP))
    # a rounding error is no drop
    return Gap(GapKind.DROPPED, case.period.first_day) if now < limit - 1e-9 else None


def _other_scale(case: Case) -> Gap | None:
    since = case.evidence.other_scale_since
    return Gap(GapKind.OTHER_SCALE, since) if since else None


def _not_signed_off(case: Case) -> Gap | None:
    if case.dates is None or case.timing is not Timing.MISSING:
        return None
    return Gap(GapKind.NOT_SIGNED_OFF, due_on(case.sign_off, case.dates) + timedelta(days=1))


def _late(case: Case) -> Gap | None:
    """Signed off, but so many days after the last one that was in time."""
    if case.dates is None or case.timing is not Timing.LATE or case.sign_off.standing is None:
        return None
    due = due_on(case.sign_off, case.dates)
    return Gap(GapKind.LATE, due + timedelta(days=1), (case.sign_off.standing.on - due).days)


def _empty_sign_off(case: Case) -> Gap | None:
    """Nobody was measured in what was signed, whatever was recorded since; a declaration is well while nobody is
    enrolled."""
    signed = case.signed
    if signed is None or signed.measured_users or case.content is Content.NOTHING_TO_REPORT:
        return None
    return Gap(GapKind.EMPTY_SIGN_OFF, signed.on)


def _feedback_not_used(case: Case) -> Gap | None:
    if case.evidence.sessions and not case.evidence.sessions_with_feedback:
        return Gap(GapKind.FEEDBACK_NOT_USED, case.period.first_day)
    return None


def _register_stale(case: Case) -> Gap | None:
    """An open period, and for some months nobody was enrolled, ended or corrected."""
    last = case.evidence.register_changed
    if not case.still_open or not case.evidence.active_users or last is None:
        return None
    stale = add_months(last, int(case.threshold(Threshold.STALE_MONTHS)))
    return Gap(GapKind.REGISTER_STALE, stale) if case.as_of >= stale else None


_RULES: dict[GapKind, Callable[[Case], Gap | None]] = {
    GapKind.EMPTY_PERIOD: lambda case: _content(case, GapKind.EMPTY_PERIOD),
    GapKind.LOW_COVERAGE: lambda case: _content(case, GapKind.LOW_COVERAGE),
    GapKind.NO_ACTIVE_USERS: lambda case: _content(case, GapKind.NO_ACTIVE_USERS),
    GapKind.CONSECUTIVE: _consecutive,
    GapKind.SILENT: _silent,
    GapKind.BEHIND_PACE: _behind_pace,
    GapKind.DROPPED: _dropped,
    GapKind.OTHER_SCALE: _other_scale,
    GapKind.NOT_SIGNED_OFF: _not_signed_off,
    GapKind.LATE: _late,
    GapKind.EMPTY_SIGN_OFF: _empty_sign_off,
    GapKind.FEEDBACK_NOT_USED: _feedback_not_used,
    GapKind.REGISTER_STALE: _register_stale,
}

OWNERS = {
    GapKind.BEHIND_PACE: Role.CASEWORKER,
    GapKind.SILENT: Role.CASEWORKER,
}
"""Who can close a gap; the team lead where nobody is named."""


def owner(kind: GapKind) -> Role:
    """Who can close it."""
    return OWNERS.get(kind, Role.TEAM_LEAD)
