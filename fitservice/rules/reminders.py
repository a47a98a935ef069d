"""Who is reminded of what on a day: before, on and after a deadline, and of what is missing until it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fitservice.reporting import GapKind, Reminder, ReminderKind, Step, Threshold, Timing
from fitservice.rules.access_review import is_reminded
from fitservice.rules.gaps import Case, gaps
from fitservice.rules.sign_off import Event, is_locked

BEFORE_THE_END = (28, 14, 7, 1)
"""Days before a half-year ends on which contacts are reminded of their own service users."""

BEFORE_THE_DEADLINE = (14, 3, 0)
"""Days before the deadline on which the team lead is reminded; the last is the deadline itself."""

BEFORE_LEAVE_ENDS = 3
AFTER_THE_DEADLINE = 7
"""Every so many days, until it is signed off or locked."""

GAP_AGAIN = 14
"""Every so many days while a gap of a running half-year is there, beginning with its first."""

ACCEPTANCE = 14
"""Days after which the agency is reminded, once, of a sign-off that it has neither accepted nor returned."""

WHILE_RUNNING = (GapKind.SILENT, GapKind.BEHIND_PACE, GapKind.REGISTER_STALE)
"""The gaps that can be closed while the half-year runs."""

STAYS = (GapKind.LATE,)
"""The gaps that nothing closes: nobody is reminded of them."""

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """What is known on a day of one district's half-year.

    expected holds, for each gap that is explained with a day, the day by which it was expected to be gone; latest is
    the last step of the sign-off.
    """

    district: str
    case: Case
    expected: Mapping[GapKind, date] = field(default_factory=dict)
    latest: Event | None = None


def for_contact(case: Case, without_score: int) -> list[Reminder]:
    """Of the own service users without a score in a half-year that is about to end, as long as there are any.

    A team lead can be somebody's contact too.
    """
    left = (case.period.last_day - case.as_of).days
    if not case.owed or without_score < 1 or left not in BEFORE_THE_END:
        return []
    return [Reminder(ReminderKind.WITHOUT_SCORE, case.period.code, case.period.last_day, number=without_score)]


def for_team_lead(known: Known) -> list[Reminder]:
    """Of the sign-off, of gaps that can still be closed, and of gaps that were expected to be gone by now."""
    if not known.case.owed or known.case.dates is None:
        return []
    about_signing = _of_the_agency(known) if _is_news(known) else _sign_off(known)
    return ([about_signing] if about_signing else []) + _gaps(known)


def for_analyst(everywhere: Sequence[Known]) -> list[Reminder]:
    """Which districts have not signed off when the deadline or the lock has passed, and what waits for acceptance."""
    by_period: dict[str, list[Known]] = {}
    for known in everywhere:
        if known.case.owed and known.case.dates:
            by_period.setdefault(known.case.period.code, []).append(known)
    return [reminder for row in by_period.values() for reminder in _of_period(row)]


def for_administrator(since: date | None, as_of: date) -> list[Reminder]:
    """Of looking through who can see what, half a year after the last time, and again every two weeks."""
    if since is None or not is_reminded(since, as_of):
        return []
    return [Reminder(ReminderKind.REVIEW_ACCESS, "", since)]


def _is_news(known: Known) -> bool:
    """Whether the agency returned the half-year or opened it again on that day or on the one before."""
    latest, as_of = known.latest, known.case.as_of
    return latest is not None and latest.step in (Step.RETURNED, Step.REOPENED) and as_of <= latest.on + DAY


def _of_the_agency(known: Known) -> Reminder | None:
    """The day after that, when the whole day is known, unless the leave has ended already."""
    case, latest = known.case, known.latest
    if latest is None or latest.until is None or not latest.on < case.as_of <= latest.until:
        return None
    kind = ReminderKind.RETURNED if latest.step is Step.RETURNED else ReminderKind.REOPENED
    return Reminder(kind, case.period.code, latest.until)


def _sign_off(known: Known) -> Reminder | None:
    """Of the deadline, or of the end of the agency's leave where that is later."""
    case, dates, state = known.case, known.case.dates, known.case.sign_off
    if dates is None or state.standing or case.still_open or is_locked(state, dates, case.as_of):
        return None
    # the day after the expected one, that very gap is named instead
    if (expected := known.expected.get(GapKind.NOT_SIGNED_OFF)) and case.as_of <= expected + DAY:
        return None
    due = max(dates.deadline, state.open_until or dates.deadline)
    left = (due - case.as_of).days
    if left < 0:
        again = -left % AFTER_THE_DEADLINE == 0
        return Reminder(ReminderKind.SIGN_OFF_OVERDUE, case.period.code, due) if again else None
    if due > dates.deadline:
        ends = left == BEFORE_LEAVE_ENDS
        return Reminder(ReminderKind.LEAVE_ENDS, case.period.code, due) if ends else None
    return Reminder(ReminderKind.SIGN_OFF_DUE, case.period.code, due) if left in BEFORE_THE_DEADLINE else None


def _gaps(known: Known) -> list[Reminder]:
    case, found = known.case, []
    for gap in gaps(case):
        expected = known.expected.get(gap.kind)
        if gap.kind in STAYS or (expected and case.as_of <= expected):
            continue
        if expected and case.as_of == expected + DAY:
            found.append(Reminder(ReminderKind.EXPECTED_PASSED, case.period.code, expected, gap.kind))
        elif gap.kind in WHILE_RUNNING and case.still_open:
            there_for = case.as_of - _first_seen(case, gap.kind, gap.since)
            if there_for.days % GAP_AGAIN == 0:
                found.append(Reminder(ReminderKind.GAP, case.period.code, gap.since, gap.kind))
    return found


def _first_seen(case: Case, kind: GapKind, since: date) -> date:
    """The first day on which it was a gap: silence begins with the day after a session, but is one only later."""
    if kind is GapKind.SILENT:
        return since - DAY + timedelta(weeks=case.threshold(Threshold.SILENCE_WEEKS))
    return since


def _of_period(row: Sequence[Known]) -> list[Reminder]:
    case = row[0].case
    assert case.dates is not None  # noqa: S101 - a half-year has its days
    unsigned = tuple(known.district for known in row if known.case.timing is Timing.MISSING)
    waiting = tuple(known.district for known in row if _waits(known.case))
    found = []
    if unsigned and case.as_of == case.dates.lock + DAY:
        found.append(Reminder(ReminderKind.LOCKED_UNSIGNED, case.period.code, case.dates.lock, districts=unsigned))
    elif unsigned and case.as_of == case.dates.deadline + DAY:
        found.append(Reminder(ReminderKind.NOT_SIGNED, case.period.code, case.dates.deadline, districts=unsigned))
    if waiting:
        signed_on = case.as_of - timedelta(days=ACCEPTANCE)
        found.append(Reminder(ReminderKind.NOT_ACCEPTED, case.period.code, signed_on, districts=waiting))
    return found


def _waits(case: Case) -> bool:
    """Whether it was signed off just so long ago, and neither accepted nor returned since."""
    standing = case.sign_off.standing
    return bool(standing and not case.sign_off.accepted and (case.as_of - standing.on).days == ACCEPTANCE)
