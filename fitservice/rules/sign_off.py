"""The sign-off of a district's half-year: what its steps amount to, which may come next, and whether it was timely."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fitservice.model import Invalid, Period, Problem
from fitservice.reporting import Dates, Gap, GapKind, Step, Submission, Timing
from fitservice.rules.periods import half, is_open, year

LEAVE = timedelta(weeks=2)
"""What a return or an opening leaves unless the agency says otherwise."""

SHORTEST_LEAVE = timedelta(days=3)
"""The team lead hears of it the day after."""

LONGEST_LEAVE = timedelta(days=366)

SIGNING = (Step.SIGNED, Step.NOTHING_TO_REPORT)
OF_THE_AGENCY = (Step.ACCEPTED, Step.RETURNED, Step.REOPENED)


@dataclass(frozen=True)
class Event:
    """One step, the day on which it was taken, and by whom; until is the last day that it leaves for signing."""

    number: int
    step: Step
    on: date
    by: str = ""
    text: str | None = None
    until: date | None = None


@dataclass(frozen=True)
class State:
    """What the steps so far amount to."""

    number: int = 0
    """Of the latest step; 0 before the first."""
    standing: Event | None = None
    """The sign-off that counts."""
    accepted: Event | None = None
    leave: Event | None = None
    """The agency's latest return or opening, with its words and the day it leaves."""
    open_until: date | None = None
    """By the agency's leave, also after the lock."""
    timely_until: date | None = None
    """A sign-off that was timely and returned stays timely up to this day."""


NO_STEPS = State()


@dataclass(frozen=True)
class Signed:
    """What was signed of a half-year: when, and how many were measured then."""

    on: date
    measured_users: int


def state_of(events: Iterable[Event], dates: Dates, as_of: date) -> State:
    """What the steps up to a day amount to; events oldest first."""
    state = NO_STEPS
    for event in events:
        if event.on <= as_of:
            state = _after(state, event, dates)
    return state


def _after(state: State, event: Event, dates: Dates) -> State:
    if event.step in SIGNING:
        return replace(state, number=event.number, standing=event, accepted=None)
    if event.step is Step.ACCEPTED:
        return replace(state, number=event.number, accepted=event)
    if event.step is Step.UNDONE:
        return replace(state, number=event.number, standing=None, accepted=None)
    if event.step is Step.RETURNED:
        # a leave that is changed stays one of a timely sign-off, or of a late one
        was_timely = is_timely(state, dates) if state.standing else state.timely_until is not None
        timely = event.until if was_timely else None
        return State(event.number, leave=event, open_until=event.until, timely_until=timely)
    return replace(state, number=event.number, leave=event, open_until=event.until)


def due_on(state: State, dates: Dates) -> date:
    """The last day on which a sign-off is timely: the deadline, or a later day that a return left for it."""
    return max(dates.deadline, state.timely_until or dates.deadline)


def closes_on(state: State, dates: Dates) -> date:
    """The last day on which the district can sign or undo by itself: the lock, or a later day by the agency's leave."""
    return max(dates.lock, state.open_until or dates.lock)


def is_timely(state: State, dates: Dates) -> bool:
    """Whether the sign-off that counts came by the deadline, or by the day that a return left for it."""
    return state.standing is not None and state.standing.on <= due_on(state, dates)


def timing(state: State, dates: Dates, as_of: date, *, owed: bool) -> Timing:
    """Whether a half-year was signed off in time, as seen on a day."""
    if not owed:
        return Timing.NOT_REQUIRED
    if state.standing:
        return Timing.ON_TIME if is_timely(state, dates) else Timing.LATE
    return Timing.MISSING if as_of > due_on(state, dates) else Timing.AWAITED


_SUBMISSIONS = {
    Timing.ON_TIME: Submission.SUBMITTED,
    Timing.LATE: Submission.SUBMITTED,
    Timing.MISSING: Submission.MISSING,
    Timing.AWAITED: Submission.NOT_DUE,
    Timing.NOT_REQUIRED: Submission.NOT_REQUIRED,
}


def submission(state: State, dates: Dates, as_of: date, *, owed: bool) -> Submission:
    """What everybody may know of it: what the agency returned is that until its leave and the deadline have passed."""
    leave, has_time = state.leave, as_of <= max(dates.deadline, state.open_until or dates.deadline)
    if owed and has_time and not state.standing and leave and leave.step is Step.RETURNED:
        return Submission.RETURNED
    return _SUBMISSIONS[timing(state, dates, as_of, owed=owed)]


def is_locked(state: State, dates: Dates, as_of: date) -> bool:
    """Whether the district can no longer sign or undo on that day without the agency's leave."""
    return as_of > closes_on(state, dates)


def running_leave(state: State, as_of: date) -> Event | None:
    """The agency's return or opening, while the district has time for it; the agency can change its day."""
    is_running = state.open_until is not None and as_of <= state.open_until and state.standing is None
    return state.leave if is_running else None


def refusal(
    step: Step, state: State, dates: Dates, period: Period, as_of: date, *, owed: bool, until: date | None = None
) -> Problem | None:
    """Why a step may not come next on that day; None if it may."""
    value = {"value": period.code}
    if not owed:
        return Problem("not_owed", known=value)
    if step in SIGNING and is_open(period, as_of):
        return Problem("sign_when_over", known=value)
    if step in (*SIGNING, Step.UNDONE) and is_locked(state, dates, as_of):
        return Problem("locked", known=value)
    if step in SIGNING and state.standing:
        return Problem("signed_already", known=value)
    leave = running_leave(state, as_of)
    changes = leave is not None and leave.step is step
    if step in (Step.UNDONE, Step.ACCEPTED, Step.RETURNED) and not state.standing and not changes:
        return Problem("not_signed", known=value)
    if step in (Step.UNDONE, Step.ACCEPTED) and state.accepted:
        return Problem("accepted_already", known=value)
    if step is Step.REOPENED and (state.standing or not is_locked(state, dates, as_of)) and not changes:
        return Problem("need_not_reopen", known=value)
    return refusal_of_leave(until, as_of) if step in (Step.RETURNED, Step.REOPENED) else None


def refusal_of_leave(until: date | None, as_of: date) -> Problem | None:
    """Why a return or an opening may not leave until that day; None if it may."""
    if until is None or until < as_of + SHORTEST_LEAVE:
        return Problem("until_too_soon", "until", known={"days": str(SHORTEST_LEAVE.days)})
    if until > as_of + LONGEST_LEAVE:
        return Problem("until_too_late", "until", known={"days": str(LONGEST_LEAVE.days)})
    return None


def refuse(
    step: Step, state: State, dates: Dates, period: Period, as_of: date, *, owed: bool, until: date | None = None
) -> None:
    """Invalid if the step may not come next; see refusal."""
    problem = refusal(step, state, dates, period, as_of, owed=owed, until=until)
    if problem:
        raise Invalid(problem)


def leave_until(dates: Dates, as_of: date) -> date:
    """How long a return leaves by default: to the lock, and at least two weeks."""
    return min(max(dates.lock, as_of + LEAVE), as_of + LONGEST_LEAVE)


def parts_signed(period: Period) -> list[Period]:
    """What is signed with a half-year: the first alone, the second with its whole year, whose parts belong together."""
    of_year = period.first_day.year
    return [period] if period.code.endswith("H1") else [half(of_year, 1), period, year(of_year)]


def speaks_for_first(period: Period, first: State, *, owed: bool) -> bool:
    """Whether a sign-off of this half-year is also the first word on the year's first one, which nobody has signed."""
    return period.code.endswith("H2") and owed and first.standing is None


def possible(
    state: State, dates: Dates, period: Period, as_of: date, *, owed: bool, second: State = NO_STEPS
) -> list[Step]:
    """The steps that may come next on that day; second is the state of the year's second half-year, if it is owed."""
    until = as_of + LEAVE
    return [
        step
        for step in Step
        if not is_out_of_order(step, period, second)
        and refusal(step, state, dates, period, as_of, owed=owed, until=until) is None
    ]


def signed_with(period: Period, own: State, second: State) -> tuple[str, Event] | None:
    """The half-year (its code) whose sign-off says what counts as signed of this one: the second of its year where
    that stands, or itself. None where this one is not signed.

    second is NO_STEPS where the second half-year is not owed: what was signed of it counts for nothing.
    """
    if own.standing is None:
        return None
    if second.standing:
        return f"{period.first_day.year}H2", second.standing
    return period.code, own.standing


def is_out_of_order(step: Step, period: Period, second: State) -> bool:
    """Whether the second half-year has to be undone or returned first: with it the whole year was signed.

    What was signed last is taken back first, so that no release goes back to what was signed before.
    """
    return period.code.endswith("H1") and second.standing is not None and step is not Step.ACCEPTED


NEED_REASONS = (
    GapKind.EMPTY_PERIOD,
    GapKind.LOW_COVERAGE,
    GapKind.NO_ACTIVE_USERS,
    GapKind.DROPPED,
    GapKind.OTHER_SCALE,
)
"""Nobody signs these off in silence: they are explained one by one, or with the sign-off."""


def rests_on_explanations(state: State, kind: GapKind) -> bool:
    """Whether a sign-off stands without words of its own, so that what explains such a gap has to stay too."""
    return state.standing is not None and not state.standing.text and kind in NEED_REASONS


def unexplained(found: Iterable[Gap], explained: Collection[GapKind]) -> list[Gap]:
    """The gaps that nobody has explained and that a sign-off must say something about."""
    return [gap for gap in found if gap.kind in NEED_REASONS and gap.kind not in explained]
