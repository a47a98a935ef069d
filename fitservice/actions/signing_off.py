"""Signing off a district's half-year, taking that back, and what the agency does with it."""

from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import Note, acting
from fitservice.cases import cases_of, dates_on, open_findings
from fitservice.clock import today
from fitservice.model import Actor, Invalid, NotFound, Period, Problem
from fitservice.reporting import Dates, Step
from fitservice.rules.figures import Counts
from fitservice.rules.gaps import Case, gaps
from fitservice.rules.notes import parse_words
from fitservice.rules.periods import half
from fitservice.rules.releasing import part_of
from fitservice.rules.sign_off import (
    NO_STEPS,
    OF_THE_AGENCY,
    SIGNING,
    Event,
    is_out_of_order,
    parts_signed,
    refuse,
    speaks_for_first,
    unexplained,
)
from fitservice.store import counters, districts, explanations, sign_offs

DISTRICTS_STEPS = (*SIGNING, Step.UNDONE)


def take_step(db: Database, period: Period, step: Step, text: str | None, known: int, *, by: Actor) -> None:
    """Sign off the own district's half-year, declare that there is nothing to report, or undo that.

    What the record holds at this moment is kept as what was signed. known is the number of the latest step that was on
    the screen. Invalid if somebody took another meanwhile, if it may not come next, or if something is missing and
    neither text nor explanations say why; and for a text that parse_reason refuses.
    """
    with acting(db, by, Act.SIGN_OFF) as note:
        if step not in DISTRICTS_STEPS:
            raise NotFound
        district_id = district_of(by)
        case, dates, signed = _case(db, district_id, period, step)
        _refuse_meanwhile(case, known)
        refuse(step, case.sign_off, dates, period, today(), owed=case.owed)
        text = parse_words(text, "text")
        _refuse_in_silence(db, district_id, signed, step, text)
        counts = _counts(db, district_id, period) if step in SIGNING else None
        event = Event(known + 1, step, today(), by.name, text)
        sign_offs.add(db, district_id, period, event, counts)
        _log(note, district_id, period, step)


def judge_sign_off(
    db: Database,
    code: str,
    period: Period,
    step: Step,
    text: str | None,
    until: date | None,
    known: int,
    *,
    by: Actor,
) -> None:
    """Accept a district's sign-off, return it, or open the half-year again after the lock, for the agency.

    until is the last day that a return or an opening leaves for signing; both need words. While that day has not
    passed and nobody has signed, the same step again leaves another one. Invalid as in take_step.
    """
    with acting(db, by, Act.JUDGE_SIGN_OFF) as note:
        ids = {row["code"]: row["id"] for row in districts.all_districts(db)}
        if code not in ids or step not in OF_THE_AGENCY:
            raise NotFound
        case, dates, _ = _case(db, ids[code], period, step)
        _refuse_meanwhile(case, known)
        # whoever accepts returns nothing: what stood in that form is not part of it
        text, leaves = (None, None) if step is Step.ACCEPTED else (parse_words(text, "text"), until)
        refuse(step, case.sign_off, dates, period, today(), owed=case.owed, until=leaves)
        if step is not Step.ACCEPTED and not text:
            raise Invalid(Problem("required", "text"))
        sign_offs.add(db, ids[code], period, Event(known + 1, step, today(), by.name, text, leaves))
        _log(note, ids[code], period, step)


def _case(db: Database, district_id: int, period: Period, step: Step) -> tuple[Case, Dates, list[Case]]:
    """The half-year's case and days; and what a sign-off has to speak for: that case, and a first half-year of the year
    that nobody has signed."""
    if period.first_day > today() or "H" not in period.code:
        raise NotFound
    of_year = period.first_day.year
    (_, first), (_, second) = cases_of(db, [half(of_year, 1), half(of_year, 2)], today(), district_id)
    if is_out_of_order(step, period, second.sign_off if second.owed else NO_STEPS):
        raise Invalid(Problem("second_half_signed", known={"value": period.code, "later": second.period.code}))
    case = first if period == first.period else second
    with_it = [first] if speaks_for_first(period, first.sign_off, owed=first.owed) else []
    assert case.dates is not None  # noqa: S101 - a half-year has its days
    return case, case.dates, [case, *with_it]


def _refuse_meanwhile(case: Case, known: int) -> None:
    """The form must have heard of the latest step: of two who act at once, the second looks again."""
    if case.sign_off.number != known:
        raise Invalid(Problem("signed_meanwhile"))


def _refuse_in_silence(db: Database, district_id: int, signed: Sequence[Case], step: Step, text: str | None) -> None:
    if step is Step.NOTHING_TO_REPORT:
        if signed[0].evidence.active_users:
            raise Invalid(Problem("there_is_something", known={"value": signed[0].period.code}))
        if not text:
            raise Invalid(Problem("required", "text"))
    if step is Step.SIGNED and not text:
        reasons = explanations.known_on(db, [case.period for case in signed], today(), district_id)
        for case in signed:
            explained = {kind for _, code, kind in reasons if code == case.period.code}
            found = open_findings(db, district_id, case.period, dates_on(db, case.period, today()), today())
            if found or unexplained(gaps(case), explained):
                raise Invalid(Problem("reasons_needed", "text"))


def _counts(db: Database, district_id: int, period: Period) -> dict[str, Counts]:
    parts = parts_signed(period)
    known = counters.counts(db, parts, district_id)
    return {part_of(part): known[district_id, part.code] for part in parts}


def _log(note: Note, district_id: int, period: Period, step: Step) -> None:
    note.subject = ("district", district_id)
    note.detail = {"period": period.code, "step": step.value}
