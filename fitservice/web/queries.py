"""Query strings, read through the rules."""

from flask import request

from fitservice.model import Invalid, Period, Problem
from fitservice.rules.periods import parse_period

MOST_PERIODS = 60


def asked_periods() -> list[Period]:
    """The periods of ?period=…, each once, in the order asked; Invalid without any."""
    codes = request.args.getlist("period")
    if not codes:
        raise Invalid(Problem("period_needed"))
    if len(codes) > MOST_PERIODS:
        raise Invalid(Problem("too_many_periods", known={"most": str(MOST_PERIODS)}))
    return list({period.code: period for period in map(parse_period, codes)}.values())
