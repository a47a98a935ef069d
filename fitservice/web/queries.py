"""Query strings, read through the rules."""

from datetime import date

from flask import request

from fitservice.model import Invalid, Period, Problem
from fitservice.rules.answers import parse_day
from fitservice.rules.periods import parse_period

MOST_PERIODS = 60


def asked_periods(as_of: date) -> list[Period]:
    """The periods of ?period=…, each once, in the order asked; Invalid without any, or if one has not begun."""
    codes = request.args.getlist("period")
    if not codes:
        raise Invalid(Problem("period_needed"))
    if len(codes) > MOST_PERIODS:
        raise Invalid(Problem("too_many_periods", known={"most": str(MOST_PERIODS)}))
    periods = {period.code: period for period in map(parse_period, codes)}
    for period in periods.values():
        if period.first_day > as_of:
            raise Invalid(Problem("period_not_begun", known={"value": period.code}))
    return list(periods.values())


def asked_day(name: str, otherwise: date) -> date:
    """The day of ?name=…, or another."""
    text = request.args.get(name)
    return parse_day(text.strip()) if text else otherwise
