"""Who owes which half-years, by which days, and by which thresholds they are judged: the latest decision counts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from fitservice.model import Invalid, Period, Problem
from fitservice.reporting import Dates, Threshold
from fitservice.rules.periods import half, half_of

Decided = TypeVar("Decided")

LOCK_AFTER = timedelta(days=15)

FURTHEST = timedelta(days=5 * 365)
"""No day of a half-year is later than so long after its end."""

THRESHOLDS = {
    Threshold.COVERAGE: 0.8,
    Threshold.SILENCE_WEEKS: 8,
    Threshold.DROP: 1 / 3,
    Threshold.STALE_MONTHS: 6,
    Threshold.SYSTEMATIC: 0.9,
}
"""Until the agency decides otherwise."""

SHARES = (Threshold.COVERAGE, Threshold.DROP, Threshold.SYSTEMATIC)
"""The thresholds that are shares, above 0 and at most 1; the others are whole numbers from 1 to 60."""


@dataclass(frozen=True)
class Spell:
    """A decision about all half-years from first to last (codes; None is without end), and when it was made."""

    first: str
    last: str | None
    decided_on: date

    def covers(self, code: str, as_of: date) -> bool:
        """Whether it is about this half-year and was known on that day."""
        return self.decided_on <= as_of and self.first <= code and (self.last is None or code <= self.last)


def owes(decisions: Iterable[tuple[Spell, bool]], period: Period, as_of: date) -> bool:
    """Whether a district owes a period, by the latest decision known on a day (oldest first); a year where it owes
    both its halves. Without any decision nothing is owed."""
    known = list(decisions)
    return all(_latest(known, half_.code, as_of) for half_ in halves_of(period))


def threshold(decisions: Iterable[tuple[Spell, float]], name: Threshold, period: Period, as_of: date) -> float:
    """By what a period is judged, as known on a day; a year by its second half."""
    value = _latest(decisions, halves_of(period)[-1].code, as_of)
    return THRESHOLDS[name] if value is None else value


def _latest(decisions: Iterable[tuple[Spell, Decided]], code: str, as_of: date) -> Decided | None:
    found = None
    for spell, decided in decisions:
        if spell.covers(code, as_of):
            found = decided
    return found


def began(decisions: Iterable[Sequence[tuple[Spell, bool]]], as_of: date) -> Period:
    """The first half-year that any district owes, by the decisions of each; the running one where none is owed."""
    known = list(decisions)
    firsts = sorted({spell.first for row in known for spell, owed in row if owed})
    period = half(int(firsts[0][:4]), int(firsts[0][5])) if firsts else half_of(as_of)
    while period.first_day <= as_of and not any(owes(row, period, as_of) for row in known):
        period = half_of(period.last_day + timedelta(days=1))
    return min(period, half_of(as_of), key=lambda one: one.first_day)


def halves_of(period: Period) -> list[Period]:
    """The half-years of a year, or the half-year itself."""
    number = period.first_day.year
    return [period] if "H" in period.code else [half(number, 1), half(number, 2)]


def default_dates(period: Period) -> Dates:
    """The days of a half-year unless the agency sets others: deadline a month after its end, lock 15 days later."""
    after = period.last_day.year + (period.last_day.month == 12)
    deadline = date(after, 1 if period.last_day.month == 12 else 7, 31)
    lock = deadline + LOCK_AFTER
    of_year = period.first_day.year
    return Dates(deadline, lock, lock + timedelta(days=1), date(of_year + 1, 4, 15), date(of_year + 1, 6, 15))


def dates_of(decisions: Mapping[str, Iterable[tuple[date, Dates]]], period: Period, as_of: date) -> Dates:
    """The days of a half-year as known on a day; decisions by its code, oldest first."""
    found = default_dates(period)
    for decided_on, dates in decisions.get(period.code, ()):
        if decided_on <= as_of:
            found = dates
    return found


def check_dates(period: Period, dates: Dates) -> None:
    """Invalid, field by field, unless the days follow each other after the half-year's end."""
    in_order = [("deadline", dates.deadline), ("lock", dates.lock), ("provisional", dates.provisional)]
    in_order += [("corrected", dates.corrected), ("final", dates.final)]
    problems = []
    before = period.last_day + timedelta(days=1)
    for field, day in in_order:
        if day > period.last_day + FURTHEST:
            problems.append(Problem("too_far_ahead", field))
        if day < before:
            code = "before_period_ends" if field == "deadline" else "before_the_day_above"
            problems.append(Problem(code, field, known={"value": period.code}))
        before = max(before, day)
    if problems:
        raise Invalid(*problems)


def check_deadline(before: Dates, after: Dates, as_of: date) -> None:
    """Invalid if the deadline would go back to a day that is past: whoever signed off in time stays in time."""
    if after.deadline < min(before.deadline, as_of):
        raise Invalid(Problem("deadline_goes_back", "deadline"))


def refuse_closed(known: Iterable[tuple[Period, Dates, bool]], as_of: date) -> None:
    """Invalid if one of these half-years is locked on that day or, as said beside it, some sign-off of it is accepted.

    By what it is judged stays then.
    """
    for period, dates, accepted in known:
        if accepted or as_of > dates.lock:
            raise Invalid(Problem("judged_already", "first", known={"value": period.code}))


_NUMBER = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?%?", re.ASCII)


def parse_threshold(text: str) -> float:
    """A number as it is typed, with comma or point, and with or without a sign for per cent."""
    match = _NUMBER.fullmatch(text.strip())
    if not match:
        raise Invalid(Problem("not_a_threshold", "value"))
    return float(match[1].replace(",", "."))


def typed_threshold(name: Threshold, number: float) -> float:
    """A threshold from the number that was typed: a share is typed in per cent."""
    return number / 100 if name in SHARES else number


def check_threshold(name: Threshold, value: float) -> None:
    """Invalid unless a threshold can be used: a share above 0 and at most 1, or a whole number from 1 to 60."""
    if name in SHARES and not 0.01 <= value <= 1:
        raise Invalid(Problem("not_a_share", "value"))
    if name not in SHARES and (value != int(value) or not 1 <= value <= 60):
        raise Invalid(Problem("not_weeks_or_months", "value"))
