"""Half-years and years: reading their codes, finding neighbours, counting months."""

import calendar
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from fitservice.model import Invalid, Period, Problem

_CODE = re.compile(r"(\d{4})(?:[Hh]([12]))?", re.ASCII)


def parse_period(code: str) -> Period:
    """The period of a code such as '2022H1' or '2022'; Invalid for anything else or outside 1900-2199."""
    match = _CODE.fullmatch(code.strip())
    if not match or not 1900 <= int(match[1]) < 2200:
        raise Invalid(Problem("not_a_period", "period", known={"value": code.strip()[:20]}))
    return half(int(match[1]), int(match[2])) if match[2] else year(int(match[1]))


def parse_half(code: str) -> Period:
    """The half-year of a code such as '2022H1'; Invalid for anything else, also for a year."""
    period = parse_period(code)
    if "H" not in period.code:
        raise Invalid(Problem("not_a_half_year", "period", known={"value": period.code}))
    return period


def half(of_year: int, number: int) -> Period:
    """Half-year 1 (January-June) or 2 (July-December) of a year."""
    if number == 1:
        return Period(f"{of_year}H1", date(of_year, 1, 1), date(of_year, 6, 30))
    return Period(f"{of_year}H2", date(of_year, 7, 1), date(of_year, 12, 31))


def year(number: int) -> Period:
    """A calendar year as a period."""
    return Period(str(number), date(number, 1, 1), date(number, 12, 31))


def half_of(day: date) -> Period:
    """The half-year that a day belongs to."""
    return half(day.year, 1 if day.month <= 6 else 2)


def previous(period: Period) -> Period:
    """The period of the same length just before this one."""
    if period.code.endswith("H2"):
        return half(period.first_day.year, 1)
    if period.code.endswith("H1"):
        return half(period.first_day.year - 1, 2)
    return year(period.first_day.year - 1)


def back_to(newest: Period, day: date, most: int | None = None) -> list[Period]:
    """This period and those of the same length before it, newest first, as far back as the one that holds day.

    At most so many, if there is a most.
    """
    periods = [newest]
    while periods[-1].first_day > day and len(periods) != most:
        periods.append(previous(periods[-1]))
    return periods


def as_known(period: Period, as_of: date) -> Period:
    """The part of a period that had passed on a day: later days do not count."""
    return replace(period, last_day=min(period.last_day, as_of))


def refuse_not_begun(periods: Iterable[Period], as_of: date) -> None:
    """Invalid if one of them had not begun on that day: there is nothing to tell of it yet."""
    for period in periods:
        if period.first_day > as_of:
            raise Invalid(Problem("period_not_begun", "period", known={"value": period.code}))


def refuse_open(periods: Iterable[Period], as_of: date) -> None:
    """Invalid if one of them had not ended on that day."""
    for period in periods:
        if is_open(period, as_of):
            raise Invalid(Problem("not_over", "period", known={"value": period.code}))


def refuse_unknown(periods: Iterable[Period], known: Collection[Period]) -> None:
    """Invalid if one of them is not among the known."""
    for period in periods:
        if period not in known:
            allowed = ", ".join(each.code for each in known)
            values = {"value": period.code, "name": "period", "allowed": allowed}
            raise Invalid(Problem("unknown_code", "period", known=values))


def is_open(period: Period, as_of: date) -> bool:
    """Whether the period had not ended on that day; its last day still counts as open."""
    return as_of <= period.last_day


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    month += 1
    last = calendar.monthrange(day.year + years, month)[1]
    return date(day.year + years, month, min(day.day, last))
