"""What the agency decides: who owes which half-years, their days, and the thresholds."""

from collections.abc import Sequence

from sqlite_utils import Database

from fitservice.access import Act
from fitservice.acting import acting
from fitservice.cases import began, dates_on
from fitservice.clock import today
from fitservice.model import Actor, Invalid, Period, Problem
from fitservice.reporting import Dates, Threshold
from fitservice.rules.notes import parse_reason
from fitservice.rules.periods import back_to, half_of
from fitservice.rules.register import check_dates, check_deadline, check_threshold, dates_of, refuse_closed
from fitservice.rules.sign_off import state_of
from fitservice.store import districts, register, sign_offs


def decide_obligations(
    db: Database, codes: Sequence[str], first: Period, last: Period | None, reason: str, *, owed: bool, by: Actor
) -> None:
    """From one half-year on, up to another if there is one, these districts owe their half-years, or do not.

    Invalid for a code that is no district's, if last comes before first, and for a reason that parse_reason refuses.
    """
    with acting(db, by, Act.SET_REGISTER) as note:
        why = parse_reason(reason, "reason")
        if last and last.code < first.code:
            raise Invalid(Problem("last_before_first", "last"))
        known = {row["code"]: row["id"] for row in districts.all_districts(db)}
        for code in codes:
            if code not in known:
                raise Invalid(Problem("not_a_district", "districts", known={"value": code[:20]}))
            spell = (first.code, last.code if last else None)
            register.decide_obligation(db, known[code], spell, owed, why, by.name)
        note.detail = {"districts": list(codes), "first": first.code, "last": last.code if last else None, "owed": owed}


def decide_dates(db: Database, period: Period, dates: Dates, reason: str, *, by: Actor) -> None:
    """Other days for a half-year; Invalid unless they follow each other, or for a deadline back to a past day."""
    with acting(db, by, Act.SET_REGISTER) as note:
        check_dates(period, dates)
        check_deadline(dates_on(db, period, today()), dates, today())
        register.decide_dates(db, period, dates, parse_reason(reason, "reason"), by.name)
        note.detail = {"period": period.code, "deadline": dates.deadline.isoformat(), "lock": dates.lock.isoformat()}


def decide_threshold(db: Database, name: Threshold, first: Period, value: float, reason: str, *, by: Actor) -> None:
    """By what gaps are judged from a half-year on.

    Invalid for a value that cannot be used, and where one of the half-years is locked or accepted.
    """
    with acting(db, by, Act.SET_REGISTER) as note:
        check_threshold(name, value)
        _refuse_closed(db, first)
        register.decide_threshold(db, name, first.code, value, parse_reason(reason, "reason"), by.name)
        note.detail = {"threshold": name.value, "first": first.code, "value": value}


def _refuse_closed(db: Database, first: Period) -> None:
    """Newest first, so that the half-year is named after which there is a choice."""
    if first.first_day > today():
        return
    halves = back_to(half_of(today()), max(first.first_day, began(db, today())))
    decided, taken = register.dates(db), sign_offs.steps(db, halves)
    known = []
    for half in halves:
        dates = dates_of(decided, half, today())
        steps = [events for (_, code), events in taken.items() if code == half.code]
        known.append((half, dates, any(state_of(events, dates, today()).accepted for events in steps)))
    refuse_closed(known, today())
