"""Signing off a district's half-year, taking that back, and what the agency does with it."""

from datetime import date

from sqlite_utils import Database

from fitservice.access import Act, district_of
from fitservice.acting import Note, acting
from fitservice.cases import cases_of, open_findings
from fitservice.clock import today
from fitservice.model import Actor, Invalid, NotFound, Period, Problem
from fitservice.reporting import Dates, Step
from fitservice.rules.figures import Counts
from fitservice.rules.gaps import Case, gaps
from fitservice.rules.notes import parse_words
from fitservice.rules.periods import half
from fitservice.rules.releasing import part_of
from fitservice.rules.sign_off import (
    OF_THE_AGENCY,
    SIGNING,
    Event,
    parts_signed,
    refuse,
    refuse_out_of_order,
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
        case, dates = _case(db, district_id, period, step)
        _refuse_meanwhile(case, known)
        refuse(step, case.sign_off, dates, period, today(), owed=case.owed)
        text = parse_words(text, "text")
        _refuse_in_silence(db, district_id, case, dates, step, text)
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
        case, dates = _case(db, ids[code], period, step)
        _refuse_meanwhile(case, known)
        # whoever accepts returns nothing: what stood in that form is not part of it
        text, leaves = (None, None) if step is Step.ACCEPTED else (parse_words(text, "text"), until)
        refuse(step, case.sign_off, dates, period, today(), owed=case.owed, until=leaves)
        if step is not Step.ACCEPTED and not text:
            raise Invalid(Problem("required", "text"))
        sign_offs.add(db, ids[code], period, Event(known + 1, step, today(), by.name, text, leaves))
        _log(note, ids[code], period, step)


def _case(db: Database, district_id: int, period: Period, step: Step) -> tuple[Case, Dates]:
    if period.first_day > today() or "H" not in period.code:
        raise NotFound
    (_, case), (_, second) = cases_of(db, [period, half(period.first_day.year, 2)], today(), district_id)
    assert case.dates is not None  # noqa: S101 - a half-year has its days
    refuse_out_of_order(step, period, second.sign_off, second_owed=second.owed)
    return case, case.dates


def _refuse_meanwhile(case: Case, known: int) -> None:
    """The form must have heard of the latest step: of two who act at once, the second looks again."""
    if case.sign_off.number != known:
        raise Invalid(Problem("signed_meanwhile"))


def _refuse_in_silence(db: Database, district_id: int, case: Case, dates: Dates, step: Step, text: str | None) -> None:
    if step is Step.NOTHING_TO_REPORT:
        if case.evidence.active_users:
            raise Invalid(Problem("there_is_something", known={"value": case.period.code}))
        if not text:
            raise Invalid(Problem("required", "text"))
    if step is Step.SIGNED and not text:
        explained = {kind for _, _, kind in explanations.known_on(db, [case.period], today(), district_id)}
        if unexplained(gaps(case), explained) or open_findings(db, district_id, case.period, dates, today()):
            raise Invalid(Problem("reasons_needed", "text"))


def _counts(db: Database, district_id: int, period: Period) -> dict[str, Counts]:
    parts = parts_signed(period)
    known = counters.counts(db, parts, district_id)
    return {part_of(part): known[district_id, part.code] for part in parts}


def _log(note: Note, district_id: int, period: Period, step: Step) -> None:
    note.subject = ("district", district_id)
    note.detail = {"period": period.code, "step": step.value}
